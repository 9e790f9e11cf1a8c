import { describe, expect, it } from 'vitest';

import { formatDuration } from '#main/hosts/cli/duration.ts';

describe('a duration', () => {
  it.each([
    [0, '0 s'],
    [0.42, '0.4 s'],
    [9.96, '10 s'],
    [45, '45 s'],
    [59.7, '1 min'],
    [119.6, '2 min'],
    [340, '5 min 40 s'],
    [65, '1 min 05 s'],
    [3599.6, '1 h'],
    [7500, '2 h 05 min'],
    [86_399, '1 d'],
    [273_600, '3 d 4 h'],
  ])('of %s s is %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it.each([NaN, Infinity, -1])('of %s s is refused with its value', (seconds) => {
    expect(() => formatDuration(seconds)).toThrow(String(seconds));
  });
});
