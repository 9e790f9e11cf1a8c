import { expect, it } from 'vitest';
import { CheckpointKeeper } from '#main/trainer/checkpoint.ts';
import type { Checkpoint } from '#main/trainer/checkpoint.ts';
import { randomBelow } from '../store/damaged-labs.ts';

const interval = 4000;

function stateAt(epoch: number): Checkpoint {
  const weights = { W: new Float32Array(0), V: new Float32Array(0) };
  return { epoch, weights, optimizer: { step: epoch, moments: [] } };
}

/** Milliseconds since the newest checkpoint that was given out was taken, the longest there are over a run of these epochs; and how many epochs. */
function oldest(epochs: readonly number[], window: number): { readonly age: number; readonly steps: number } {
  let now = 0;
  const keeper = new CheckpointKeeper(interval, window, () => now);
  const takenAt: number[] = [];
  // Before the first checkpoint a run goes on from its seed.
  let newest = { epoch: 0, at: 0 };
  let worst = { age: 0, steps: 0 };
  for (const [epoch, milliseconds] of epochs.entries()) {
    takenAt[epoch] = now;
    const ready = keeper.offer(epoch, () => stateAt(epoch));
    if (ready) newest = { epoch: ready.epoch, at: takenAt[ready.epoch] };
    now += milliseconds;
    // A kill in the very last moment of the epoch.
    worst = {
      age: Math.max(worst.age, now - newest.at),
      steps: Math.max(worst.steps, epoch + 1 - newest.epoch),
    };
  }
  return worst;
}

it('whenever the kill comes, the newest checkpoint is at most four seconds and the epochs of its window, and two, old', () => {
  const below = randomBelow(20_261_124);
  for (let run = 0; run < 300; run++) {
    const window = below(3) === 0 ? 0 : 2 + below(30);
    // From epochs of a millisecond to epochs of ten seconds; now and then one with a probe, ten times as long.
    const usual = 1 + below(10 ** (1 + below(4)));
    const epochs = Array.from({ length: 400 }, () => (below(50) === 0 ? 10 * usual : usual + below(usual)));
    const longest = Math.max(...epochs.map((_, at) => sum(epochs.slice(Math.max(0, at - window - 2), at))));
    expect(oldest(epochs, window).age, `window ${window}, epochs of ${usual} ms`).toBeLessThanOrEqual(
      interval + longest,
    );
  }
});

it('epochs of eight seconds cost the window and two more, however long that is; epochs of 150 ms keep within ten seconds', () => {
  expect(
    oldest(
      Array.from({ length: 60 }, () => 8000),
      20,
    ).steps,
  ).toBeLessThanOrEqual(22);
  expect(
    oldest(
      Array.from({ length: 400 }, () => 150),
      20,
    ).age,
  ).toBeLessThanOrEqual(4000 + 22 * 150);
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
