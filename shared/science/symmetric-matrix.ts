/** A symmetric matrix by its upper triangle, the diagonal included: half the memory, and no second copy to disagree. */
export interface SymmetricMatrix {
  readonly width: number;
  /** Rows one after the other, row j from its diagonal on: (0,0), (0,1), ..., (1,1), ...; [width (width + 1) / 2]. */
  readonly upper: Float64Array;
}

export function triangleLength(width: number): number {
  return (width * (width + 1)) / 2;
}

/** Where entry (j, l), j <= l, is: at `rowBase(width, j) + l`. */
export function rowBase(width: number, j: number): number {
  return j * (width - 1) - (j * (j - 1)) / 2;
}

/** Of a matrix [width, width] by its lower triangle. */
export function packLower(matrix: Float64Array, width: number): SymmetricMatrix {
  const upper = new Float64Array(triangleLength(width));
  for (let l = 0; l < width; l++) {
    for (let j = 0; j <= l; j++) upper[rowBase(width, j) + l] = matrix[l * width + j];
  }
  return { width, upper };
}

export function entryOf({ width, upper }: SymmetricMatrix, j: number, l: number): number {
  return j <= l ? upper[rowBase(width, j) + l] : upper[rowBase(width, l) + j];
}

/**
 * The values that these shares of the absolute off-diagonals (j < l) do not exceed; the entry of rank ceil(share N), 1-based.
 * @param shares each in (0, 1]
 * @returns one value a share; NaN where there is no pair
 */
export function offDiagonalQuantiles(
  { width, upper }: SymmetricMatrix,
  shares: readonly number[],
): Float64Array {
  const sizes = new Float64Array(upper.length - width);
  let filled = 0;
  for (let j = 0; j < width; j++) {
    const base = rowBase(width, j);
    for (let l = j + 1; l < width; l++) sizes[filled++] = Math.abs(upper[base + l]);
  }
  sizes.sort();
  return Float64Array.from(shares, (share) => sizes[Math.max(0, Math.ceil(share * filled) - 1)] ?? NaN);
}
