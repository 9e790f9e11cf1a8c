import { expect, it } from 'vitest';
import { SeriesFeed } from '../../../src-renderer/stores/series-feed.ts';

interface Asked {
  readonly runIds: readonly number[];
  readonly first: number;
}

/** A lab in which every run has these rows, and what was asked of it and passed on. */
function feedOf(rows: Record<number, number>) {
  const asked: Asked[] = [];
  const given: { readonly runId: number; readonly first: number; readonly count: number }[] = [];
  const feed = new SeriesFeed(
    {
      series: async ({ runIds, name, range }) => {
        const first = range?.[0] ?? 0;
        asked.push({ runIds, first });
        return runIds.map((runId) => {
          const values = new Float64Array(Math.max(0, rows[runId] - first));
          return { runId, name, first, epochs: null, values, stored: values.length };
        });
      },
    },
    (_, fresh) => {
      for (const { runId, first, values } of fresh) given.push({ runId, first, count: values.length });
    },
  );
  feed.want(['a']);
  for (const [runId, count] of Object.entries(rows)) feed.touch(Number(runId), count, count);
  return { feed, asked, given };
}

it('rows are passed on once, and afterwards only the new ones', async () => {
  const rows = { 1: 3, 2: 3 };
  const { feed, asked, given } = feedOf(rows);
  expect(await feed.refresh()).toBe(true);
  expect(await feed.refresh()).toBe(false);
  rows[1] = 5;
  feed.touch(1, 5, 3);
  await feed.refresh();
  expect(asked).toStrictEqual([
    { runIds: [1, 2], first: 0 },
    { runIds: [1], first: 3 },
  ]);
  expect(given.at(-1)).toStrictEqual({ runId: 1, first: 3, count: 2 });
});

it('long runs are asked for a few at a time, so that no answer is large', async () => {
  const { feed, asked } = feedOf(Object.fromEntries(Array.from({ length: 12 }, (_, i) => [i + 1, 30_000])));
  await feed.refresh();
  expect(asked.map(({ runIds }) => runIds.length)).toStrictEqual([5, 5, 2]);
});

it('new rows of many long runs are asked for together', async () => {
  const count = 12;
  const rows = Object.fromEntries(Array.from({ length: count }, (_, i) => [i + 1, 30_000]));
  const { feed, asked } = feedOf(rows);
  await feed.refresh();
  for (let runId = 1; runId <= count; runId++) feed.touch(runId, (rows[runId] += 2), 30_000);
  await feed.refresh();
  expect(asked.slice(3).map(({ runIds, first }) => [runIds.length, first])).toStrictEqual([[count, 30_000]]);
});

it('what is new of a few runs is asked for at once, of all series', async () => {
  const { feed, asked } = feedOf({ 1: 300, 2: 300 });
  feed.want(['a', 'b', 'c', 'd', 'e']);
  const refreshed = feed.refresh();
  expect(asked.length).toBe(5);
  await refreshed;
});

it('no more than three large answers are waited for at once', async () => {
  const { feed, asked } = feedOf(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [i + 1, 30_000])));
  const refreshed = feed.refresh();
  expect(asked.length).toBe(3);
  await refreshed;
  expect(asked.length).toBe(8);
});

it('rows written anew are passed on anew', async () => {
  const { feed, given } = feedOf({ 1: 4 });
  await feed.refresh();
  feed.touch(1, 4, 2);
  await feed.refresh();
  expect(given.at(-1)).toStrictEqual({ runId: 1, first: 2, count: 2 });
});

it('what a run may have and was not read is told from what it has not', async () => {
  const rows = { 1: 0, 2: 3 };
  const { feed } = feedOf(rows);
  expect(feed.lacks('a')).toBe(true);
  await feed.refresh();
  // Run 1 has no rows yet: there is nothing to be read of it.
  expect([feed.lacks('a'), feed.lacks('b')]).toStrictEqual([false, true]);
});

it('says how many numbers are missing of runs that gave none yet', async () => {
  const { feed } = feedOf({ 1: 3, 2: 4 });
  expect(feed.missing('a')).toBe(7);
  await feed.refresh();
  expect(feed.missing('a')).toBe(0);
  feed.touch(1, 9, 3);
  feed.touch(3, 5, 5);
  expect(feed.missing('a')).toBe(5);
});
