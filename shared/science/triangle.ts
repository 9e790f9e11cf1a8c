/** Entries of a side of the squares `mirrorLower` goes by. */
const squareSize = 64;

/** Copies the lower triangle of A [n, n] onto the upper one. */
export function mirrorLower(a: Float64Array, n: number): void {
  // By squares: a whole row against a whole column would miss the cache at every entry.
  for (let top = 0; top < n; top += squareSize) {
    const bottom = Math.min(top + squareSize, n);
    for (let left = 0; left <= top; left += squareSize) {
      for (let i = top; i < bottom; i++) {
        const right = Math.min(left + squareSize, i);
        for (let j = left; j < right; j++) a[j * n + i] = a[i * n + j];
      }
    }
  }
}

/** Zeros above the diagonal of A [n, n]. */
export function zeroUpper(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) a.fill(0, i * n + i + 1, (i + 1) * n);
}
