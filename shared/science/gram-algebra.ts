import { choleskyInPlace, invertFromCholesky, solveLower, solveUpper, symmetricProduct } from './dense.ts';
import { centreColumns } from './gram.ts';
import { addProducts, packRows, unpackRows } from './panels.ts';

/** Writes rows of F as the network computes it (not centred), from `row` on, one after the other: as many as `into` has room for. */
export type ReadFeatures = (row: number, into: Float32Array) => void;

export interface FeatureMatrix {
  /** F, [n, width], which need not be anywhere as a whole. */
  readonly features: ReadFeatures;
  readonly n: number;
  /** K. */
  readonly width: number;
}

/** What a repulsion probe spends its time in, so that a faster implementation can be put in its place. Opens the features of one epoch. */
export type OpenAlgebra = (input: FeatureMatrix) => GramAlgebra;

/**
 * G = F~'F~ of the centred features F~ [n, K], and what is computed from it at one ridge after the other, in float64. There is room for
 * G and for one matrix beside it: first the factor of G + ridge I, then its inverse. They are symmetric, and a triangle of each is all there is.
 */
export interface GramAlgebra {
  /** G, [K, K]: entries (j, l) with j <= l. What is below the diagonal does not count. */
  readonly gram: Float64Array;
  /** Factors G + ridge I; what was factored or inverted before is gone. @throws RangeError naming the first pivot that is not positive */
  factor(ridge: number): void;
  /** (G + ridge I)^-1 v for each row v of `vectors`, [count, K], by the factor. */
  solve(vectors: Float64Array): Float64Array;
  /** F~ v for each row v of `vectors`, [count, K], from the columns of F~; [count, n]. */
  combine(vectors: Float64Array): Float64Array;
  /** (G + ridge I)^-1, [K, K], in the place of the factor, to be read before the next one: entries (j, l) with j >= l. What is above the diagonal does not count. */
  invert(): Float64Array;
}

/** Of an F that is there as a whole, [n, width]. */
export function readFrom(features: Float32Array, width: number): ReadFeatures {
  return (row, into) => into.set(features.subarray(row * width, row * width + into.length));
}

/** Columns packed at a time, so that a block stays in the cache. */
const blockSize = 128;

/** In typed arrays. */
export function plainAlgebra({ features, n, width }: FeatureMatrix): GramAlgebra {
  const whole = new Float32Array(n * width);
  features(0, whole);
  const centred = centreColumns(whole, n, width);
  const gram = symmetricProduct(centred, n, width);
  let factor = new Float64Array(0);
  return {
    gram,
    factor(ridge) {
      factor = gram.slice();
      for (let j = 0; j < width; j++) factor[j * width + j] += ridge;
      choleskyInPlace(factor, width);
    },
    solve(vectors) {
      const rows = { data: vectors.slice(), offset: 0, stride: width };
      const triangle = { data: factor, offset: 0, stride: width };
      const panels = packRows(rows, vectors.length / width, width);
      solveLower(panels, triangle);
      solveUpper(panels, triangle);
      unpackRows(panels, rows);
      return rows.data;
    },
    combine(vectors) {
      const count = vectors.length / width;
      const combined = new Float64Array(count * n);
      for (let column = 0; column < width; column += blockSize) {
        const size = Math.min(blockSize, width - column);
        const left = packRows({ data: vectors, offset: column, stride: width }, count, size);
        const right = packRows({ data: centred, offset: column, stride: width }, n, size);
        addProducts({ data: combined, offset: 0, stride: n }, left, right, 1, 'all');
      }
      return combined;
    },
    invert: () => invertFromCholesky(factor, width),
  };
}
