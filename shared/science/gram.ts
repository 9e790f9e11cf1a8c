import { symmetricProduct } from './dense.ts';
import type { GramSums } from './network.ts';

export interface GramStatistics {
  /** Mean |G_jj|. */
  readonly diagonal: number;
  /** Mean |G_jl| over j != l; NaN with one hidden unit. */
  readonly offDiagonal: number;
  /** offDiagonal / diagonal; NaN when every feature is constant. */
  readonly ratio: number;
  /** Distance of the kernel FF' from the nearest aI + b11', relative to its norm, in [0, 1]; NaN when F is 0. */
  readonly rho: number;
}

/**
 * Statistics of G = F~'F~ (F~ = F minus its column means) and of the raw kernel FF', from five sums.
 *
 *   rho = ||FF' - (aI + b11')||_F / ||FF'||_F,  a + b = mean diagonal, b = mean off-diagonal of FF'
 *
 * No n x n product is needed. With s = F'1 the column sums, F = F~ + 1s'/n, F~'1 = 0, and
 *
 *   FF' = F~F~' + [F~s 1' + 1 (F~s)']/n + (s's/n^2) 11',
 *
 * three terms orthogonal to each other. Their squared norms are ||G||^2 (as ||F~F~'|| = ||F~'F~||), 2 s'Gs/n and (s's/n)^2:
 * the denominator. The trace of FF' is tr G + s's/n and its entries sum to s's, so a = tr G/(n-1) and b = s's/n^2 - a/n. So aI + b11'
 * takes all of the last term, none of the second, and a(I - 11'/n) of the first, whose inner product with F~F~' is a tr G: the squared
 * numerator is ||G||^2 - (tr G)^2/(n-1) + 2 s'Gs/n. (Subtracting from ||FF'||^2 instead would lose digits: its last
 * term is by far the largest.) Rounding that makes it negative is taken as 0.
 *
 * @param n rows of F, at least 2
 * @param width K, columns of F
 * @see Xu (2026), arXiv 2605.08119, initiation; docs/science.md, "What is measured"
 */
export function gramStatistics(sums: GramSums, n: number, width: number): GramStatistics {
  const diagonal = sums.diagonal / width;
  const offDiagonal = (sums.absolute - sums.diagonal) / (width * (width - 1));
  const cross = (2 * sums.columnForm) / n;
  const kernel = sums.squares + cross + (sums.columnSquares / n) ** 2;
  const residual = sums.squares - sums.diagonal ** 2 / (n - 1) + cross;
  return {
    diagonal,
    offDiagonal,
    ratio: offDiagonal / diagonal,
    rho: Math.sqrt(Math.max(residual, 0) / kernel),
  };
}

/**
 * The sums themselves, in float64 and as they are defined: the reference that faster engines are held to.
 * @param features F, [n, width], row-major
 */
export function gramSums(features: Float32Array, n: number, width: number): GramSums {
  const columnSums = sumColumns(features, width);
  const gram = symmetricProduct(centreColumns(features, n, width), n, width);
  let absolute = 0;
  let diagonal = 0;
  let squares = 0;
  let columnForm = 0;
  let columnSquares = 0;
  for (let j = 0; j < width; j++) {
    let along = 0;
    for (let l = 0; l < width; l++) {
      const entry = gram[j * width + l];
      absolute += Math.abs(entry);
      squares += entry * entry;
      along += entry * columnSums[l];
    }
    diagonal += Math.abs(gram[j * width + j]);
    columnForm += columnSums[j] * along;
    columnSquares += columnSums[j] ** 2;
  }
  return { absolute, diagonal, squares, columnForm, columnSquares };
}

/** F~ = F minus its column means, in float64, [n, width]. */
export function centreColumns(features: Float32Array, n: number, width: number): Float64Array {
  const means = sumColumns(features, width).map((sum) => sum / n);
  const centred = new Float64Array(n * width);
  for (let row = 0, at = 0; row < n; row++) {
    for (let j = 0; j < width; j++, at++) centred[at] = features[at] - means[j];
  }
  return centred;
}

function sumColumns(features: Float32Array, width: number): Float64Array {
  const sums = new Float64Array(width);
  addToSums(sums, features);
  return sums;
}

/** Adds further rows of F, one after the other, to the sums of its columns. */
export function addToSums(sums: Float64Array, rows: Float32Array): void {
  const width = sums.length;
  for (let row = 0; row < rows.length; row += width) {
    for (let j = 0; j < width; j++) sums[j] += rows[row + j];
  }
}
