import { describe, expect, it } from 'vitest';
import { dueCount, isDue, meetsLag, scheduleText } from '#shared/science/probe-schedule.ts';
import type { ProbeSchedule } from '#shared/science/probe-schedule.ts';

/** Epochs of 0..20 at which it is due. */
function due(schedule: ProbeSchedule): number[] {
  return Array.from({ length: 21 }, (_, epoch) => epoch).filter((epoch) => isDue(schedule, epoch));
}

describe('a probe schedule', () => {
  it('takes every n-th epoch, and from later.from on every later.every-th', () => {
    expect(due({ every: 5 })).toStrictEqual([0, 5, 10, 15, 20]);
    expect(due({ every: 1, later: { from: 4, every: 5 } })).toStrictEqual([0, 1, 2, 3, 5, 10, 15, 20]);
    expect(due({ every: 3, later: { from: 6, every: 7 } })).toStrictEqual([0, 3, 7, 14]);
  });

  it('meets a lag where looking at every pair of epochs finds it met', () => {
    const schedules: ProbeSchedule[] = [1, 3, 4].flatMap((every) => [
      { every },
      ...[5, 12, 40].flatMap((from) => [1, 2, 7].map((often) => ({ every, later: { from, every: often } }))),
    ]);
    for (const schedule of schedules)
      for (const lag of [0, 1, 3, 7, 10, 25])
        for (const first of [0, 4, 13, 29])
          for (const last of [3, 12, 30]) {
            const met = Array.from({ length: last + 1 }, (_, epoch) => epoch).some(
              (epoch) =>
                epoch >= first && epoch >= lag && isDue(schedule, epoch) && isDue(schedule, epoch - lag),
            );
            const found = meetsLag(schedule, lag, first, last);
            expect([schedule, lag, first, last, found]).toStrictEqual([schedule, lag, first, last, met]);
          }
  });

  it('counts the epochs it is due at, as counting them one by one does', () => {
    for (const every of [1, 2, 3, 7])
      for (const from of [1, 2, 5, 12, 40])
        for (const later of [1, 2, 5, 6])
          for (const last of [0, 1, 11, 12, 13, 30]) {
            const schedule = { every, later: { from, every: later } };
            const counted = Array.from({ length: last + 1 }, (_, epoch) => isDue(schedule, epoch)).filter(
              Boolean,
            ).length;
            expect([schedule, last, dueCount(schedule, last)]).toStrictEqual([schedule, last, counted]);
          }
    expect(dueCount({ every: 4 }, 8)).toBe(3);
  });

  it('says itself in words', () => {
    expect(scheduleText({ every: 1 })).toBeNull();
    expect(scheduleText({ every: 3 })).toBe('every 3rd epoch');
    expect(scheduleText({ every: 1, later: { from: 50, every: 12 } })).toBe(
      'every epoch until 50, then every 12th epoch',
    );
  });
});
