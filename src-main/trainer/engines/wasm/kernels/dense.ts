// Dense float64 algebra on the lower triangle of a row-major matrix in place: A += F'F, A = L L', (L L')^-1.
// All by blocks whose products are tiles; what is left over (the inside of diagonal blocks) is a fiftieth of the work at K = 2048.
import { ADD, STORE, SUBTRACT, tile64 } from './tile';

/** Rows of a block; a multiple of the tile's 6 and 4, so that tiles end where blocks do. */
const blockRows: i32 = 120;
/** Right panels that stay in the second cache together: 64 x 4 x 120 float64 are 245 KB. */
const panelsAtOnce: i32 = 64;

/** The first `count` rows of a block, `length` numbers each, as vectors: `lanes` interleaved in a panel [length, lanes], the last padded with 0. */
function packRows(source: usize, n: i32, count: i32, length: i32, lanes: i32, target: usize): void {
  const next = (<usize>lanes) << 3;
  for (let row = 0; row < count; row += lanes) {
    for (let lane = 0; lane < lanes; lane++) {
      let to = target + (lane << 3);
      if (row + lane < count) {
        let from = source + <usize>(row + lane) * n * 8;
        for (let p = 0; p < length; p++, to += next, from += 8) store<f64>(to, load<f64>(from));
      } else for (let p = 0; p < length; p++, to += next) store<f64>(to, 0);
    }
    target += <usize>length * next;
  }
}

/** The first `count` columns of a block of `length` rows, likewise. A row at a time: columns of a power-of-two width would evict each other. */
function packColumns(source: usize, n: i32, count: i32, length: i32, lanes: i32, target: usize): void {
  const panel = <usize>length * lanes * 8;
  const bytes = (<usize>lanes) << 3;
  const whole = count - (count % lanes);
  for (let p = 0; p < length; p++, source += (<usize>n) << 3, target += bytes) {
    let from = source;
    let to = target;
    for (let column = 0; column < whole; column += lanes, to += panel, from += bytes) {
      for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, v128.load(from + at));
    }
    if (whole == count) continue;
    for (let lane = 0; lane < lanes; lane++) {
      store<f64>(to + (lane << 3), whole + lane < count ? load<f64>(from + (lane << 3)) : 0);
    }
  }
}

/**
 * C[i, j] = or += or -= left vector i . right vector j; with `lower` only tiles that touch j <= i, in full.
 * @param n numbers in a row of C
 * @param tile scratch, [6, 4], for tiles that reach over the edge
 */
function product(
  C: usize,
  n: i32,
  left: usize,
  rows: i32,
  right: usize,
  columns: i32,
  depth: i32,
  how: i32,
  lower: bool,
  tile: usize,
): void {
  const stride = (<usize>n) << 3;
  for (let start = 0; start < columns; start += panelsAtOnce * 4) {
    const end = min(columns, start + panelsAtOnce * 4);
    for (let i = lower ? (start / 6) * 6 : 0; i < rows; i += 6) {
      const a = left + ((<usize>i * depth) << 3);
      const last = lower ? min(end, i + 6) : end;
      for (let j = start; j < last; j += 4) {
        const b = right + ((<usize>j * depth) << 3);
        const c = C + ((<usize>i * n + j) << 3);
        if (i + 6 <= rows && j + 4 <= columns) tile64(depth, a, b, c, stride, how);
        else {
          tile64(depth, a, b, tile, 32, STORE);
          mergeEdge(tile, c, stride, min(6, rows - i), min(4, columns - j), how);
        }
      }
    }
  }
}

function mergeEdge(tile: usize, c: usize, stride: usize, height: i32, width: i32, how: i32): void {
  for (let i = 0; i < height; i++, c += stride, tile += 32) {
    for (let j = 0; j < width; j++) {
      const value = load<f64>(tile + (j << 3));
      const at = c + (j << 3);
      if (how == STORE) store<f64>(at, value);
      else if (how == ADD) store<f64>(at, load<f64>(at) + value);
      else store<f64>(at, load<f64>(at) - value);
    }
  }
}

/** A += F'F on the lower triangle, for `rows` more rows of F [rows, n]. @param work scratch, as `workBytes` says, for depth `rows` */
export function addSymmetricProduct(A: usize, n: i32, F: usize, rows: i32, work: usize): void {
  const left = work + 192;
  const right = left + leftBytes(n, rows);
  packColumns(F, n, n, rows, 6, left);
  packColumns(F, n, n, rows, 4, right);
  product(A, n, left, n, right, n, rows, ADD, true, work);
}

function leftBytes(count: i32, depth: i32): usize {
  return <usize>((count + 5) / 6) * 6 * depth * 8;
}

/** Scratch of every function here, in bytes: a tile, a block's left and right panels, and two blocks. */
export function workBytes(n: i32, depth: i32): usize {
  const rows = max(depth, blockRows);
  return 192 + leftBytes(n, rows) + <usize>((n + 3) / 4) * 4 * rows * 8 + 2 * blockRows * blockRows * 8;
}

/**
 * Replaces the lower triangle of A by its Cholesky factor; nothing above the diagonal block is read.
 * @returns -1, or the first pivot that is not positive, whose value is then at `work`
 */
export function factorCholesky(A: usize, n: i32, work: usize): i32 {
  const left = work + 192;
  const right = left + leftBytes(n, blockRows);
  const inverse = right + ((<usize>((n + 3) / 4) * 4 * blockRows) << 3);
  for (let start = 0; start < n; start += blockRows) {
    const size = min(blockRows, n - start);
    const corner = A + ((<usize>start * n + start) << 3);
    const failed = factorBlock(corner, n, size, work);
    if (failed >= 0) return start + failed;
    const rest = n - start - size;
    if (rest == 0) break;
    // Rows below: L_21 = A_21 L_11'^-1, by the inverse of the small block, so that this too is a product.
    const below = corner + ((<usize>size * n) << 3);
    invertBlock(corner, n, size, inverse);
    packRows(below, n, rest, size, 6, left);
    packRows(inverse, size, size, size, 4, right);
    product(below, n, left, rest, right, size, size, STORE, false, work);
    packRows(below, n, rest, size, 6, left);
    packRows(below, n, rest, size, 4, right);
    product(below + ((<usize>size) << 3), n, left, rest, right, rest, size, SUBTRACT, true, work);
  }
  return -1;
}

/**
 * Replaces the lower factor L by the lower triangle of (L L')^-1: first by X = L^-1, a block of rows after the other, each
 * handed on to all rows below it; then by X'X, in the same order, each block of rows making room for sums once it is packed.
 */
export function invertFactor(A: usize, n: i32, work: usize): void {
  const left = work + 192;
  const right = left + leftBytes(n, blockRows);
  const inverse = right + ((<usize>((n + 3) / 4) * 4 * blockRows) << 3);
  const negative = inverse + ((<usize>blockRows * blockRows) << 3);
  for (let start = 0; start < n; start += blockRows) {
    const size = min(blockRows, n - start);
    const row = A + ((<usize>start * n) << 3);
    const corner = row + ((<usize>start) << 3);
    invertBlock(corner, n, size, inverse);
    // So far the row holds sum_J L_IJ X_J; X_I = -T sum, T = L_II^-1.
    for (let at: usize = 0; at < (<usize>size * size) << 3; at += 8)
      store<f64>(negative + at, -load<f64>(inverse + at));
    packRows(negative, size, size, size, 6, left);
    packColumns(row, n, start, size, 4, right);
    product(row, n, left, size, right, start, size, STORE, false, work);
    for (let i = 0; i < size; i++) {
      memory.copy(corner + ((<usize>i * n) << 3), inverse + ((<usize>i * size) << 3), (<usize>size) << 3);
    }
    const rest = n - start - size;
    const below = row + ((<usize>size * n) << 3);
    packRows(below + ((<usize>start) << 3), n, rest, size, 6, left);
    packColumns(row, n, start + size, size, 4, right);
    product(below, n, left, rest, right, start, size, ADD, false, work);
    product(
      below + ((<usize>start) << 3),
      n,
      left,
      rest,
      right + ((<usize>start * size) << 3),
      size,
      size,
      STORE,
      false,
      work,
    );
  }
  for (let start = 0; start < n; start += blockRows) {
    const size = min(blockRows, n - start);
    const row = A + ((<usize>start * n) << 3);
    packColumns(row, n, start + size, size, 6, left);
    packColumns(row, n, start + size, size, 4, right);
    product(A, n, left, start, right, start, size, ADD, true, work);
    product(row, n, left + ((<usize>start * size) << 3), size, right, start + size, size, STORE, false, work);
  }
}

/** Copies the lower triangle onto the upper one, by squares: a whole row against a whole column would miss the cache at every entry. */
export function mirrorLower(A: usize, n: i32): void {
  const bytes = (<usize>n) << 3;
  for (let top = 0; top < n; top += 32) {
    const bottom = min(top + 32, n);
    for (let left = 0; left <= top; left += 32) {
      for (let i = top; i < bottom; i++) {
        let from = A + <usize>i * bytes + ((<usize>left) << 3);
        let to = A + <usize>left * bytes + ((<usize>i) << 3);
        const right = min(left + 32, i);
        for (let j = left; j < right; j++, from += 8, to += bytes) store<f64>(to, load<f64>(from));
      }
    }
  }
}

/** The factor of a small block by its definition. @returns -1, or the row of the pivot that failed, its value at `failure` */
function factorBlock(corner: usize, n: i32, size: i32, failure: usize): i32 {
  const stride = (<usize>n) << 3;
  for (let i = 0; i < size; i++) {
    const own = corner + i * stride;
    for (let j = 0; j <= i; j++) {
      const other = corner + j * stride;
      const sum = load<f64>(own + (j << 3)) - dot(own, other, j);
      if (i != j) store<f64>(own + (j << 3), sum / load<f64>(other + (j << 3)));
      else if (sum > 0) store<f64>(own + (j << 3), Math.sqrt(sum));
      else {
        store<f64>(failure, sum);
        return i;
      }
    }
  }
  return -1;
}

function dot(x: usize, y: usize, count: i32): f64 {
  let sums = f64x2.splat(0);
  const whole = count & ~1;
  for (let p = 0; p < whole; p += 2) {
    sums = f64x2.add(sums, f64x2.mul(v128.load(x + (p << 3)), v128.load(y + (p << 3))));
  }
  const sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  return whole == count ? sum : sum + load<f64>(x + (whole << 3)) * load<f64>(y + (whole << 3));
}

/** T = L^-1 of a small lower block into [size, size], zeros above: row i is (e_i - sum_p<i L_ip T_p) / L_ii. */
function invertBlock(corner: usize, n: i32, size: i32, target: usize): void {
  const stride = (<usize>n) << 3;
  const bytes = (<usize>size) << 3;
  memory.fill(target, 0, bytes * size);
  for (let i = 0; i < size; i++) {
    const own = target + i * bytes;
    const factors = corner + i * stride;
    for (let p = 0; p < i; p++) {
      const weight = load<f64>(factors + (p << 3));
      const above = target + p * bytes;
      for (let at: usize = 0; at <= (<usize>p) << 3; at += 8) {
        store<f64>(own + at, load<f64>(own + at) - weight * load<f64>(above + at));
      }
    }
    const pivot = load<f64>(factors + (i << 3));
    for (let at: usize = 0; at < (<usize>i) << 3; at += 8) store<f64>(own + at, load<f64>(own + at) / pivot);
    store<f64>(own + (i << 3), 1 / pivot);
  }
}
