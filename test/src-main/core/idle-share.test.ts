import type { CpuInfo } from 'node:os';
import { expect, it } from 'vitest';
import { idleShare } from '#main/core/idle-share.ts';

function processor(user: number, idle: number): CpuInfo {
  return { model: '', speed: 0, times: { user, nice: 0, sys: 0, idle, irq: 0 } };
}

it('the idle share is of all processors, since it was last taken, and none before half a second', () => {
  let now = 0;
  let processors = [processor(1000, 1000), processor(1000, 1000)];
  const idle = idleShare(
    () => now,
    () => processors,
  );
  now = 100;
  expect(idle()).toBe(null);
  now = 1000;
  processors = [processor(2000, 1000), processor(1600, 1400)];
  expect(idle()).toBe(0.2);
  now = 1200;
  processors = [processor(2000, 9000), processor(1600, 1400)];
  expect(idle()).toBe(0.2);
});
