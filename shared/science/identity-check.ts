import type { DenseAlgebra } from './dense.ts';
import { addProducts, packColumns, packRows } from './panels.ts';
import {
  factorWithSampledLast,
  solveWithoutPair,
  type PermutedSystem,
  type SampledSystem,
} from './permuted-system.ts';

export interface IdentityInput extends SampledSystem {
  /** B = (G + ridge I)^-1 as it was computed, [width, width]. */
  readonly b: Float64Array;
}

/**
 * Theorem 6 as a test of the arithmetic. For a pair (j, l) let F_- be F~ without f_j and f_l, and
 *
 *   P = I - F_- (F_-'F_- + ridge I)^-1 F_-',   S = [f_j f_l]' P [f_j f_l] + ridge I  (2 x 2).
 *
 * A 2 x 2 block inverse gives B_jl = -S_jl / det S, for every F. S is found here without B: the sampled units are put last,
 * one Cholesky factorization eliminates all others, and P f_l = f_l - F_- x is formed from the feature columns, with one step
 * of refinement whose residual comes from the columns too. So an error in G, in its factor or in B shows.
 *
 * @returns max over the pairs of |B_jl + S_jl / det S| / |B_jl|; NaN without pairs. A |B_jl| below the rounding of its own
 *   diagonal, 2^-52 sqrt(B_jj B_ll), is divided by that instead.
 * @throws RangeError when G + ridge I is not positive definite
 * @see Tian, arXiv 2509.21519, Theorem 6; docs/science.md, "Repulsion"
 */
export function identityDeviation(input: IdentityInput, algebra: DenseAlgebra): number {
  const { n, width, b, ridge, pairs } = input;
  if (pairs.first.length === 0) return NaN;
  const system = factorWithSampledLast(input, algebra);
  const columns = sampledColumns(input);
  const projected = projectOut(system, columns, n, ridge);
  const form = (i: number, j: number): number => {
    let sum = 0;
    for (let row = 0; row < n; row++) sum += columns[i * n + row] * projected[j * n + row];
    return sum;
  };
  let worst = 0;
  pairs.first.forEach((j, i) => {
    const l = pairs.second[i];
    const off = form(2 * i, 2 * i + 1);
    const determinant = (form(2 * i, 2 * i) + ridge) * (form(2 * i + 1, 2 * i + 1) + ridge) - off * off;
    const measured = b[j * width + l];
    const rounding = Number.EPSILON * Math.sqrt(Math.abs(b[j * width + j] * b[l * width + l]));
    // Math.max keeps a NaN: a check that could not be made must not pass for agreement.
    worst = Math.max(worst, Math.abs(measured + off / determinant) / Math.max(Math.abs(measured), rounding));
  });
  return worst;
}

/** f_j and f_l of each pair in turn, as rows, [2 pairs, n]. */
function sampledColumns({ features, n, width, pairs }: IdentityInput): Float64Array {
  const columns = new Float64Array(2 * pairs.first.length * n);
  pairs.first.forEach((j, i) => {
    const l = pairs.second[i];
    for (let row = 0; row < n; row++) {
      columns[2 * i * n + row] = features[row * width + j];
      columns[(2 * i + 1) * n + row] = features[row * width + l];
    }
  });
  return columns;
}

/** P f for each row f of `columns`, with the P of its pair, [rows, n]. All rows at once: a pass over F~ costs more than its sums. */
function projectOut(system: PermutedSystem, columns: Float64Array, n: number, ridge: number): Float64Array {
  const x = solveWithoutPair(system, timesFeatures(system, columns, n));
  const residual = timesFeatures(system, minusProduct(system, columns, x, n), n);
  // Refinement: the residual of the normal equations, F_-'(f - F_- x) - ridge x, solved for once more.
  for (let k = 0; k < x.length; k++) residual[k] -= ridge * x[k];
  const correction = solveWithoutPair(system, residual);
  for (let k = 0; k < x.length; k++) x[k] += correction[k];
  return minusProduct(system, columns, x, n);
}

/** Rows packed at a time, so that a block stays in the cache. */
const blockSize = 128;

/** v F~ for each row v [n] of `vectors`: [rows, width]. */
function timesFeatures({ features, width }: PermutedSystem, vectors: Float64Array, n: number): Float64Array {
  const count = vectors.length / n;
  const product = new Float64Array(count * width);
  for (let row = 0; row < n; row += blockSize) {
    const size = Math.min(blockSize, n - row);
    const left = packRows({ data: vectors, offset: row, stride: n }, count, size);
    const right = packColumns({ data: features, offset: row * width, stride: width }, size, width);
    addProducts({ data: product, offset: 0, stride: width }, left, right, 1, 'all');
  }
  return product;
}

/** v - F~ x for each row v [n] of `vectors` and x [width] of `x`: [rows, n]. */
function minusProduct(
  { features, width }: PermutedSystem,
  vectors: Float64Array,
  x: Float64Array,
  n: number,
): Float64Array {
  const difference = vectors.slice();
  const count = vectors.length / n;
  for (let column = 0; column < width; column += blockSize) {
    const size = Math.min(blockSize, width - column);
    const left = packRows({ data: x, offset: column, stride: width }, count, size);
    const right = packRows({ data: features, offset: column, stride: width }, n, size);
    addProducts({ data: difference, offset: 0, stride: n }, left, right, -1, 'all');
  }
  return difference;
}
