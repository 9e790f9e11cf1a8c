import type { ActivationName } from './activation-name.ts';
import { scaledErfc } from './error-function.ts';

/** sigma(z) and its derivative sigma'(z), in float64. NaN in, NaN out. */
export interface Activation {
  value(z: number): number;
  slope(z: number): number;
}

function logistic(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/** Phi(z), the standard normal distribution, from gauss = exp(-z^2/2). Absolute error 1e-16, and relative 1e-14 in the left tail. */
function normalDistribution(z: number, gauss: number): number {
  const tail = 0.5 * gauss * scaledErfc(Math.abs(z) * Math.SQRT1_2);
  return z > 0 ? 1 - tail : tail;
}

const inverseRootTwoPi = 1 / Math.sqrt(2 * Math.PI);

/**
 * The activations by name, as PyTorch defines them: square z^2; relu max(z, 0), with slope 0 at 0; silu z / (1 + e^-z);
 * gelu z Phi(z) with the exact erf, not the tanh approximation; relu-square max(z, 0)^2; cube z^3; quartic z^4.
 */
export const activations: Readonly<Record<ActivationName, Activation>> = {
  square: { value: (z) => z * z, slope: (z) => 2 * z },
  // Written so that NaN falls through: a run that has blown up must not look like one with idle features.
  relu: { value: (z) => (z <= 0 ? 0 : z), slope: (z) => (z <= 0 ? 0 : z > 0 ? 1 : z) },
  silu: {
    value: (z) => z / (1 + Math.exp(-z)),
    slope: (z) => {
      const s = logistic(z);
      return s * (1 + z * (1 - s));
    },
  },
  gelu: {
    value: (z) => z * normalDistribution(z, Math.exp(-0.5 * z * z)),
    slope: (z) => {
      const gauss = Math.exp(-0.5 * z * z);
      return normalDistribution(z, gauss) + z * gauss * inverseRootTwoPi;
    },
  },
  'relu-square': { value: (z) => (z <= 0 ? 0 : z * z), slope: (z) => (z <= 0 ? 0 : 2 * z) },
  cube: { value: (z) => z * z * z, slope: (z) => 3 * z * z },
  quartic: { value: (z) => z * z * (z * z), slope: (z) => 4 * z * z * z },
};

/**
 * out = sigma(h), entry by entry, computed in float64 and rounded once.
 * @param h pre-activations, any shape
 * @param out as long as h; may be h itself
 * @throws RangeError when the lengths differ
 */
export function applyActivation(name: ActivationName, h: Float32Array, out: Float32Array): void {
  assertSameLength(h, out);
  const n = h.length;
  if (name === 'square') {
    for (let i = 0; i < n; i++) out[i] = h[i] * h[i];
    return;
  }
  if (name === 'relu') {
    for (let i = 0; i < n; i++) out[i] = h[i] <= 0 ? 0 : h[i];
    return;
  }
  // One activation a process: V8 sees a single target here and inlines it.
  const { value } = activations[name];
  for (let i = 0; i < n; i++) out[i] = value(h[i]);
}

/**
 * gradient = gradient * sigma'(h), entry by entry and in place: from dL/dF to dL/dh.
 * @param h pre-activations
 * @param gradient as long as h, overwritten
 * @throws RangeError when the lengths differ
 */
export function multiplyBySlope(name: ActivationName, h: Float32Array, gradient: Float32Array): void {
  assertSameLength(h, gradient);
  const n = h.length;
  if (name === 'square') {
    for (let i = 0; i < n; i++) gradient[i] *= 2 * h[i];
    return;
  }
  if (name === 'relu') {
    // As PyTorch, an idle feature passes nothing on, not even an infinite gradient; a NaN feature passes NaN.
    for (let i = 0; i < n; i++) {
      if (h[i] <= 0) gradient[i] = 0;
      else if (Number.isNaN(h[i])) gradient[i] = NaN;
    }
    return;
  }
  const { slope } = activations[name];
  for (let i = 0; i < n; i++) gradient[i] *= slope(h[i]);
}

function assertSameLength(h: Float32Array, other: Float32Array): void {
  if (h.length !== other.length) {
    throw new RangeError(`as many values as pre-activations: ${h.length}, got ${other.length}`);
  }
}
