import { plainAlgebra } from './gram-algebra.ts';
import type { FeatureMatrix, GramAlgebra, OpenAlgebra } from './gram-algebra.ts';
import { identityDeviation, pairForms } from './identity-check.ts';
import type { UnitPairs } from './identity-check.ts';
import { randomPairs } from './random.ts';
import type {
  Histogram,
  PairRepulsion,
  PairSample,
  RepulsionAtRidge,
  RepulsionResult,
  Ridge,
} from './repulsion-result.ts';
import { columnNorms, cosineOf, mostSimilarPairs } from './similar-pairs.ts';
import { median } from './statistics.ts';

/** Odd, so that one bin is centred on B = 0. */
const histogramBins = 201;

export interface RepulsionInput extends FeatureMatrix {
  readonly epoch: number;
  /** Of the run: draws the random pairs, the same ones at every epoch. */
  readonly seed: number;
  /** How many of the most similar pairs (the study: 200). */
  readonly pairs: number;
  readonly randomPairs: number;
  /** How many pairs the identity check solves for: half of them spread over the most similar, half random. */
  readonly identityPairs: number;
  readonly ridges: readonly Ridge[];
}

/**
 * Do similar features repel? With F~ the centred features in float64, G = F~'F~ and B = (G + ridge I)^-1, the signs of B_jl
 * against those of cos(f_j, f_l), on the most similar pairs (the published statistic) and on random ones (its baseline); the
 * distribution of B; and the identity check. Two ridges at K = 2048 need about 1.5 s and 45 MB on the kernels.
 * @throws RangeError when a ridge is negative or not a number, and when G + ridge I is singular, as it is at ridge 0 with
 *   width > n - 1
 * @see Xu (2026), arXiv 2605.08119, Theorem 6 of Tian, arXiv 2509.21519; docs/science.md, "Repulsion"
 */
export function measureRepulsion(input: RepulsionInput, open: OpenAlgebra = plainAlgebra): RepulsionResult {
  const { n, width, epoch } = input;
  for (const ridge of input.ridges) checkRidge(ridge, n, width);
  const algebra = open(input);
  const { gram } = algebra;
  const topPairs = mostSimilarPairs(gram, width, input.pairs);
  const baseline = drawPairs(gram, width, input.randomPairs, input.seed);
  const checked = pairsToCheck(topPairs, baseline, input.identityPairs);
  const ridges = input.ridges.map((ridge): RepulsionAtRidge => {
    factorAt(algebra, ridge.value);
    const forms = pairForms(algebra, width, ridge.value, checked);
    const b = algebra.invert();
    return {
      ridge,
      top: summarizePairs(entriesAt(b, width, topPairs), topPairs.cosine),
      random: summarizePairs(entriesAt(b, width, baseline), baseline.cosine),
      identityDeviation: identityDeviation(forms, b, width, checked),
      identityPairs: checked.first.length,
      offDiagonal: offDiagonalHistogram(b, width),
      meanDiagonal: meanDiagonal(b, width),
    };
  });
  return { epoch, topPairs, randomPairs: baseline, ridges };
}

/**
 * Signs of B against signs of the cosine over a sample of pairs, parallel arrays. A pair with B = 0 or cosine 0 neither repels
 * nor attracts: it counts in the denominator only. Shares of an empty sample are NaN.
 */
export function summarizePairs(b: Float64Array, cosine: Float64Array): PairRepulsion {
  let opposite = 0;
  let positivePairs = 0;
  let negativeGivenPositive = 0;
  for (let i = 0; i < b.length; i++) {
    if (Math.sign(b[i]) * Math.sign(cosine[i]) < 0) opposite++;
    if (cosine[i] > 0) {
      positivePairs++;
      if (b[i] < 0) negativeGivenPositive++;
    }
  }
  return {
    b,
    opposite: opposite / b.length,
    negativeGivenPositive: negativeGivenPositive / positivePairs,
    positivePairs,
    medianAbsolute: median(b.map(Math.abs)),
  };
}

/**
 * G = F~'F~ and B = (G + ridge I)^-1 themselves, each [width, width] in float64: the upper triangle of G and the lower one of B.
 * @throws RangeError as `measureRepulsion`
 */
export function repulsionMatrices(
  input: FeatureMatrix & { readonly ridge: Ridge },
  open: OpenAlgebra = plainAlgebra,
): { gram: Float64Array; b: Float64Array } {
  const { n, width, ridge } = input;
  checkRidge(ridge, n, width);
  const algebra = open(input);
  factorAt(algebra, ridge.value);
  return { gram: algebra.gram, b: algebra.invert() };
}

function checkRidge({ name, value }: Ridge, n: number, width: number): void {
  if (!(value >= 0 && value < Infinity)) throw new RangeError(`ridge ${name} must be >= 0; got ${value}`);
  if (value === 0 && width > n - 1) {
    throw new RangeError(
      `ridge ${name} is 0, and G is singular without one: width ${width} exceeds its rank, at most n - 1 = ${n - 1}`,
    );
  }
}

function factorAt(algebra: GramAlgebra, ridge: number): void {
  try {
    algebra.factor(ridge);
  } catch (error) {
    throw new RangeError(`G + ridge I cannot be inverted at ridge ${ridge}`, { cause: error });
  }
}

function drawPairs(gram: Float64Array, width: number, count: number, seed: number): PairSample {
  // One hidden unit has no pairs.
  const { first, second } = randomPairs(width < 2 ? 0 : count, Math.max(width, 2), seed);
  const norms = columnNorms(gram, width);
  return {
    first,
    second,
    cosine: Float64Array.from(first, (j, i) => cosineOf(gram, norms, width, j, second[i])),
  };
}

/** Evenly spaced ranks of the top pairs, and the first of the random ones, which are in random order already. */
function pairsToCheck(top: PairSample, random: PairSample, count: number): UnitPairs {
  const fromTop = Math.min(Math.ceil(count / 2), top.first.length);
  const fromRandom = Math.min(count - fromTop, random.first.length);
  const ranks = Array.from({ length: fromTop }, (_, i) => Math.floor((i * top.first.length) / fromTop));
  return {
    first: Int32Array.from([
      ...ranks.map((rank) => top.first[rank]),
      ...random.first.subarray(0, fromRandom),
    ]),
    second: Int32Array.from([
      ...ranks.map((rank) => top.second[rank]),
      ...random.second.subarray(0, fromRandom),
    ]),
  };
}

function entriesAt(b: Float64Array, width: number, { first, second }: UnitPairs): Float64Array {
  return Float64Array.from(first, (j, i) => b[Math.max(j, second[i]) * width + Math.min(j, second[i])]);
}

/** Over [-max|B|, max|B|], so that 0 is the middle of the middle bin; when every B is 0 they are all counted there. */
function offDiagonalHistogram(b: Float64Array, width: number): Histogram {
  const counts = new Float64Array(histogramBins);
  let high = 0;
  for (let j = 0; j < width; j++) {
    for (let l = 0; l < j; l++) high = Math.max(high, Math.abs(b[j * width + l]));
  }
  const perUnit = high > 0 ? histogramBins / (2 * high) : 0;
  const middle = histogramBins / 2;
  for (let j = 0; j < width; j++) {
    for (let l = 0; l < j; l++) {
      // The largest value falls on the upper edge, which belongs to the last bin.
      counts[Math.min(Math.floor(middle + b[j * width + l] * perUnit), histogramBins - 1)]++;
    }
  }
  return { low: 0 - high, high, counts };
}

function meanDiagonal(b: Float64Array, width: number): number {
  let sum = 0;
  for (let j = 0; j < width; j++) sum += b[j * width + j];
  return sum / width;
}
