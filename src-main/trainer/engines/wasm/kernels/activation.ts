// sigma and sigma' of hidden values, four float32 at a time. The buffers fit a core's first cache.
import { madd32 } from './tile';

// The order of `activationNames`.
const SQUARE: i32 = 0;
const RELU: i32 = 1;
const SILU: i32 = 2;
const GELU: i32 = 3;
const RELU_SQUARE: i32 = 4;
const CUBE: i32 = 5;
const QUARTIC: i32 = 6;

/** e^x, relative error 2e-7; x is cut to where float32 has neither 0 nor infinity, NaN stays NaN. */
function exponential(x: v128): v128 {
  x = f32x4.min(f32x4.max(x, f32x4.splat(-87.3)), f32x4.splat(88.3));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.4426950408889634)));
  // ln 2 in two parts: n times the first is exact.
  let r = madd32(n, f32x4.splat(-0.693359375), x);
  r = madd32(n, f32x4.splat(2.1219444e-4), r);
  let p = f32x4.splat(1.0 / 720.0);
  p = madd32(p, r, f32x4.splat(1.0 / 120.0));
  p = madd32(p, r, f32x4.splat(1.0 / 24.0));
  p = madd32(p, r, f32x4.splat(1.0 / 6.0));
  p = madd32(p, r, f32x4.splat(0.5));
  p = madd32(p, r, f32x4.splat(1));
  p = madd32(p, r, f32x4.splat(1));
  const exponent = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, exponent);
}

function logistic(z: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(z))));
}

/** One step of Clenshaw's recurrence: twice t next + (coefficient - afterNext). */
function clenshaw(twice: v128, next: v128, afterNext: v128, coefficient: f32): v128 {
  return madd32(twice, next, f32x4.sub(f32x4.splat(coefficient), afterNext));
}

/** Phi(z), the normal distribution, by the series of shared/science/error-function.ts cut where float32 ends. gauss = e^(-z^2/2). */
function normalDistribution(z: v128, gauss: v128): v128 {
  const x = f32x4.mul(f32x4.abs(z), f32x4.splat(0.7071067811865476));
  const t = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(7.5), f32x4.add(x, f32x4.splat(3.75))));
  const twice = f32x4.add(t, t);
  const c12 = f32x4.splat(1.076499946567091e-8);
  const c11 = clenshaw(twice, c12, f32x4.splat(0), -2.1886401049234397e-7);
  const c10 = clenshaw(twice, c11, c12, 7.74038306619849e-7);
  const c9 = clenshaw(twice, c10, c11, 4.13902798607301e-6);
  const c8 = clenshaw(twice, c9, c10, -6.916973302501207e-5);
  const c7 = clenshaw(twice, c8, c9, 0.0004907758365258086);
  const c6 = clenshaw(twice, c7, c8, -0.002413163540417608);
  const c5 = clenshaw(twice, c6, c7, 0.009074997670705265);
  const c4 = clenshaw(twice, c5, c6, -0.026658668435305753);
  const c3 = clenshaw(twice, c4, c5, 0.05920993999819189);
  const c2 = clenshaw(twice, c3, c4, -0.08424913336651792);
  const c1 = clenshaw(twice, c2, c3, -0.004590054580646478);
  const sum = madd32(t, c1, f32x4.sub(f32x4.splat(1.1775789345674017), c2));
  const scaled = f32x4.div(sum, madd32(x, f32x4.splat(2), f32x4.splat(1)));
  const tail = f32x4.mul(f32x4.mul(f32x4.splat(0.5), gauss), scaled);
  return v128.bitselect(f32x4.sub(f32x4.splat(1), tail), tail, f32x4.gt(z, f32x4.splat(0)));
}

function gaussian(z: v128): v128 {
  return exponential(f32x4.mul(f32x4.mul(z, z), f32x4.splat(-0.5)));
}

/** values = sigma(values), in place; `bytes` is a multiple of 16. */
export function activate(kind: i32, values: usize, bytes: usize): void {
  const end = values + bytes;
  const zero = f32x4.splat(0);
  if (kind == SQUARE) {
    for (let at = values; at < end; at += 16) {
      const z = v128.load(at);
      v128.store(at, f32x4.mul(z, z));
    }
  } else if (kind == RELU) {
    for (let at = values; at < end; at += 16) v128.store(at, f32x4.max(v128.load(at), zero));
  } else if (kind == SILU) {
    for (let at = values; at < end; at += 16) {
      const z = v128.load(at);
      v128.store(at, f32x4.mul(z, logistic(z)));
    }
  } else if (kind == GELU) {
    for (let at = values; at < end; at += 16) {
      const z = v128.load(at);
      v128.store(at, f32x4.mul(z, normalDistribution(z, gaussian(z))));
    }
  } else if (kind == RELU_SQUARE) {
    for (let at = values; at < end; at += 16) {
      const z = f32x4.max(v128.load(at), zero);
      v128.store(at, f32x4.mul(z, z));
    }
  } else if (kind == CUBE) {
    for (let at = values; at < end; at += 16) {
      const z = v128.load(at);
      v128.store(at, f32x4.mul(f32x4.mul(z, z), z));
    }
  } else if (kind == QUARTIC) {
    for (let at = values; at < end; at += 16) {
      const z = v128.load(at);
      const square = f32x4.mul(z, z);
      v128.store(at, f32x4.mul(square, square));
    }
  } else unreachable();
}

/** slopes = sigma'(values) and values = sigma(values); `bytes` is a multiple of 16. */
export function activateWithSlope(kind: i32, values: usize, slopes: usize, bytes: usize): void {
  const end = values + bytes;
  const to = slopes - values;
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  if (kind == SQUARE) {
    for (let at = values; at < end; at += 16) {
      const z = v128.load(at);
      v128.store(at + to, f32x4.add(z, z));
      v128.store(at, f32x4.mul(z, z));
    }
  } else if (kind == RELU) {
    for (let at = values; at < end; at += 16) {
      const z = v128.load(at);
      v128.store(at + to, v128.and(f32x4.gt(z, zero), one));
      v128.store(at, f32x4.max(z, zero));
    }
  } else if (kind == SILU) {
    for (let at = values; at < end; at += 16) {
      const z = v128.load(at);
      const gate = logistic(z);
      v128.store(at + to, f32x4.mul(gate, madd32(z, f32x4.sub(one, gate), one)));
      v128.store(at, f32x4.mul(z, gate));
    }
  } else if (kind == GELU) {
    for (let at = values; at < end; at += 16) {
      const z = v128.load(at);
      const gauss = gaussian(z);
      const share = normalDistribution(z, gauss);
      const density = f32x4.mul(gauss, f32x4.splat(0.3989422804014327));
      v128.store(at + to, madd32(z, density, share));
      v128.store(at, f32x4.mul(z, share));
    }
  } else if (kind == RELU_SQUARE) {
    for (let at = values; at < end; at += 16) {
      const z = f32x4.max(v128.load(at), zero);
      v128.store(at + to, f32x4.add(z, z));
      v128.store(at, f32x4.mul(z, z));
    }
  } else if (kind == CUBE) {
    for (let at = values; at < end; at += 16) {
      const z = v128.load(at);
      const square = f32x4.mul(z, z);
      v128.store(at + to, f32x4.mul(square, f32x4.splat(3)));
      v128.store(at, f32x4.mul(square, z));
    }
  } else if (kind == QUARTIC) {
    for (let at = values; at < end; at += 16) {
      const z = v128.load(at);
      const square = f32x4.mul(z, z);
      v128.store(at + to, f32x4.mul(f32x4.mul(square, z), f32x4.splat(4)));
      v128.store(at, f32x4.mul(square, square));
    }
  } else unreachable();
}
