import { readFrom } from '#shared/science/gram-algebra.ts';
import { float32From, readNumpyFixture } from './numpy-fixture.ts';

/** One case of test/fixtures/numpy/make.py's `repulsion_case`. */
export interface RepulsionCase {
  n: number;
  width: number;
  features: string;
  gram: string;
  top: { pairs: [number, number][]; cosine: number[] };
  ridges: {
    ridge: number;
    /** numpy.linalg.inv, at the top pairs. */
    b: number[];
    /** -S_jl / det S with projectors formed by brute force. */
    theorem: number[];
    opposite: number;
    negativeGivenPositive: number;
    positivePairs: number;
    medianAbsolute: number;
    meanDiagonal: number;
    histogram: { high: number; counts: number[] };
  }[];
}

export const repulsionCases: RepulsionCase[] = JSON.parse(readNumpyFixture('repulsion'));

export function inputOf({ n, width, features, ridges }: RepulsionCase) {
  const values = float32From(features);
  return {
    values,
    features: readFrom(values, width),
    n,
    width,
    epoch: 50,
    seed: 3,
    pairs: 30,
    randomPairs: 100,
    identityPairs: 16,
    ridges: ridges.map(({ ridge }) => ({ name: String(ridge), value: ridge, borrowedFrom: null })),
  };
}
