// Dense float64 algebra on the lower triangle of a row-major matrix in place, by blocks whose products are tiles. Addresses are of the
// kernels' memory; `work` is scratch of `workBytes`: a tile, a block's left and right panels, and two blocks.
import { add, store, subtract } from './load-kernels.ts';
import type { Kernels } from './load-kernels.ts';

/** Rows of a block; a multiple of the tile's 6 and 4, so that tiles end where blocks do. Nothing above the diagonal is written but in the blocks on it. */
export const blockRows = 120;
/** Columns of F that are packed as a right side at a time; likewise a multiple of 6 and 4. */
const columnsAtOnce = 240;
/** A tile of 6 x 4 float64. */
const tileBytes = 192;

function leftBytes(count: number, depth: number): number {
  return Math.ceil(count / 6) * 6 * depth * 8;
}

function rightBytes(count: number, depth: number): number {
  return Math.ceil(count / 4) * 4 * depth * 8;
}

/** Scratch of every function here, in bytes, for a matrix [n, n] and `addSymmetricProduct` of so many rows. */
export function workBytes(n: number, rows: number): number {
  const product = leftBytes(n, rows) + rightBytes(columnsAtOnce, rows);
  const factor = leftBytes(n, blockRows) + rightBytes(n, blockRows) + 2 * 8 * blockRows ** 2;
  return tileBytes + Math.max(product, factor);
}

/** A += F'F on the lower triangle, for `rows` more rows of F [rows, n]. */
export function addSymmetricProduct(
  kernels: Kernels,
  A: number,
  n: number,
  F: number,
  rows: number,
  work: number,
): void {
  const left = work + tileBytes;
  const right = left + leftBytes(n, rows);
  kernels.packColumns(F, n, n, rows, 6, left);
  for (let start = 0; start < n; start += columnsAtOnce) {
    const columns = Math.min(columnsAtOnce, n - start);
    const corner = A + 8 * (start * n + start);
    kernels.packColumns(F + 8 * start, n, columns, rows, 4, right);
    kernels.product64(corner, n, left + 8 * start * rows, n - start, right, columns, rows, add, 1, work);
  }
}

/**
 * Replaces the lower triangle of A by its Cholesky factor; nothing above the diagonal block is read.
 * @returns -1, or the first pivot that is not positive, whose value is then at `work`
 */
export function factorCholesky(kernels: Kernels, A: number, n: number, work: number): number {
  const left = work + tileBytes;
  const right = left + leftBytes(n, blockRows);
  const inverse = right + rightBytes(n, blockRows);
  for (let start = 0; start < n; start += blockRows) {
    const size = Math.min(blockRows, n - start);
    const corner = A + 8 * (start * n + start);
    const failed = kernels.factorBlock(corner, n, size, work);
    if (failed >= 0) return start + failed;
    const rest = n - start - size;
    if (rest === 0) break;
    // Rows below: L_21 = A_21 L_11'^-1, by the inverse of the small block, so that this too is a product.
    const below = corner + 8 * size * n;
    kernels.invertBlock(corner, n, size, inverse);
    kernels.packRows(below, n, rest, size, 6, left);
    kernels.packRows(inverse, size, size, size, 4, right);
    kernels.product64(below, n, left, rest, right, size, size, store, 0, work);
    kernels.packRows(below, n, rest, size, 6, left);
    kernels.packRows(below, n, rest, size, 4, right);
    kernels.product64(below + 8 * size, n, left, rest, right, rest, size, subtract, 1, work);
  }
  return -1;
}

/**
 * Replaces the lower factor L by the lower triangle of (L L')^-1: first by X = L^-1, a block of rows after the other, each
 * handed on to all rows below it; then by X'X, in the same order, each block of rows making room for sums once it is packed.
 */
export function invertFactor(kernels: Kernels, A: number, n: number, work: number): void {
  const left = work + tileBytes;
  const right = left + leftBytes(n, blockRows);
  const inverse = right + rightBytes(n, blockRows);
  const negative = inverse + 8 * blockRows ** 2;
  for (let start = 0; start < n; start += blockRows) {
    const size = Math.min(blockRows, n - start);
    const row = A + 8 * start * n;
    const corner = row + 8 * start;
    kernels.invertBlock(corner, n, size, inverse);
    // So far the row holds sum_J L_IJ X_J; X_I = -T sum, T = L_II^-1.
    kernels.negate(inverse, size * size, negative);
    kernels.packRows(negative, size, size, size, 6, left);
    kernels.packColumns(row, n, start, size, 4, right);
    kernels.product64(row, n, left, size, right, start, size, store, 0, work);
    kernels.placeBlock(inverse, size, corner, n);
    const rest = n - start - size;
    const below = row + 8 * size * n;
    kernels.packRows(below + 8 * start, n, rest, size, 6, left);
    kernels.packColumns(row, n, start + size, size, 4, right);
    kernels.product64(below, n, left, rest, right, start, size, add, 0, work);
    kernels.product64(below + 8 * start, n, left, rest, right + 8 * start * size, size, size, store, 0, work);
  }
  for (let start = 0; start < n; start += blockRows) {
    const size = Math.min(blockRows, n - start);
    const row = A + 8 * start * n;
    kernels.packColumns(row, n, start + size, size, 6, left);
    kernels.packColumns(row, n, start + size, size, 4, right);
    kernels.product64(A, n, left, start, right, start, size, add, 1, work);
    const own = left + 8 * start * size;
    kernels.product64(row, n, own, size, right, start + size, size, store, 0, work);
  }
}
