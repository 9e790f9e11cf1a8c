import { expect, it, vi } from 'vitest';
import type { RepulsionResult } from '#shared/science/repulsion-result.ts';
import { ProbeFeed } from '../../../src-renderer/stores/probe-feed.ts';

/** A lab whose runs have probes at these epochs, and what was asked of it and passed on. */
function feedOf(epochs: Record<number, number[]>) {
  const asked: string[] = [];
  const give = vi.fn();
  const changed = vi.fn();
  const feed = new ProbeFeed(
    {
      probeEpochs: async ({ runId }) => epochs[runId],
      probe: async ({ runId, epoch }) => {
        asked.push(`${runId}.${epoch}`);
        if (epoch < 0) throw new Error('damaged');
        return { epoch, ridges: [] as unknown } as RepulsionResult;
      },
    },
    give,
  );
  for (const runId of Object.keys(epochs)) feed.touch(Number(runId));
  return { feed, asked, give, changed };
}

it('asks for each probe once, of runs that may have new ones', async () => {
  const epochs: Record<number, number[]> = { 1: [0], 2: [] };
  const { feed, asked, give, changed } = feedOf(epochs);
  await feed.refresh(changed);
  expect(asked).toEqual(['1.0']);
  // Of run 1 that it came, of run 2 that there is nothing to wait for.
  expect(changed).toHaveBeenCalledTimes(2);
  epochs[1] = [0, 5];
  await feed.refresh(changed);
  expect(asked).toEqual(['1.0']);
  feed.touch(1);
  feed.touch(2);
  await feed.refresh(changed);
  expect(asked).toEqual(['1.0', '1.5']);
  expect([give.mock.calls.length, changed.mock.calls.length]).toEqual([2, 3]);
});

it('waits no longer for one that cannot be read, and says why', async () => {
  const { feed, changed } = feedOf({ 1: [-1] });
  expect(feed.hasRead(1)).toBe(false);
  await expect(feed.refresh(changed)).rejects.toThrow('damaged');
  expect(feed.hasRead(1)).toBe(true);
  expect(changed).toHaveBeenCalledOnce();
});

it('gives nothing of a study that was left meanwhile', async () => {
  const { feed, give, changed } = feedOf({ 1: [0] });
  const done = feed.refresh(changed);
  feed.clear();
  await done;
  expect([give.mock.calls.length, changed.mock.calls.length, feed.hasRead(1)]).toEqual([0, 0, false]);
});
