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
});
