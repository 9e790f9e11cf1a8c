import type { Histogram, RepulsionAtRidge, RepulsionResult } from '../science/repulsion-result.ts';
import type { Axis } from './figure.ts';

/** One sample of pairs in a plot. */
export interface PairGroup {
  readonly name: string;
  /** Its colour, as a condition's place in a study decides one. */
  readonly place: number;
  /** Middles of the bins, or cosines. */
  readonly x: Float64Array;
  /** Shares, or B. */
  readonly y: Float64Array;
}

/** B of pairs of hidden units, at one epoch and ridge of one run: as a distribution or against the cosine. */
export interface PairPlot {
  readonly id: 'histogram' | 'scatter';
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly groups: readonly PairGroup[];
}

/** Similar pairs in the colour of a first condition, random ones in that of a second; all pairs in a third. */
const places = { similar: 1, random: 0, all: 2 } as const;

/** Stored bins that one drawn bin is made of: 200 similar pairs are too few for 201 bins. */
const drawnBin = 3;

/** Shares of all pairs, similar pairs and random pairs, three bins of the stored histogram in one; each sums to 1. */
export function histogramPlot(at: RepulsionAtRidge, scale: Axis['scale']): PairPlot {
  const { offDiagonal } = at;
  const middles = binMiddles(merged(offDiagonal, offDiagonal.counts));
  const group = (name: string, place: number, counts: Float64Array): PairGroup => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const { counts: drawn } = merged(offDiagonal, counts);
    return { name: `${name} (${total})`, place, x: middles, y: drawn.map((count) => count / total) };
  };
  return {
    id: 'histogram',
    title: 'Distribution of off-diagonal B',
    x: { title: 'B', scale: 'linear', range: [offDiagonal.low, offDiagonal.high] },
    y: { title: 'share of the pairs', scale, range: null },
    groups: [
      group('all pairs', places.all, offDiagonal.counts),
      group('random pairs', places.random, countInBins(offDiagonal, at.random.b)),
      group('similar pairs', places.similar, countInBins(offDiagonal, at.top.b)),
    ],
  };
}

function merged({ low, high }: Histogram, counts: Float64Array): Histogram {
  const bins = Math.ceil(counts.length / drawnBin);
  const sums = new Float64Array(bins);
  counts.forEach((count, bin) => (sums[Math.floor(bin / drawnBin)] += count));
  return { low, high: low + ((high - low) * bins * drawnBin) / counts.length, counts: sums };
}

/** How many values lie in each bin, the ends included; by the arithmetic of the stored histogram. */
export function countInBins({ high, counts }: Histogram, values: Float64Array): Float64Array {
  const bins = counts.length;
  const perUnit = high > 0 ? bins / (2 * high) : 0;
  const found = new Float64Array(bins);
  for (const value of values) {
    found[Math.min(Math.max(Math.floor(bins / 2 + value * perUnit), 0), bins - 1)]++;
  }
  return found;
}

function binMiddles({ low, high, counts }: Histogram): Float64Array {
  return Float64Array.from(counts, (_, bin) => low + ((bin + 0.5) * (high - low)) / counts.length);
}

export function scatterPlot(result: RepulsionResult, at: RepulsionAtRidge): PairPlot {
  return {
    id: 'scatter',
    title: 'B against the cosine',
    x: { title: 'cosine of the features', scale: 'linear', range: [-1, 1] },
    y: { title: 'B', scale: 'linear', range: null },
    groups: [
      sample('random pairs', places.random, result.randomPairs.cosine, at.random.b),
      sample('similar pairs', places.similar, result.topPairs.cosine, at.top.b),
    ],
  };
}

function sample(name: string, place: number, x: Float64Array, y: Float64Array): PairGroup {
  return { name: `${name} (${x.length})`, place, x, y };
}

/** Every number of a plot, one point a line; written so that it reads back exactly. */
export function pairPlotCsv(plot: PairPlot): string {
  const lines = [`sample,${plot.x.title},${plot.y.title}`];
  for (const { name, x, y } of plot.groups) {
    x.forEach((value, i) => lines.push(`${name},${value},${y[i]}`));
  }
  return `${lines.join('\n')}\n`;
}
