/** Entries of a side of the squares that a triangle is copied by: a whole row against a whole column would miss the cache at every entry. */
const squareSize = 32;

/** Copies the lower triangle of `from` [n, n], its diagonal with it, onto the upper one of `to`. */
export function lowerToUpper(from: Float64Array, to: Float64Array, n: number): void {
  for (let top = 0; top < n; top += squareSize) {
    const bottom = Math.min(top + squareSize, n);
    for (let left = 0; left <= top; left += squareSize) {
      for (let i = top; i < bottom; i++) {
        const right = Math.min(left + squareSize, i + 1);
        for (let j = left; j < right; j++) to[j * n + i] = from[i * n + j];
      }
    }
  }
}

/** Copies the upper triangle of `from` [n, n], its diagonal with it, onto the lower one of `to`. */
export function upperToLower(from: Float64Array, to: Float64Array, n: number): void {
  for (let top = 0; top < n; top += squareSize) {
    const bottom = Math.min(top + squareSize, n);
    for (let left = 0; left <= top; left += squareSize) {
      for (let i = top; i < bottom; i++) {
        const right = Math.min(left + squareSize, i + 1);
        for (let j = left; j < right; j++) to[i * n + j] = from[j * n + i];
      }
    }
  }
}

/** Zeros above the diagonal of A [n, n]. */
export function zeroUpper(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) a.fill(0, i * n + i + 1, (i + 1) * n);
}
