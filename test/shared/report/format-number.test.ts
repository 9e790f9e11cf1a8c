import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  formatDifference,
  formatEpoch,
  formatRange,
  formatRatio,
  formatRatioDifference,
  formatSeeds,
  formatSetting,
  formatShare,
} from '#shared/report/format-number.ts';

describe('numbers as the report writes them', () => {
  it.each([
    [0, '0'],
    [0.0123456, '0.0123'],
    [0.001, '0.00100'],
    [0.00099, '9.9e-4'],
    [1.314, '1.31'],
    [9.996, '10.0'],
    [14.3, '14.3'],
    [99.96, '100'],
    [283.4, '283'],
    [1949, '1949'],
    [999_999, '999999'],
    [1_234_567, '1.23e6'],
    [-5.678, '-5.68'],
    [null, '-'],
  ])('ratio %s is %s', (value, text) => {
    expect(formatRatio(value)).toBe(text);
  });

  it('keeps three significant digits of every ordinary ratio', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 999_999, noNaN: true }), (value) => {
        expect(Math.abs(Number(formatRatio(value)) / value - 1)).toBeLessThanOrEqual(0.0051);
        expect(formatRatio(value)).not.toContain('e');
      }),
      { seed: 11 },
    );
  });

  it.each([
    [0, '0.000'],
    [0.0001, '<0.001'],
    [0.975, '0.975'],
    [0.99991, '>0.999'],
    [1, '1.000'],
    [null, '-'],
  ])('share %s is %s', (value, text) => {
    expect(formatShare(value)).toBe(text);
  });

  it('writes epochs whole or with their half', () => {
    expect([174, 173.5, 168.25, null].map(formatEpoch)).toEqual(['174', '173.5', '168.25', '-']);
  });

  it('signs differences, and 0 has no sign', () => {
    expect([2, -0.5, 0].map((value) => formatDifference(value, formatEpoch))).toEqual(['+2', '-0.5', '0']);
    expect(formatDifference(null, formatEpoch)).toBe('-');
    expect(formatDifference(-0.00001, (size) => size.toFixed(3))).toBe('0');
  });

  it('writes a difference of ratios no finer than what was published', () => {
    expect(formatRatioDifference(0.0135, 1.31)).toBe('+0.01');
    expect(formatRatioDifference(-143.6, 300)).toBe('-144');
    expect(formatRatioDifference(0.4, 300)).toBe('0');
    expect(formatRatioDifference(1, null)).toBe('-');
  });

  it('writes ranges and seeds as study files do, and settings in full', () => {
    expect(formatRange(168, 320, formatRatio)).toBe('168..320');
    expect(formatRange(168, null, formatRatio)).toBe('-');
    expect(formatSeeds([4, 0, 1, 2, 9, 7, 6])).toBe('0..2, 4, 6, 7, 9');
    expect([0.2016, 0.0002].map(formatSetting)).toEqual(['0.2016', '0.0002']);
  });
});
