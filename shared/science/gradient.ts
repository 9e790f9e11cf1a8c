import { symmetricProduct } from './dense.ts';
import { plainLoops } from './loops.ts';
import type { Loops } from './loops.ts';
import { packColumns, packRows } from './panels.ts';
import type { Panels } from './panels.ts';
import { median, quantile } from './statistics.ts';

/** Of which columns are computed at a time: all of them are 1.7 MB on the headline task, which V8 would let lie for epochs. */
const pairsAtOnce = 64;

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
  const cosines = absoluteCosines(Q, V, modulus, pairs, loops);
  return {
    // A sum of products of two positive semidefinite matrices is >= 0.
    norm: norm(squares),
    cosineMedian: median(cosines),
    cosineP95: quantile(cosines, 0.95),
  };
}

/** |cos| of each pair with two columns that are not 0, in the pairs' order. */
function absoluteCosines(
  Q: Float64Array,
  V: Float32Array,
  modulus: number,
  { first, second }: { readonly first: Int32Array; readonly second: Int32Array },
  loops: Pick<Loops, 'addProducts'>,
): number[] {
  const columns = packColumns({ data: Q, offset: 0, stride: modulus }, modulus, modulus);
  const rows = new Float64Array(2 * pairsAtOnce * modulus);
  const images = new Float64Array(rows.length);
  const form = (j: number, l: number): number => {
    let sum = 0;
    for (let a = 0; a < modulus; a++) sum += rows[j * modulus + a] * images[l * modulus + a];
    return sum;
  };
  const cosines: number[] = [];
  let panels: Panels | null = null;
  for (let start = 0; start < first.length; start += pairsAtOnce) {
    const count = Math.min(pairsAtOnce, first.length - start);
    for (let i = 0; i < count; i++) {
      const [j, l] = [first[start + i] * modulus, second[start + i] * modulus];
      rows.set(V.subarray(j, j + modulus), 2 * i * modulus);
      rows.set(V.subarray(l, l + modulus), (2 * i + 1) * modulus);
    }
    panels = packRows({ data: rows, offset: 0, stride: modulus }, 2 * count, modulus, panels);
    images.fill(0);
    loops.addProducts({ data: images, offset: 0, stride: modulus }, panels, columns, 1, 'all');
    for (let j = 0; j < 2 * count; j += 2) {
      const scale = norm(form(j, j)) * norm(form(j + 1, j + 1));
      if (scale > 0) cosines.push(Math.abs(form(j, j + 1)) / scale);
    }
  }
  return cosines;
}

/** Rounding can leave a square that is 0 at -1e-20. */
function norm(square: number): number {
  return Math.sqrt(Math.max(square, 0));
}
