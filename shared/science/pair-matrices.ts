import { dominantFrequencies, type UnitFrequencies } from './dominant-frequency.ts';
import { plainAlgebra, type FeatureMatrix, type OpenAlgebra } from './gram-algebra.ts';
import { repulsionMatrices } from './repulsion.ts';
import type { Ridge } from './repulsion-result.ts';
import { clusterOrder } from './seriation.ts';
import { columnNorms, cosineOf } from './similar-pairs.ts';
import {
  offDiagonalQuantiles,
  packLower,
  rowBase,
  triangleLength,
  type SymmetricMatrix,
} from './symmetric-matrix.ts';

/** Shares of all pairs whose |value| a colour scale may end at. */
export const quantileShares = [0.9, 0.95, 0.99, 0.999, 1] as const;

/** B = (G + ridge I)^-1 and the cosines of the centred features, of every pair of hidden units. */
export interface PairMatrices {
  readonly b: SymmetricMatrix;
  readonly cosine: SymmetricMatrix;
}

/** What of the hidden units orders and scales a picture of those matrices. */
export interface UnitFacts extends UnitFrequencies {
  /** Units by similarity; see `clusterOrder`. */
  readonly cluster: Int32Array;
  /** Of |B| and |cos| over the pairs j < l, at `quantileShares`. */
  readonly quantiles: { readonly b: Float64Array; readonly cosine: Float64Array };
}

/**
 * B and the cosines in full, by the arithmetic of `measureRepulsion`: at the pairs of a probe they are its numbers, to the bit.
 * At K = 2048 about 3 s, and 34 MB to keep.
 * @throws RangeError as `measureRepulsion`
 */
export function pairMatrices(
  input: FeatureMatrix & { readonly ridge: Ridge },
  open: OpenAlgebra = plainAlgebra,
): PairMatrices {
  const { width } = input;
  const { gram, b } = repulsionMatrices(input, open);
  return { b: packLower(b, width), cosine: cosines(gram, width) };
}

/** @param W the weights these matrices were measured at, [2M, width] */
export function unitFacts({ b, cosine }: PairMatrices, W: Float32Array, modulus: number): UnitFacts {
  return {
    ...dominantFrequencies(W, modulus, b.width),
    cluster: clusterOrder(cosine),
    quantiles: {
      b: offDiagonalQuantiles(b, quantileShares),
      cosine: offDiagonalQuantiles(cosine, quantileShares),
    },
  };
}

function cosines(gram: Float64Array, width: number): SymmetricMatrix {
  const norms = columnNorms(gram, width);
  const upper = new Float64Array(triangleLength(width));
  for (let j = 0; j < width; j++) {
    const base = rowBase(width, j);
    for (let l = j; l < width; l++) upper[base + l] = cosineOf(gram, norms, width, j, l);
  }
  return { width, upper };
}
