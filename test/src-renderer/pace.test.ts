import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pace } from '../../src-renderer/pace.ts';

let hidden = false;
const page = { processors: 2, isHidden: () => hidden, now: () => Date.now(), frame: async () => 20 };

/** How long a pause lasts after showing took this long. */
async function paused(pace: Pace, cost: number): Promise<number> {
  void pace.counted(new Promise((resolve) => setTimeout(resolve, cost)));
  return (await rested(pace)) - cost;
}

/** How long a rest is. */
async function rested(pace: Pace): Promise<number> {
  const start = Date.now();
  let end = NaN;
  void pace.rest().then(() => (end = Date.now()));
  await vi.advanceTimersByTimeAsync(60_000);
  return end - start;
}

describe('the pace of a window', () => {
  beforeEach(() => {
    hidden = false;
    vi.useFakeTimers();
  });
  afterEach(() => void vi.useRealTimers());

  it('is quick while the machine has time to spare', async () => {
    const pace = new Pace(page);
    pace.hear(0.5);
    expect(await paused(pace, 60)).toBe(40);
  });

  it('keeps to its share of a machine that has none, and comes back', async () => {
    const pace = new Pace(page);
    for (let i = 0; i < 10; i++) pace.hear(0);
    // 40 ms of work and 20 of a frame, at 0.8 % of two processors.
    expect(await paused(pace, 40)).toBe(60 / 0.016);
    // Nobody waits longer for news.
    expect(await paused(pace, 400)).toBe(10_000);
    for (let i = 0; i < 10; i++) pace.hear(0.5);
    expect(await paused(pace, 40)).toBe(40);
  });

  it('waits for nothing that is counted aside, and pays for it', async () => {
    const pace = new Pace(page);
    for (let i = 0; i < 10; i++) pace.hear(0);
    void pace.countedAside(new Promise((resolve) => setTimeout(resolve, 100)));
    await vi.advanceTimersByTimeAsync(40);
    // The 40 ms that it has taken and 20 of a frame; then the 60 that it went on for, and a frame.
    const [first, second] = [60 / 0.016, 80 / 0.016];
    expect(await rested(pace)).toBe(first);
    expect(await rested(pace)).toBe(second);
  });

  it('answers at once while somebody acts', async () => {
    const pace = new Pace(page);
    for (let i = 0; i < 10; i++) pace.hear(0);
    pace.touch();
    expect(await paused(pace, 40)).toBe(40);
  });

  it('rests while nobody looks, until somebody does', async () => {
    const pace = new Pace(page);
    hidden = true;
    let rested = false;
    void pace.rest().then(() => (rested = true));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(rested).toBe(false);
    pace.touch();
    await vi.advanceTimersByTimeAsync(0);
    expect(rested).toBe(true);
  });
});
