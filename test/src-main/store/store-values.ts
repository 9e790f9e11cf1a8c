import type { Provenance } from '#shared/models/run.ts';
import type { PairRepulsion, RepulsionResult } from '#shared/science/repulsion-result.ts';

export const provenance: Provenance = {
  engine: 'plain',
  engineVersion: '1',
  threads: 1,
  platform: 'linux-x64',
  nodeVersion: '24',
  appVersion: '0.1.0',
};

/** A reproducible value for a cell of a run, so that a misplaced one shows; some are NaN. */
export function cellValue(series: number, epoch: number): number {
  return (epoch + series) % 11 === 10 ? Number.NaN : Math.sin(series * 1000 + epoch) * 10 ** (series % 7);
}

/** The processor time that work takes, in milliseconds: on a machine that others use too, time that passes says nothing of it. */
export function processorTime(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

export function columnsFrom(names: readonly string[], first: number, count: number): Float64Array[] {
  return names.map((_, series) =>
    Float64Array.from({ length: count }, (_, row) => cellValue(series, first + row)),
  );
}

function pairs(b: number[]): PairRepulsion {
  return {
    b: Float64Array.from(b),
    opposite: 0.5,
    negativeGivenPositive: Number.NaN,
    positivePairs: 0,
    medianAbsolute: 1 / 3,
  };
}

export function testRepulsion(epoch: number): RepulsionResult {
  return {
    epoch,
    topPairs: {
      first: Int32Array.of(0, 7),
      second: Int32Array.of(3, 2047),
      cosine: Float64Array.of(-0.9, 0.8 + epoch),
    },
    randomPairs: { first: Int32Array.of(1), second: Int32Array.of(2), cosine: Float64Array.of(1e-300) },
    ridges: ['published', 'effective'].map((name, index) => ({
      ridge: { name, value: 0.0002 + index, borrowedFrom: index === 0 ? null : 'grokking' },
      top: pairs([0.1 + 0.2, -2]),
      random: pairs([Number.NEGATIVE_INFINITY]),
      identityDeviation: Number.POSITIVE_INFINITY,
      identityPairs: 10,
      offDiagonal: { low: -1, high: 1, counts: Float64Array.of(0, 5, 1e15) },
      meanDiagonal: 0.1,
    })),
  };
}
