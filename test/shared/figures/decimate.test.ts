import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countUndrawable, decimate } from '#shared/figures/decimate.ts';

const measured = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(NaN) },
  { weight: 1, arbitrary: fc.constant(0) },
);
const series = fc.array(measured, { minLength: 1, maxLength: 400 }).map((list) => Float64Array.from(list));
const scale = fc.constantFrom('linear' as const, 'log' as const);

describe('thinning for drawing', () => {
  it('keeps the minimum and the maximum of every pixel that can be drawn, and no value that was not measured', () => {
    fc.assert(
      fc.property(series, scale, fc.integer({ min: 3, max: 50 }), (values, axis, stretch) => {
        const points = decimate(values, 1 / stretch, axis);
        const drawable = (value: number): boolean => (axis === 'log' ? value > 0 : !Number.isNaN(value));
        for (const [epoch, value] of points)
          expect(Object.is(value, values[epoch]) || (Number.isNaN(value) && !drawable(values[epoch]))).toBe(
            true,
          );
        for (let from = 0; from < values.length; from += stretch) {
          // Oracle: the extremes of the stretch, by brute force.
          const there = [...values.subarray(from, from + stretch)].filter(drawable);
          const kept = points
            .filter(([epoch]) => epoch >= from && epoch < from + stretch)
            .map(([, value]) => value);
          if (there.length === 0) expect(kept).toStrictEqual([NaN]);
          else {
            expect(Math.min(...kept)).toBe(Math.min(...there));
            expect(Math.max(...kept)).toBe(Math.max(...there));
          }
        }
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it('keeps the order of epochs', () => {
    fc.assert(
      fc.property(series, scale, fc.double({ min: 0.01, max: 2, noNaN: true }), (values, axis, pixels) => {
        const epochs = decimate(values, pixels, axis).map(([epoch]) => epoch);
        expect(epochs).toStrictEqual(epochs.toSorted((a, b) => a - b));
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('leaves a line alone that has two points a pixel or fewer', () => {
    const values = Float64Array.from({ length: 500 }, (_, t) => Math.sin(t));
    expect(decimate(values, 0.5, 'linear').map(([, value]) => value)).toStrictEqual([...values]);
  });

  it('makes a gap of what a logarithmic axis has no place for, and counts it', () => {
    const values = Float64Array.from([1, 0, 10, -2, NaN]);
    expect(decimate(values, 10, 'log')).toStrictEqual([
      [0, 1],
      [1, NaN],
      [2, 10],
      [3, NaN],
      [4, NaN],
    ]);
    expect(countUndrawable(values)).toBe(2);
  });
});
