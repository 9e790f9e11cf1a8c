import { expect, it } from 'vitest';
import { CheckpointKeeper } from '#main/trainer/checkpoint.ts';
import type { TrainingState } from '#main/trainer/checkpoint.ts';
import { randomBelow } from '../store/damaged-labs.ts';

/** Milliseconds, as the trainer has them. */
const timing = { interval: 4000, mostLost: 10_000, delivery: 1000 };

function stateAt(epoch: number): TrainingState {
  const weights = { W: new Float32Array(0), V: new Float32Array(0) };
  return { epoch, weights, optimizer: { step: epoch, moments: [] } };
}

interface Watched {
  /** Milliseconds since the newest checkpoint that was given out was taken, the longest there are. */
  readonly age: number;
  /** Copies of the run's state that were held at once. */
  readonly held: number;
  /** Updates that were sent, and the most of them at one time. */
  readonly updates: number;
  readonly burst: number;
}

/** What a keeper does over a run of these epochs, held against the rule that every update a checkpoint needs is there. */
function watch(epochs: readonly number[], window: number): Watched {
  let now = 0;
  const keeper = new CheckpointKeeper(timing, window, () => now);
  const takenAt: number[] = [];
  const there = new Set<number>();
  // Before the first checkpoint a run goes on from its seed.
  let newest = { epoch: 0, at: 0 };
  const captured = new Set<number>();
  const worst = { age: 0, held: 0, updates: 0, burst: 0 };
  for (const [epoch, milliseconds] of epochs.entries()) {
    takenAt[epoch] = now;
    const due = keeper.offer(epoch, () => {
      captured.add(epoch);
      return stateAt(epoch);
    });
    for (const step of due?.updatesOf ?? []) {
      if (step < epoch - window || step >= epoch)
        throw new Error(`step ${step} is not in the window of ${epoch}`);
      if (there.has(step)) throw new Error(`step ${step} is sent twice`);
      there.add(step);
    }
    worst.held = Math.max(worst.held, captured.size);
    worst.updates += due?.updatesOf.length ?? 0;
    worst.burst = Math.max(worst.burst, due?.updatesOf.length ?? 0);
    if (due?.checkpoint) {
      const { epoch: at, updates } = due.checkpoint;
      newest = { epoch: at, at: takenAt[at] };
      for (const old of captured) if (old <= at) captured.delete(old);
      // A run of `epoch` rows goes on from `at`: what is neither made again nor there would be missing in its window.
      for (let step = Math.max(0, epoch - window); step < at; step++) {
        if (step < at - updates || !there.has(step)) throw new Error(`${at} lacks the update of ${step}`);
      }
      for (const step of there) if (step < at - updates) there.delete(step);
    }
    now += milliseconds;
    // A kill in the very last moment of the epoch.
    worst.age = Math.max(worst.age, now - newest.at);
  }
  return worst;
}

function steady(milliseconds: number): number[] {
  const count = Math.min(4000, Math.max(60, Math.ceil(60_000 / milliseconds)));
  return Array.from({ length: count }, () => milliseconds);
}

const paces = Array.from({ length: 140 }, (_, step) => Math.round(1.08 ** step));

it.each([0, 2, 20, 100])(
  'with a window of %i a kill costs at most ten seconds of work, one of them to store it, or four and two epochs; from 1 ms to 45 s an epoch',
  (window) => {
    for (const pace of paces) {
      const { age, held } = watch(steady(pace), window);
      expect(age, `${pace} ms`).toBeLessThanOrEqual(
        Math.max(timing.mostLost - timing.delivery, timing.interval + 2 * pace),
      );
      expect(held, `${pace} ms`).toBeLessThanOrEqual(3);
    }
  },
);

it('where epochs change their pace at any time, it costs at most two of the longest more', () => {
  const below = randomBelow(20_261_128);
  for (let run = 0; run < 400; run++) {
    const window = below(3) === 0 ? 0 : 2 + below(30);
    // Stretches of one pace each, from a millisecond to ten seconds; now and then one epoch that takes ten times as long.
    const epochs = Array.from({ length: 1 + below(6) }, () => {
      const usual = 1 + below(10 ** (1 + below(4)));
      return Array.from({ length: 20 + below(200) }, () =>
        below(50) === 0 ? 10 * usual : usual + below(usual),
      );
    }).flat();
    const { age, held } = watch(epochs, window);
    expect(age, `run ${run}`).toBeLessThanOrEqual(
      timing.mostLost - timing.delivery + 2 * Math.max(...epochs),
    );
    expect(held).toBeLessThanOrEqual(4);
  }
});

it('sends no update where the window passes in time, and no more of them than epochs where it does not', () => {
  for (const pace of [1, 10, 100, 150, 200]) expect(watch(steady(pace), 20).updates, `${pace} ms`).toBe(0);
  for (const pace of [300, 500, 1000, 2500, 10_000]) {
    const { updates } = watch(steady(pace), 20);
    expect(updates, `${pace} ms`).toBeGreaterThan(0);
    expect(updates, `${pace} ms`).toBeLessThanOrEqual(steady(pace).length);
  }
});

it('spreads them over the time for which a checkpoint waits, and sends a window at once only when there is none to wait', () => {
  for (const pace of [250, 300, 400, 500, 700])
    expect(watch(steady(pace), 20).burst, `${pace} ms`).toBeLessThanOrEqual(3);
  expect(watch(steady(2500), 20).burst).toBeLessThanOrEqual(2);
  // Fast for long, then slow at once.
  const { burst } = watch([...steady(20), ...steady(2500)], 20);
  expect(burst).toBeGreaterThan(15);
});

it('a run that goes on has the updates of its checkpoint there, and asks for none before its first row', () => {
  let now = 0;
  const updates = Array.from({ length: 20 }, () => [new Float32Array(1)]);
  const start = { checkpoint: { ...stateAt(100), updates }, fromRow: 105, probed: [] };
  const keeper = new CheckpointKeeper(timing, 20, () => now, start);
  const sent: number[] = [];
  for (let epoch = 100; epoch < 120; epoch++) {
    const due = keeper.offer(epoch, () => stateAt(epoch));
    sent.push(...(due?.updatesOf ?? []));
    // All of the window of the first row that is missing, which is 105 or later.
    if (due?.checkpoint) {
      const { epoch: at, updates: count } = due.checkpoint;
      expect(at - count).toBe(Math.min(at, Math.max(epoch, 105) - 20));
    }
    now += 2500;
  }
  expect(sent).toEqual(Array.from(sent, (_, index) => 100 + index));
  expect(sent.length).toBeGreaterThan(15);
});

it('writes over copies that were given back, and over no other', () => {
  for (const pace of [20, 100, 300, 1000, 5000]) {
    let now = 0;
    let made = 0;
    const keeper = new CheckpointKeeper(timing, 20, () => now);
    const given: number[] = [];
    for (const [epoch, milliseconds] of steady(pace).entries()) {
      const due = keeper.offer(epoch, (into) => {
        made += into ? 0 : 1;
        const W = into?.weights.W ?? new Float32Array(1);
        W[0] = epoch;
        return { ...stateAt(epoch), weights: { W, V: W } };
      });
      now += milliseconds;
      if (!due?.checkpoint) continue;
      // The numbers of its own epoch, not of a later one.
      expect(due.checkpoint.weights.W[0], `${pace} ms`).toBe(due.checkpoint.epoch);
      given.push(due.checkpoint.epoch);
      keeper.giveBack(due.checkpoint);
    }
    expect(given.length).toBeGreaterThan(5);
    expect(made, `${pace} ms`).toBeLessThanOrEqual(3);
  }
});
