import { plainLoops } from './loops.ts';
import type { Loops } from './loops.ts';
import { addProducts, packColumns, packRows, unpackRows, type Block, type Panels } from './panels.ts';
import { lowerToUpper, zeroUpper } from './triangle.ts';

/** Rows (or columns) handled as one block: long enough that a tile's sums outweigh its stores, short enough for the cache. */
const blockSize = 128;
/** Blocks of a factorization are smaller: work inside a diagonal block is not tiled. */
const factorBlockSize = 64;

/**
 * F'F in float64, half computed and mirrored.
 * @param features F, [n, width], row-major
 * @param loops of an engine, with the bits of the plain ones
 * @returns [width, width], exactly symmetric
 */
export function symmetricProduct(
  features: Float64Array | Float32Array,
  n: number,
  width: number,
  loops: Pick<Loops, 'addProducts'> = plainLoops,
): Float64Array {
  const product = new Float64Array(width * width);
  const target = block(product, 0, width);
  let panels: Panels | null = null;
  for (let row = 0; row < n; row += blockSize) {
    const rows = { data: features, offset: row * width, stride: width };
    panels = packColumns(rows, Math.min(blockSize, n - row), width, panels);
    loops.addProducts(target, panels, panels, 1, 'lower');
  }
  lowerToUpper(product, product, width);
  return product;
}

/**
 * Replaces A by its Cholesky factor: A = L L', L lower triangular with a positive diagonal. Only the lower triangle of A is read.
 * @param a symmetric positive definite, [n, n], row-major; on return L, with zeros above the diagonal
 * @throws RangeError naming the first pivot that is not positive (A is then partly overwritten)
 */
export function choleskyInPlace(a: Float64Array, n: number): void {
  for (let start = 0; start < n; start += factorBlockSize) {
    const size = Math.min(factorBlockSize, n - start);
    factorDiagonalBlock(a, n, start, size);
    const end = start + size;
    const below = block(a, end * n + start, n);
    const panels = packRows(below, n - end, size);
    solveLower(panels, block(a, start * n + start, n));
    unpackRows(panels, below);
    addProducts(block(a, end * n + end, n), panels, panels, -1, 'lower');
  }
  zeroUpper(a, n);
}

/**
 * The inverse of A = L L': first X = L^-1, a block of rows at a time (X_I = -L_II^-1 sum_J<I L_IJ X_J), then A^-1 = X'X.
 * @param factor L, [n, n], lower triangular, as `choleskyInPlace` leaves it
 * @returns [n, n], exactly symmetric
 */
export function invertFromCholesky(factor: Float64Array, n: number): Float64Array {
  const solved: Panels[] = [];
  const product = new Float64Array(n * n);
  for (let start = 0; start < n; start += blockSize) {
    const size = Math.min(blockSize, n - start);
    const rows = inverseRows(factor, n, start, size, solved);
    const columns = packColumns(block(rows, 0, start + size), size, start + size);
    solved.push(columns);
    addProducts(block(product, 0, n), columns, columns, 1, 'lower');
  }
  lowerToUpper(product, product, n);
  return product;
}

/**
 * Each vector x := L^-1 x, in place, four at a time.
 * @param factor where the lower triangle of L [length, length] begins; nothing above its diagonal is read
 */
export function solveLower(vectors: Panels, factor: Block): void {
  const { data: x, length } = vectors;
  const { data: l, offset, stride } = factor;
  for (let panel = 0; panel < x.length; panel += 4 * length) {
    for (let j = 0; j < length; j++) {
      const row = offset + j * stride;
      const at = panel + 4 * j;
      let s0 = x[at];
      let s1 = x[at + 1];
      let s2 = x[at + 2];
      let s3 = x[at + 3];
      for (let p = 0, from = panel; p < j; p++, from += 4) {
        const weight = l[row + p];
        s0 -= weight * x[from];
        s1 -= weight * x[from + 1];
        s2 -= weight * x[from + 2];
        s3 -= weight * x[from + 3];
      }
      const pivot = l[row + j];
      x[at] = s0 / pivot;
      x[at + 1] = s1 / pivot;
      x[at + 2] = s2 / pivot;
      x[at + 3] = s3 / pivot;
    }
  }
}

/** Each vector x := L'^-1 x, in place, as `solveLower`; L is read by rows, as it is stored. */
export function solveUpper(vectors: Panels, factor: Block): void {
  const { data: x, length } = vectors;
  const { data: l, offset, stride } = factor;
  for (let panel = 0; panel < x.length; panel += 4 * length) {
    for (let i = length - 1; i >= 0; i--) {
      const row = offset + i * stride;
      const at = panel + 4 * i;
      const pivot = l[row + i];
      const x0 = (x[at] /= pivot);
      const x1 = (x[at + 1] /= pivot);
      const x2 = (x[at + 2] /= pivot);
      const x3 = (x[at + 3] /= pivot);
      for (let p = 0, to = panel; p < i; p++, to += 4) {
        const weight = l[row + p];
        x[to] -= weight * x0;
        x[to + 1] -= weight * x1;
        x[to + 2] -= weight * x2;
        x[to + 3] -= weight * x3;
      }
    }
  }
}

function block(data: Float64Array, offset: number, stride: number): Block {
  return { data, offset, stride };
}

function factorDiagonalBlock(a: Float64Array, n: number, start: number, size: number): void {
  for (let i = start; i < start + size; i++) {
    for (let j = start; j <= i; j++) {
      let sum = a[i * n + j];
      for (let p = start; p < j; p++) sum -= a[i * n + p] * a[j * n + p];
      if (i !== j) {
        a[i * n + j] = sum / a[j * n + j];
      } else if (sum > 0) {
        a[i * n + i] = Math.sqrt(sum);
      } else {
        throw new RangeError(`matrix is not positive definite: pivot ${i} of ${n} is ${sum}`);
      }
    }
  }
}

/** Rows start..start+size-1 of L^-1, [size, start + size]; `solved` holds the blocks above as columns. */
function inverseRows(
  factor: Float64Array,
  n: number,
  start: number,
  size: number,
  solved: readonly Panels[],
): Float64Array {
  const columns = start + size;
  const rows = new Float64Array(size * columns);
  const corner = new Float64Array(size * size);
  for (let i = 0; i < size; i++) corner[i * size + i] = 1;
  const identity = packRows(block(corner, 0, size), size, size);
  solveLower(identity, block(factor, start * n + start, n));
  // The solve turned row i of the identity into column i of L_II^-1, so its panels are packed columns of that inverse.
  unpackRows(identity, block(corner, 0, size));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) rows[i * columns + start + j] = corner[j * size + i];
  }
  const sums = new Float64Array(size * start);
  solved.forEach((above, index) => {
    const left = packRows(block(factor, start * n + index * blockSize, n), size, above.length);
    addProducts(block(sums, 0, start), left, above, 1, 'all');
  });
  const cornerRows = packRows(block(rows, start, columns), size, size);
  addProducts(
    block(rows, 0, columns),
    cornerRows,
    packColumns(block(sums, 0, start), size, start),
    -1,
    'all',
  );
  return rows;
}
