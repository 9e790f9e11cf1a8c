import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { throttle } from '../../src-renderer/throttle.ts';

describe('a throttled action', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is done at once, and then at most once in an interval, the last call included', async () => {
    const times: number[] = [];
    const start = Date.now();
    const call = throttle(100, () => void times.push(Date.now() - start));
    for (let t = 0; t < 250; t += 10) {
      call();
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(1000);
    expect(times).toStrictEqual([0, 100, 200, 300]);
  });

  it('never runs beside itself, however long it takes', async () => {
    let running = 0;
    let most = 0;
    const call = throttle(10, async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 500));
      running--;
    });
    for (let t = 0; t < 2000; t += 50) {
      call();
      await vi.advanceTimersByTimeAsync(50);
    }
    await vi.advanceTimersByTimeAsync(2000);
    expect(most).toBe(1);
  });
});
