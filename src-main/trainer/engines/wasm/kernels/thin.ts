// A large row-major matrix against a few vectors, float64: the solves and products of the identity check. Each entry of the matrix is read once
// for all vectors, straight from its row: packing it for tiles would cost more than the sums. Vectors are rows, `count` a multiple of 4.
import { madd64 } from './tile';

/** Rows of a factor that are solved for together; they meet `subtractRows` as one block. */
const rowsAtOnce: i32 = 8;
/** Entries of a row that stay in the first cache, for 8 rows, while all vectors pass. */
const columnsAtOnce: i32 = 256;

function total(sums: v128): f64 {
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

/** out[i] = row . vector i and next[i] = other . vector i, for four vectors; `bytes` from one to the next in `x`, `outBytes` in `out`. */
function dotTwoRows(
  row: usize,
  other: usize,
  length: i32,
  x: usize,
  bytes: usize,
  out: usize,
  next: usize,
  outBytes: usize,
): void {
  let a0 = f64x2.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  const x1 = x + bytes;
  const x2 = x1 + bytes;
  const x3 = x2 + bytes;
  const end = (<usize>(length & ~1)) << 3;
  for (let at: usize = 0; at < end; at += 16) {
    const a = v128.load(row + at);
    const b = v128.load(other + at);
    let v = v128.load(x + at);
    a0 = madd64(a, v, a0);
    b0 = madd64(b, v, b0);
    v = v128.load(x1 + at);
    a1 = madd64(a, v, a1);
    b1 = madd64(b, v, b1);
    v = v128.load(x2 + at);
    a2 = madd64(a, v, a2);
    b2 = madd64(b, v, b2);
    v = v128.load(x3 + at);
    a3 = madd64(a, v, a3);
    b3 = madd64(b, v, b3);
  }
  // What is left of an odd length, or 0.
  const a: f64 = length & 1 ? load<f64>(row + end) : 0;
  const b: f64 = length & 1 ? load<f64>(other + end) : 0;
  let v: f64 = length & 1 ? load<f64>(x + end) : 0;
  store<f64>(out, total(a0) + a * v);
  store<f64>(next, total(b0) + b * v);
  v = length & 1 ? load<f64>(x1 + end) : 0;
  store<f64>((out += outBytes), total(a1) + a * v);
  store<f64>((next += outBytes), total(b1) + b * v);
  v = length & 1 ? load<f64>(x2 + end) : 0;
  store<f64>((out += outBytes), total(a2) + a * v);
  store<f64>((next += outBytes), total(b2) + b * v);
  v = length & 1 ? load<f64>(x3 + end) : 0;
  store<f64>(out + outBytes, total(a3) + a * v);
  store<f64>(next + outBytes, total(b3) + b * v);
}

/**
 * out[i, r] = row r of M . vector i.
 * @param M [rows, .], `n` numbers from one row to the next, of which `length` count
 * @param x [count, .], `xn` numbers from one to the next
 * @param out [count, .], `outN` numbers from one to the next
 */
export function dotRows(
  M: usize,
  n: i32,
  rows: i32,
  length: i32,
  x: usize,
  xn: i32,
  count: i32,
  out: usize,
  outN: i32,
): void {
  const rowBytes = (<usize>n) << 3;
  for (let r = 0; r < rows; r += 2, M += 2 * rowBytes) {
    // The last of an odd number of rows stands in for the one that is missing.
    const step: usize = r + 1 < rows ? 1 : 0;
    for (let i = 0; i < count; i += 4) {
      const to = out + ((<usize>i * outN + r) << 3);
      const vectors = x + ((<usize>i * xn) << 3);
      dotTwoRows(
        M,
        M + step * rowBytes,
        length,
        vectors,
        (<usize>xn) << 3,
        to,
        to + step * 8,
        (<usize>outN) << 3,
      );
    }
  }
}

/** x[i, j] -= sum_r weights[i, r] M[r, j] for j < length, a multiple of 8, over 8 rows; weights are `n` numbers apart, like the vectors. */
function subtractRows(M: usize, n: i32, length: i32, weights: usize, x: usize, count: i32): void {
  const bytes = (<usize>n) << 3;
  for (let start = 0; start < length; start += columnsAtOnce) {
    const from = (<usize>start) << 3;
    const end = (<usize>min(length, start + columnsAtOnce)) << 3;
    for (let i = 0; i < count; i++) {
      const own = x + i * bytes;
      const w = weights + i * bytes;
      const w0 = v128.load64_splat(w);
      const w1 = v128.load64_splat(w, 8);
      const w2 = v128.load64_splat(w, 16);
      const w3 = v128.load64_splat(w, 24);
      const w4 = v128.load64_splat(w, 32);
      const w5 = v128.load64_splat(w, 40);
      const w6 = v128.load64_splat(w, 48);
      const w7 = v128.load64_splat(w, 56);
      for (let at = from; at < end; at += 16) {
        let row = M + at;
        let sums = f64x2.mul(w0, v128.load(row));
        sums = madd64(w1, v128.load((row += bytes)), sums);
        sums = madd64(w2, v128.load((row += bytes)), sums);
        sums = madd64(w3, v128.load((row += bytes)), sums);
        sums = madd64(w4, v128.load((row += bytes)), sums);
        sums = madd64(w5, v128.load((row += bytes)), sums);
        sums = madd64(w6, v128.load((row += bytes)), sums);
        sums = madd64(w7, v128.load((row += bytes)), sums);
        v128.store(own + at, f64x2.sub(v128.load(own + at), sums));
      }
    }
  }
}

/**
 * x := (L L')^-1 x for each vector, in place: L by rows down, L' by rows up.
 * @param L lower factor, [n, n]; nothing above its diagonal counts
 * @param x [count, n]
 * @param sums scratch, [count, 8]
 */
export function solveFactor(L: usize, n: i32, x: usize, count: i32, sums: usize): void {
  const bytes = (<usize>n) << 3;
  for (let start = 0; start < n; start += rowsAtOnce) {
    const size = min(rowsAtOnce, n - start);
    const corner = L + <usize>start * bytes + ((<usize>start) << 3);
    dotRows(L + <usize>start * bytes, n, size, start, x, n, count, sums, rowsAtOnce);
    for (let i = 0; i < count; i++) {
      const own = x + i * bytes + ((<usize>start) << 3);
      for (let r = 0; r < size; r++) {
        const row = corner + r * bytes;
        let value = load<f64>(own + (r << 3)) - load<f64>(sums + ((i * rowsAtOnce + r) << 3));
        for (let q = 0; q < r; q++) value -= load<f64>(row + (q << 3)) * load<f64>(own + (q << 3));
        store<f64>(own + (r << 3), value / load<f64>(row + (r << 3)));
      }
    }
  }
  for (let start = (n - 1) & ~(rowsAtOnce - 1); start >= 0; start -= rowsAtOnce) {
    const size = min(rowsAtOnce, n - start);
    const row = L + <usize>start * bytes;
    const corner = row + ((<usize>start) << 3);
    const own = x + ((<usize>start) << 3);
    for (let i = 0; i < count; i++) solveUpward(corner, bytes, size, own + i * bytes);
    if (size == rowsAtOnce) subtractRows(row, n, start, own, x, count);
    else {
      for (let i = 0; i < count; i++) {
        for (let r = 0; r < size; r++)
          subtractRow(row + r * bytes, start, load<f64>(own + i * bytes + (r << 3)), x + i * bytes);
      }
    }
  }
}

/** x := L'^-1 x inside a diagonal block. */
function solveUpward(corner: usize, bytes: usize, size: i32, x: usize): void {
  for (let r = size - 1; r >= 0; r--) {
    let value = load<f64>(x + (r << 3));
    for (let q = r + 1; q < size; q++) {
      value -= load<f64>(corner + q * bytes + (r << 3)) * load<f64>(x + (q << 3));
    }
    store<f64>(x + (r << 3), value / load<f64>(corner + r * bytes + (r << 3)));
  }
}

function subtractRow(row: usize, length: i32, weight: f64, x: usize): void {
  for (let at: usize = 0; at < (<usize>length) << 3; at += 8) {
    store<f64>(x + at, load<f64>(x + at) - weight * load<f64>(row + at));
  }
}

/** F~ = F minus `means` [length] for `rows` of F float32, into float64, [rows, length]. */
export function centreRows(F: usize, rows: i32, length: i32, means: usize, target: usize): void {
  const whole = length & ~1;
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < whole; j += 2, F += 8, target += 16) {
      const pair = f64x2.promote_low_f32x4(v128.load64_zero(F));
      v128.store(target, f64x2.sub(pair, v128.load(means + ((<usize>j) << 3))));
    }
    if (whole < length) {
      store<f64>(target, <f64>load<f32>(F) - load<f64>(means + ((<usize>whole) << 3)));
      F += 4;
      target += 8;
    }
  }
}
