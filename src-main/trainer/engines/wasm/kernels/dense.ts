// The parts of dense float64 algebra that are not products (products.ts): packing for tiles, and the inside of small diagonal blocks, a fiftieth
// of the work at K = 2048. ../dense-algebra.ts puts them together.

/** The first `count` rows of a block, `length` numbers each, as vectors: `lanes` interleaved in a panel [length, lanes], the last padded with 0. */
export function packRows(source: usize, n: i32, count: i32, length: i32, lanes: i32, target: usize): void {
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
export function packColumns(source: usize, n: i32, count: i32, length: i32, lanes: i32, target: usize): void {
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

/** The factor of a small block by its definition. @returns -1, or the row of the pivot that failed, its value at `failure` */
export function factorBlock(corner: usize, n: i32, size: i32, failure: usize): i32 {
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
export function invertBlock(corner: usize, n: i32, size: i32, target: usize): void {
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

/** target = -source, `count` numbers. */
export function negate(source: usize, count: i32, target: usize): void {
  for (let at: usize = 0; at < (<usize>count) << 3; at += 8) store<f64>(target + at, -load<f64>(source + at));
}

/** Copies a block [size, size] to where a matrix of `n` numbers a row has its `corner`. */
export function placeBlock(source: usize, size: i32, corner: usize, n: i32): void {
  const bytes = (<usize>size) << 3;
  for (let i = 0; i < size; i++, source += bytes, corner += (<usize>n) << 3)
    memory.copy(corner, source, bytes);
}
