import { describe, expect, it } from 'vitest';
import { countInBins, histogramPlot, pairPlotCsv, scatterPlot } from '#shared/figures/pair-plot.ts';
import { pairOption } from '#shared/figures/pair-option.ts';
import { pairSvg } from '#shared/figures/pair-svg.ts';
import { pairMatrices } from '#shared/science/pair-matrices.ts';
import { measureRepulsion } from '#shared/science/repulsion.ts';
import { rowBase } from '#shared/science/symmetric-matrix.ts';
import { inputOf, repulsionCases } from '../science/repulsion-fixture.ts';

const input = inputOf(repulsionCases[1]);
const result = measureRepulsion(input);
const [at] = result.ridges;
const options = { theme: 'light', interactive: false, fontSize: 9, width: 320 } as const;

describe('the distribution of B', () => {
  it('puts pairs into the bins the probe has put all pairs into', () => {
    const { b } = pairMatrices({ ...input, ridge: input.ridges[0] });
    const all: number[] = [];
    for (let j = 0; j < b.width; j++) {
      for (let l = j + 1; l < b.width; l++) all.push(b.upper[rowBase(b.width, j) + l]);
    }
    expect([...countInBins(at.offDiagonal, Float64Array.from(all))]).toEqual([...at.offDiagonal.counts]);
  });

  it('shows shares that sum to 1, with how many pairs they are of', () => {
    const { groups } = histogramPlot(at, 'log');
    expect(groups.map(({ name }) => name)).toEqual([
      `all pairs (${(input.width * (input.width - 1)) / 2})`,
      'random pairs (100)',
      'similar pairs (30)',
    ]);
    for (const { y } of groups) expect(y.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it('joins three stored bins in one, the middle one around 0', () => {
    const [{ x, y }] = histogramPlot(at, 'log').groups;
    expect(x).toHaveLength(67);
    expect(x[33]).toBeCloseTo(0, 12);
    const { counts } = at.offDiagonal;
    const pairs = (input.width * (input.width - 1)) / 2;
    expect(y[33]).toBeCloseTo((counts[99] + counts[100] + counts[101]) / pairs, 12);
  });

  it('is drawn down to the axis where a bin is empty', () => {
    const series = [pairOption(histogramPlot(at, 'log'), options).series].flat();
    const values = series.flatMap((one) => (Array.isArray(one?.data) ? one.data : []));
    expect(values.length).toBe(3 * 67);
    for (const pair of values) expect(Array.isArray(pair) && Number(pair[1]) > 0).toBe(true);
  });

  it('has a place for every pair when all of B is 0', () => {
    const nothing = { low: 0, high: 0, counts: new Float64Array(201) };
    expect(countInBins(nothing, Float64Array.of(0, 0))[100]).toBe(2);
  });
});

describe('B against the cosine', () => {
  it('is a point a pair, and its table has every one of them exactly', () => {
    const plot = scatterPlot(result, at);
    const lines = pairPlotCsv(plot).trimEnd().split('\n');
    expect(lines).toHaveLength(1 + 100 + 30);
    expect(lines[1]).toBe(`random pairs (100),${result.randomPairs.cosine[0]},${at.random.b[0]}`);
    expect(Number(lines.at(-1)?.split(',')[2])).toBe(at.top.b[29]);
  });

  it('is drawn for paper with its axes and samples as text, and small enough', () => {
    const svg = pairSvg(scatterPlot(result, at), 85);
    expect(svg).toMatch(/^<svg width="85mm"/);
    for (const text of ['cosine of the features', 'random pairs (100)', 'similar pairs (30)'])
      expect(svg).toContain(text);
    expect(svg.length).toBeLessThan(300_000);
  });
});
