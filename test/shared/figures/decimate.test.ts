import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf } from '#shared/figures/columns.ts';
import { countUndrawable, decimate, measuredPoints } from '#shared/figures/decimate.ts';
import type { AxisScale } from '#shared/figures/figure.ts';

const measured = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(NaN) },
  { weight: 1, arbitrary: fc.constant(0) },
);
const series = fc.array(measured, { minLength: 3, maxLength: 400 }).map((list) => Float64Array.from(list));
const scale = fc.constantFrom<AxisScale>('linear', 'log');
const width = fc.integer({ min: 3, max: 60 });

function pairs(points: Float64Array): [number, number][] {
  return Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i], points[2 * i + 1]]);
}

/** A view inside 0..length-1, from shares of it. */
function viewOf(length: number, [a, b]: readonly [number, number], least: number): [number, number] {
  const ends = [a, b].map((share) => least + Math.floor(share * (length - 1 - least)));
  const [from, to] = ends.toSorted((first, second) => first - second);
  return [from, Math.max(from + 1, to)];
}
const shares = fc.tuple(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: 1, noNaN: true }),
);

describe('columns of dots', () => {
  it('hold every epoch in view once, in order, and one more on either side where there is one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 500 }), shares, width, scale, (epochs, share, dots, axis) => {
        const least = axis === 'log' ? 1 : 0;
        const [from, to] = viewOf(epochs, share, least);
        const columns = columnsOf([from, to], epochs, dots, axis);
        expect([...columns]).toStrictEqual([...columns].toSorted((a, b) => a - b));
        expect(new Set(columns).size).toBe(columns.length);
        expect(columns[0]).toBe(Math.max(least, from - 1));
        expect(columns.at(-1)).toBe(Math.min(epochs - 1, to + 1) + 1);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  // Oracle: the place of an epoch on the axis, by its definition.
  it('hold epochs of one dot only', () => {
    fc.assert(
      fc.property(fc.integer({ min: 50, max: 500 }), width, scale, (epochs, dots, axis) => {
        const [from, to] = [axis === 'log' ? 1 : 0, epochs - 1];
        const along = (epoch: number): number => (axis === 'log' ? Math.log10(epoch) : epoch);
        const columns = columnsOf([from, to], epochs, dots, axis);
        for (let i = 0; i + 1 < columns.length; i++) {
          const [first, last] = [columns[i], columns[i + 1] - 1].map(
            (epoch) => (dots * (along(epoch) - along(from))) / (along(to) - along(from)),
          );
          expect(last - first).toBeLessThan(1);
        }
      }),
      { seed: 4, numRuns: 100 },
    );
  });
});

describe('thinning for drawing', () => {
  it('keeps the minimum and the maximum of every column that can be drawn, and no value that was not measured', () => {
    fc.assert(
      fc.property(series, scale, scale, shares, width, (values, axis, epochs, share, dots) => {
        const columns = columnsOf(viewOf(values.length, share, 1), values.length, dots, epochs);
        const points = pairs(decimate(values, columns, axis));
        const drawable = (value: number): boolean => (axis === 'log' ? value > 0 : !Number.isNaN(value));
        for (const [epoch, value] of points)
          expect(Object.is(value, values[epoch]) || Number.isNaN(value)).toBe(true);
        for (let i = 0; i + 1 < columns.length; i++) {
          const [from, to] = [columns[i], columns[i + 1]];
          // Oracle: the extremes of the column, by brute force.
          const there = [...values.subarray(from, to)].filter(drawable);
          const kept = points.filter(([epoch]) => epoch >= from && epoch < to).map(([, value]) => value);
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
      fc.property(series, scale, width, (values, axis, dots) => {
        const columns = columnsOf([0, values.length - 1], values.length, dots, 'linear');
        const epochs = pairs(decimate(values, columns, axis)).map(([epoch]) => epoch);
        expect(epochs).toStrictEqual(epochs.toSorted((a, b) => a - b));
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('leaves a line alone that has two points a dot or fewer', () => {
    const values = Float64Array.from({ length: 500 }, (_, t) => Math.sin(t));
    const columns = columnsOf([0, 499], 500, 300, 'linear');
    expect(pairs(decimate(values, columns, 'linear')).map(([, value]) => value)).toStrictEqual([...values]);
  });

  it('makes a gap of what a logarithmic axis has no place for, and counts it', () => {
    const values = Float64Array.from([1, 0, 10, -2, NaN]);
    expect(pairs(decimate(values, columnsOf([0, 4], 5, 100, 'linear'), 'log'))).toStrictEqual([
      [0, 1],
      [1, NaN],
      [2, 10],
      [3, NaN],
      [4, NaN],
    ]);
    expect(countUndrawable(values)).toBe(2);
  });

  it('joins what is measured at some epochs over those between', () => {
    const values = Float64Array.from([1, NaN, NaN, 4, NaN]);
    const columns = columnsOf([0, 4], 5, 100, 'linear');
    expect(pairs(measuredPoints(values, columns, 'linear'))).toStrictEqual([
      [0, 1],
      [3, 4],
    ]);
  });
});
