import { solveLower, solveUpper, type DenseAlgebra } from './dense.ts';
import { packRows, unpackRows } from './panels.ts';

/** Hidden units j and l, in parallel arrays. */
export interface UnitPairs {
  readonly first: Int32Array;
  readonly second: Int32Array;
}

export interface SampledSystem {
  /** F~ [n, width], centred. */
  readonly features: Float64Array;
  readonly n: number;
  readonly width: number;
  /** G = F~'F~ as it was computed, [width, width]. */
  readonly gram: Float64Array;
  readonly ridge: number;
  /** Each pair is left out in turn. */
  readonly pairs: UnitPairs;
}

/** Columns of F~ (and so unknowns) in an order that has the sampled units last, at places `lead` and on. */
export interface PermutedSystem {
  /** F~ in that order, [n, width]. */
  readonly features: Float64Array;
  /** Lower factor of G + ridge I in that order, [width, width]. */
  readonly factor: Float64Array;
  readonly width: number;
  readonly lead: number;
  /** For each pair, how the sampled units outside it are solved for. */
  readonly others: readonly OtherUnits[];
}

/** Sampled units other than a pair: their places, and the factor of what eliminating the lead leaves of G + ridge I for them. */
interface OtherUnits {
  readonly places: readonly number[];
  readonly factor: Float64Array;
}

/** @throws RangeError when G + ridge I is not positive definite */
export function factorWithSampledLast(input: SampledSystem, algebra: DenseAlgebra): PermutedSystem {
  const { features, gram, n, width, ridge, pairs } = input;
  const sampled = new Set([...pairs.first, ...pairs.second]);
  const units = Array.from({ length: width }, (_, unit) => unit);
  const order = Int32Array.from([...units.filter((unit) => !sampled.has(unit)), ...sampled]);
  const lead = width - sampled.size;
  const factor = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    const row = order[i] * width;
    for (let j = 0; j <= i; j++) factor[i * width + j] = gram[row + order[j]];
    factor[i * width + i] += ridge;
  }
  algebra.cholesky(factor, width);
  const permuted = new Float64Array(n * width);
  for (let row = 0; row < n * width; row += width) {
    for (let place = 0; place < width; place++) permuted[row + place] = features[row + order[place]];
  }
  const places = units.slice(lead);
  const others = Array.from(pairs.first, (j, i) => {
    const outside = places.filter((place) => order[place] !== j && order[place] !== pairs.second[i]);
    return factorOthers(factor, width, lead, outside, algebra);
  });
  return { features: permuted, factor, width, lead, others };
}

function factorOthers(
  factor: Float64Array,
  width: number,
  lead: number,
  places: readonly number[],
  algebra: DenseAlgebra,
): OtherUnits {
  const size = places.length;
  const schur = new Float64Array(size * size);
  // The trailing block of L times its transpose is the Schur complement of the lead.
  for (let i = 0; i < size; i++) {
    const row = places[i] * width;
    for (let j = 0; j <= i; j++) {
      const column = places[j] * width;
      let sum = 0;
      for (let p = lead; p <= places[j]; p++) sum += factor[row + p] * factor[column + p];
      schur[i * size + j] = sum;
    }
  }
  algebra.cholesky(schur, size);
  return { places, factor: schur };
}

/**
 * Solves (F_-'F_- + ridge I) x = rhs, F_- being F~ without the units of a pair: the lead by the shared factor, then the other
 * sampled units by the pair's own.
 * @param rhs two rows a pair, [2 pairs, width] by place; a pair's own entries are ignored
 * @returns x likewise; a pair's own entries are 0
 */
export function solveWithoutPair(system: PermutedSystem, rhs: Float64Array): Float64Array {
  const { factor, width, lead, others } = system;
  const count = rhs.length / width;
  const triangle = { data: factor, offset: 0, stride: width };
  const x = new Float64Array(rhs.length);
  const target = { data: x, offset: 0, stride: width };
  const forward = packRows({ data: rhs, offset: 0, stride: width }, count, lead);
  solveLower(forward, triangle);
  unpackRows(forward, target);
  for (let row = 0; row < count; row++) solveTrailing(system, others[row >> 1], rhs, x, row * width);
  const backward = packRows(target, count, lead);
  solveUpper(backward, triangle);
  unpackRows(backward, target);
  return x;
}

/** The middle of the solve for the row at `start`: the other sampled units, and what they take from the leading ones. */
function solveTrailing(
  { factor, width, lead }: PermutedSystem,
  { places, factor: schur }: OtherUnits,
  rhs: Float64Array,
  x: Float64Array,
  start: number,
): void {
  const size = places.length;
  const values = Float64Array.from(places, (place) => {
    let sum = rhs[start + place];
    for (let p = 0; p < lead; p++) sum -= factor[place * width + p] * x[start + p];
    return sum;
  });
  const block = { data: values, offset: 0, stride: size };
  const trailing = packRows(block, 1, size);
  const triangle = { data: schur, offset: 0, stride: size };
  solveLower(trailing, triangle);
  solveUpper(trailing, triangle);
  unpackRows(trailing, block);
  places.forEach((place, i) => {
    x[start + place] = values[i];
    for (let p = 0; p < lead; p++) x[start + p] -= factor[place * width + p] * values[i];
  });
}
