import { symmetricProduct } from './dense.ts';
import { plainLoops } from './loops.ts';
import type { Loops } from './loops.ts';
import { packColumns, packRows } from './panels.ts';
import { median, quantile } from './statistics.ts';

export interface GradientStatistics {
  /** ||G_F||_F. */
  readonly norm: number;
  /** Median of |cos| between the columns of G_F over the pairs; NaN when no pair has two columns that are not 0. */
  readonly cosineMedian: number;
  /** 95th percentile of the same. */
  readonly cosineP95: number;
}

/**
 * The backpropagated gradient G_F = R V', R = P1 (Y - F V), and how independent its columns (one a hidden unit) are.
 * G_F [n, K] is never formed: its column j is R v_j, with v_j the j-th row of V, so with Q = R'R
 *
 *   ||G_F||_F^2 = sum_ab Q_ab (V'V)_ab,   cos(j, l) = v_j'Q v_l / sqrt(v_j'Q v_j  v_l'Q v_l).
 *
 * @param residual R, [n, modulus], row-major
 * @param V [width, modulus], row-major
 * @param pairs of hidden units, parallel arrays
 * @param loops of an engine, with the bits of the plain ones
 * @see Tian, arXiv 2509.21519 (G_F); docs/science.md, "What is measured"
 */
export function gradientStatistics(
  residual: Float64Array,
  V: Float32Array,
  n: number,
  width: number,
  modulus: number,
  pairs: { readonly first: Int32Array; readonly second: Int32Array },
  loops: Pick<Loops, 'addProducts'> = plainLoops,
): GradientStatistics {
  const Q = symmetricProduct(residual, n, modulus, loops);
  const VtV = symmetricProduct(V, width, modulus, loops);
  let squares = 0;
  for (let i = 0; i < Q.length; i++) squares += Q[i] * VtV[i];
  const cosines = absoluteCosines(Q, V, width, modulus, pairs, loops);
  return {
    // A sum of products of two positive semidefinite matrices is >= 0; rounding can leave it at -1e-20.
    norm: Math.sqrt(Math.max(squares, 0)),
    cosineMedian: median(cosines),
    cosineP95: quantile(cosines, 0.95),
  };
}

/** |cos| of each pair with two columns that are not 0, in the pairs' order. */
function absoluteCosines(
  Q: Float64Array,
  V: Float32Array,
  width: number,
  modulus: number,
  pairs: { readonly first: Int32Array; readonly second: Int32Array },
  loops: Pick<Loops, 'addProducts'>,
): number[] {
  const units = [...new Set([...pairs.first, ...pairs.second])];
  const place = new Int32Array(width);
  const rows = new Float64Array(units.length * modulus);
  units.forEach((unit, at) => {
    place[unit] = at;
    rows.set(V.subarray(unit * modulus, (unit + 1) * modulus), at * modulus);
  });
  const images = new Float64Array(rows.length);
  loops.addProducts(
    { data: images, offset: 0, stride: modulus },
    packRows({ data: rows, offset: 0, stride: modulus }, units.length, modulus),
    packColumns({ data: Q, offset: 0, stride: modulus }, modulus, modulus),
    1,
    'all',
  );
  const form = (j: number, l: number): number => {
    let sum = 0;
    for (let a = 0; a < modulus; a++) sum += rows[j * modulus + a] * images[l * modulus + a];
    return sum;
  };
  const norms = units.map((_, at) => Math.sqrt(Math.max(form(at, at), 0)));
  const cosines: number[] = [];
  pairs.first.forEach((first, i) => {
    const j = place[first];
    const l = place[pairs.second[i]];
    const scale = norms[j] * norms[l];
    if (scale > 0) cosines.push(Math.abs(form(j, l)) / scale);
  });
  return cosines;
}
