import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf } from '#shared/figures/columns.ts';
import { densityPicture } from '#shared/figures/density.ts';

const [width, height] = [10, 100];
const columns = columnsOf([0, 99], 100, width, 'linear');
const plot = {
  columns,
  at: Int32Array.from(columns, (_, column) => column),
  width,
  height,
  scale: 'linear' as const,
  min: 0,
  max: 100,
};

function alphaAt(lines: readonly Float64Array[], x: number, y: number): number {
  return densityPicture([{ colour: [10, 20, 30], lines }], plot).dots[4 * (y * width + x) + 3];
}

describe('the density of lines', () => {
  const line = new Float64Array(100).fill(50);

  it('covers where a line passes and nothing else', () => {
    expect(alphaAt([line], 3, 50)).toBeGreaterThan(0);
    expect(alphaAt([line], 3, 20)).toBe(0);
  });

  it('is stronger where more lines pass', () => {
    expect(alphaAt([line, line, line], 3, 50)).toBeGreaterThan(alphaAt([line], 3, 50));
  });

  it('has every point: one spike among thousands of values is there', () => {
    const spiked = line.slice();
    spiked[33] = 99;
    expect(alphaAt([spiked], 3, 5)).toBeGreaterThan(0);
    expect(alphaAt([spiked], 5, 5)).toBe(0);
  });

  it('is joined across a jump, as a line is, and open across a gap', () => {
    const step = Float64Array.from(line, (_, epoch) => (epoch < 50 ? 10 : 90));
    expect(alphaAt([step], 5, 50)).toBeGreaterThan(0);
    const gap = step.map((value, epoch) => (epoch >= 40 && epoch < 60 ? NaN : value));
    for (let x = 0; x < width; x++) expect(alphaAt([gap], x, 50)).toBe(0);
  });

  // Oracle: for each line the dots from the value to the value, one by one, and the colours of so many laid over each other.
  it('counts at every dot the lines that pass there, whatever their values', () => {
    const value = fc.oneof(
      fc.double({ min: -40, max: 140, noNaN: true }),
      fc.constantFrom(NaN, Infinity, -Infinity),
    );
    const lines = fc.array(fc.array(value, { minLength: 60, maxLength: 110 }), {
      minLength: 1,
      maxLength: 12,
    });
    const property = fc.property(lines, fc.constantFrom('linear' as const, 'log' as const), (all, scale) => {
      const axis = { ...plot, scale, min: scale === 'log' ? 1 : 0 };
      // Random values leave no column empty.
      const arrays = all.map((one, index) => Float64Array.from(one).fill(NaN, 7 * index, 7 * index + 25));
      const { dots } = densityPicture([{ colour: [10, 20, 30], lines: arrays }], axis);
      const counts = new Map<number, number>();
      for (const one of arrays)
        for (const dot of passedBy(one, axis)) counts.set(dot, (counts.get(dot) ?? 0) + 1);
      const expected = Array.from({ length: width * height }, (_, dot) =>
        Math.round(255 * Math.min(0.5, 1 - (1 - 0.16) ** (counts.get(dot) ?? 0))),
      );
      expect(expected.findIndex((alpha, dot) => dots[4 * dot + 3] !== alpha)).toBe(-1);
    });
    fc.assert(property, { seed: 16, numRuns: 60, endOnFailure: true });
  });
});

function passedBy(
  one: Float64Array,
  { scale, min, max }: { scale: 'linear' | 'log'; min: number; max: number },
) {
  const dots = new Set<number>();
  const along = (each: number): number => (scale === 'log' ? Math.log(each) : each);
  const row = (each: number): number =>
    Math.floor((height * (along(max) - along(each))) / (along(max) - along(min)));
  let before: readonly [number, number] | null = null;
  for (let column = 0; column + 1 < columns.length; column++) {
    const own = [...one.subarray(columns[column], columns[column + 1])].filter((each) =>
      scale === 'log' ? each > 0 : !Number.isNaN(each),
    );
    if (own.length === 0) {
      before = null;
      continue;
    }
    const [top, bottom] = [row(Math.max(...own)), row(Math.min(...own))];
    // A step between two columns is drawn in the second one.
    const from = before && top > before[1] ? before[1] + 1 : top;
    const to = before && bottom < before[0] ? before[0] - 1 : bottom;
    // The last epoch lies on the edge, beside the dots.
    if (column < width)
      for (let y = Math.max(0, from); y <= Math.min(height - 1, to); y++) dots.add(y * width + column);
    before = [top, bottom];
  }
  return dots;
}
