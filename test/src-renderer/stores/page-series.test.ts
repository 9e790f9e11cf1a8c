import { expect, it, vi } from 'vitest';
import { PageSeries } from '../../../src-renderer/stores/page-series.ts';
import { labWith } from './lab-with-series.ts';

/** Two runs of a study, the second not begun, and what a page knows of them. */
function pageOf() {
  const stored = { 1: { a: [1, 2, 3], b: [4, 5, 6] }, 2: { a: [] as number[], b: [] } };
  const { client, asked } = labWith(stored);
  const begun = vi.fn<() => void>();
  const page = new PageSeries(client, begun);
  const runs = [
    { id: 1, condition: 'grokking', seed: 7, rows: 3 },
    { id: 2, condition: 'control', seed: 8, rows: 0 },
  ];
  page.want(['a']);
  for (const { id, rows } of runs) page.touch(id, rows, rows);
  const values = (name: string) => page.runs(runs).map((run) => [...(run.series(name) ?? [])]);
  return { page, stored, runs, asked, begun, values };
}

it('no series is read before a page asks for runs', async () => {
  const { page, asked, begun } = pageOf();
  expect(await page.refresh()).toBe(false);
  expect([asked, begun.mock.calls]).toStrictEqual([[], []]);
});

it('the first to ask gets runs without series, and is told to read them, once', async () => {
  const { page, runs, begun, values } = pageOf();
  expect(page.runs(runs)).toMatchObject([
    { id: 1, condition: 'grokking', seed: 7 },
    { id: 2, condition: 'control', seed: 8 },
  ]);
  // Not before whoever asked is done.
  expect(begun).not.toHaveBeenCalled();
  await Promise.resolve();
  expect(begun).toHaveBeenCalledOnce();
  expect(await page.refresh()).toBe(true);
  expect(values('a')).toStrictEqual([[1, 2, 3], []]);
  expect(begun).toHaveBeenCalledOnce();
});

it('runs that were given see what comes later', async () => {
  const { page, runs, stored } = pageOf();
  const [, second] = page.runs(runs);
  stored[2].a.push(9);
  page.touch(2, 1, 0);
  await page.refresh();
  expect([...(second.series('a') ?? [])]).toStrictEqual([9]);
});

it('what a page wants besides is read beside what the dashboard shows, whoever was first', async () => {
  const early = pageOf();
  early.page.wantAlso(['b']);
  early.values('b');
  await early.page.refresh();
  expect([early.values('a')[0], early.values('b')[0]]).toStrictEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const late = pageOf();
  late.values('b');
  await late.page.refresh();
  expect(late.values('b')[0]).toStrictEqual([]);
  late.page.wantAlso(['b']);
  await late.page.refresh();
  expect(late.values('b')[0]).toStrictEqual([4, 5, 6]);
  late.page.want(['a', 'c']);
  late.stored[1].b.push(7);
  late.page.touch(1, 4, 3);
  await late.page.refresh();
  expect(late.values('b')[0]).toStrictEqual([4, 5, 6, 7]);
});

it('runs that are gone, and those of a study that was left, are asked for no longer', async () => {
  const { page, asked, values } = pageOf();
  values('a');
  await page.refresh();
  page.touch(1, 4, 3);
  page.keep(new Set([2]));
  expect(await page.refresh()).toBe(false);
  page.touch(2, 1, 0);
  page.clear();
  expect(await page.refresh()).toBe(false);
  expect(asked).toHaveLength(1);
});
