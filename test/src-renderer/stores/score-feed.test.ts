import { expect, it, vi } from 'vitest';
import type { ReportRun } from '#shared/report/report.ts';
import { ScoreFeed } from '../../../src-renderer/stores/score-feed.ts';

/** A lab that scores any run, and what came of it. */
function feedOf(interval = 0) {
  const taken: number[][] = [];
  const show = vi.fn();
  const feed = new ScoreFeed({ measureRun: async ({ id }) => ({ id }) as ReportRun }, interval);
  const refresh = (wait = async () => {}): Promise<void> =>
    feed.refresh({ wait, take: (scores) => void taken.push(scores.map(({ id }) => id)), show });
  return { feed, refresh, taken, show };
}

it('asks for runs that changed, eight at a time, and for none twice', async () => {
  const { feed, refresh, taken } = feedOf();
  for (let id = 1; id <= 10; id++) feed.touch(id);
  feed.keep(new Set([1, 2, 3, 4, 5, 6, 7, 8, 10]));
  await refresh();
  await refresh();
  expect(taken).toEqual([[1, 2, 3, 4, 5, 6, 7, 8], [10]]);
});

it('shows what came at last, and before that only as often as it may', async () => {
  const often = feedOf();
  const seldom = feedOf(60_000);
  for (const { feed, refresh } of [often, seldom]) {
    for (let id = 1; id <= 20; id++) feed.touch(id);
    await refresh();
  }
  expect([often.show.mock.calls.length, seldom.show.mock.calls.length]).toEqual([3, 1]);
});

it('lets what is more urgent go before each piece, and gives nothing of a study that was left meanwhile', async () => {
  const { feed, refresh, taken, show } = feedOf();
  for (let id = 1; id <= 10; id++) feed.touch(id);
  let waits = 0;
  await refresh(async () => {
    if (++waits === 2) feed.clear();
  });
  expect(taken).toEqual([[1, 2, 3, 4, 5, 6, 7, 8]]);
  expect([waits, show.mock.calls.length]).toEqual([2, 1]);
});
