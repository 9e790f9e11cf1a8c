// The inner loop of every product here: a tile of 6 x 8 float32 (6 x 4 float64) sums in twelve vector registers. V8 has fifteen
// to give on x64: two more hold a row of B and one a broadcast number of A, so nothing is spilled. On the machine this was
// written on the tile reaches 56 GFLOP/s (28 in float64), which is what its 128-bit units can do; a 4 x 12 tile reaches 35.

/** What becomes of a tile's sums. */
export const STORE: i32 = 0;
export const ADD: i32 = 1;
export const SUBTRACT: i32 = 2;
export const MULTIPLY: i32 = 3;

/** Rows of a tile: how many vectors of the left side are interleaved in a panel. */
export const LEFT: i32 = 6;
/** Columns of a float32 tile. */
export const RIGHT32: i32 = 8;
/** Columns of a float64 tile. */
export const RIGHT64: i32 = 4;

/** a b + c: fused (one rounding) in the relaxed build on processors that can, two roundings in the other. */
export function madd32(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

export function madd64(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f64x2.relaxed_madd(a, b, c) : f64x2.add(f64x2.mul(a, b), c);
}

function finishRow32(c: usize, low: v128, high: v128, how: i32): void {
  if (how == ADD) {
    low = f32x4.add(v128.load(c), low);
    high = f32x4.add(v128.load(c, 16), high);
  } else if (how == MULTIPLY) {
    low = f32x4.mul(v128.load(c), low);
    high = f32x4.mul(v128.load(c, 16), high);
  }
  v128.store(c, low);
  v128.store(c, high, 16);
}

/**
 * c[i, j] = or += or *= sum_p a[p, i] b[p, j], float32.
 * @param a panel of the left side, [depth, 6]
 * @param b panel of the right side, [depth, 8]
 * @param stride bytes from one row of c to the next
 */
export function tile32(depth: i32, a: usize, b: usize, c: usize, stride: usize, how: i32): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  let c40 = c00;
  let c41 = c00;
  let c50 = c00;
  let c51 = c00;
  const end = a + <usize>depth * 24;
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = madd32(x, b0, c00);
    c01 = madd32(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = madd32(x, b0, c10);
    c11 = madd32(x, b1, c11);
    x = v128.load32_splat(a, 8);
    c20 = madd32(x, b0, c20);
    c21 = madd32(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = madd32(x, b0, c30);
    c31 = madd32(x, b1, c31);
    x = v128.load32_splat(a, 16);
    c40 = madd32(x, b0, c40);
    c41 = madd32(x, b1, c41);
    x = v128.load32_splat(a, 20);
    c50 = madd32(x, b0, c50);
    c51 = madd32(x, b1, c51);
    a += 24;
    b += 32;
  }
  finishRow32(c, c00, c01, how);
  finishRow32((c += stride), c10, c11, how);
  finishRow32((c += stride), c20, c21, how);
  finishRow32((c += stride), c30, c31, how);
  finishRow32((c += stride), c40, c41, how);
  finishRow32((c += stride), c50, c51, how);
}

function finishRow64(c: usize, low: v128, high: v128, how: i32): void {
  if (how == ADD) {
    low = f64x2.add(v128.load(c), low);
    high = f64x2.add(v128.load(c, 16), high);
  } else if (how == SUBTRACT) {
    low = f64x2.sub(v128.load(c), low);
    high = f64x2.sub(v128.load(c, 16), high);
  }
  v128.store(c, low);
  v128.store(c, high, 16);
}

/**
 * c[i, j] = or += or -= sum_p a[p, i] b[p, j], float64.
 * @param a panel of the left side, [depth, 6]
 * @param b panel of the right side, [depth, 4]
 * @param stride bytes from one row of c to the next
 */
export function tile64(depth: i32, a: usize, b: usize, c: usize, stride: usize, how: i32): void {
  let c00 = f64x2.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  let c40 = c00;
  let c41 = c00;
  let c50 = c00;
  let c51 = c00;
  const end = a + <usize>depth * 48;
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load64_splat(a);
    c00 = madd64(x, b0, c00);
    c01 = madd64(x, b1, c01);
    x = v128.load64_splat(a, 8);
    c10 = madd64(x, b0, c10);
    c11 = madd64(x, b1, c11);
    x = v128.load64_splat(a, 16);
    c20 = madd64(x, b0, c20);
    c21 = madd64(x, b1, c21);
    x = v128.load64_splat(a, 24);
    c30 = madd64(x, b0, c30);
    c31 = madd64(x, b1, c31);
    x = v128.load64_splat(a, 32);
    c40 = madd64(x, b0, c40);
    c41 = madd64(x, b1, c41);
    x = v128.load64_splat(a, 40);
    c50 = madd64(x, b0, c50);
    c51 = madd64(x, b1, c51);
    a += 48;
    b += 32;
  }
  finishRow64(c, c00, c01, how);
  finishRow64((c += stride), c10, c11, how);
  finishRow64((c += stride), c20, c21, how);
  finishRow64((c += stride), c30, c31, how);
  finishRow64((c += stride), c40, c41, how);
  finishRow64((c += stride), c50, c51, how);
}
