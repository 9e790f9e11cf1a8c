import type { OptimizerSettings } from './optimizer-settings.ts';

/** What a step of adam or adamw multiplies and divides by, each a float32; the names of `stepAdam`'s formulas. */
export interface AdamRates {
  readonly keep: number;
  readonly coupled: number;
  readonly towards: number;
  readonly hold2: number;
  readonly towards2: number;
  readonly correction2: number;
  readonly epsilon: number;
  readonly minusRate: number;
}

/** @param step of the first step it is 1 */
export function adamRates(settings: OptimizerSettings, step: number): AdamRates {
  const { learningRate, weightDecay, beta1, beta2 } = settings;
  const decoupled = settings.kind === 'adamw';
  return {
    keep: Math.fround(decoupled ? 1 - learningRate * weightDecay : 1),
    coupled: Math.fround(decoupled ? 0 : weightDecay),
    towards: Math.fround(1 - beta1),
    hold2: Math.fround(beta2),
    towards2: Math.fround(1 - beta2),
    correction2: Math.fround(Math.sqrt(1 - beta2 ** step)),
    epsilon: Math.fround(settings.epsilon),
    minusRate: Math.fround(-(learningRate / (1 - beta1 ** step))),
  };
}

/**
 * A step of adam or adamw on one layer (see `createOptimizer`); all arrays have its length and but for the gradient are written.
 * Each Math.fround is one rounding PyTorch makes; where its kernels use a fused multiply-add, product and sum are taken in
 * float64 (the product of two float32 is exact there) and rounded once.
 */
export function stepAdam(
  rates: AdamRates,
  weights: Float32Array,
  gradient: Float32Array,
  firstMoment: Float32Array,
  secondMoment: Float32Array,
  updates: Float32Array,
): void {
  const { keep, coupled, towards, hold2, towards2, correction2, epsilon, minusRate } = rates;
  const n = weights.length;
  for (let i = 0; i < n; i++) {
    const before = weights[i];
    const w = Math.fround(keep * before);
    const g = Math.fround(coupled * w + gradient[i]);
    const held = firstMoment[i];
    const m = Math.fround(towards * Math.fround(g - held) + held);
    const v = Math.fround(Math.fround(towards2 * g) * g + Math.fround(hold2 * secondMoment[i]));
    const root = Math.fround(Math.sqrt(v));
    const denominator = Math.fround(Math.fround(root / correction2) + epsilon);
    const after = Math.fround(w + Math.fround(Math.fround(minusRate * m) / denominator));
    firstMoment[i] = m;
    secondMoment[i] = v;
    weights[i] = after;
    updates[i] = after - before;
  }
}
