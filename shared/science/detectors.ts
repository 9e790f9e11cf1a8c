import type { Detector, LevelDetector, SlopeDetector } from './detector.ts';

/** Ratios below this are taken as this, so that a logarithm exists (the study's own floor). */
const floor = 1e-6;

/**
 * The first epoch at which the detector fires, or null when it never does.
 * A NaN is an epoch at which nothing was measured: it never fires, it only fails to.
 * @param values one value an epoch, index = epoch, shape [epochs + 1]
 * @throws RangeError when a slope detector's lag is not a positive integer
 */
export function fireEpoch(detector: Detector, values: Float64Array): number | null {
  switch (detector.kind) {
    case 'slope':
      return slopeFire(detector, values);
    case 'level':
      return levelFire(detector, values);
  }
}

/**
 * First t >= from with s(t) > threshold, s as in `slopes`; falling, with -s(t) > threshold. Epochs t < lag have no slope and are skipped.
 * @param values r(t), index = epoch
 * @throws RangeError when the lag is not a positive integer
 * @see Xu (2026), arXiv 2605.08119: lag 25, threshold 0.04, from 100, on sigma_2 / sigma_3 of W
 */
export function slopeFire(detector: SlopeDetector, values: Float64Array): number | null {
  const { threshold, direction, from } = detector;
  const fires = direction === 'rising' ? (s: number) => s > threshold : (s: number) => -s > threshold;
  return firstFrom(slopes(values, detector.lag), from, fires);
}

/**
 * First t >= from with value >= threshold; falling, with value <= threshold.
 * @param values index = epoch
 */
export function levelFire(detector: LevelDetector, values: Float64Array): number | null {
  const { threshold, direction, from } = detector;
  const fires =
    direction === 'rising' ? (value: number) => value >= threshold : (value: number) => value <= threshold;
  return firstFrom(values, from, fires);
}

/**
 * Logarithmic slope over a lag: s(t) = [ln max(r(t), 1e-6) - ln max(r(t - lag), 1e-6)] / lag.
 * A NaN at t or t - lag gives NaN: the floor is for small ratios, not for missing ones (Python's max(1e-6, nan) is 1e-6, and
 * would make a slope of several units out of a gap in the series).
 * @param values r(t), index = epoch, shape [epochs + 1]
 * @param lag in epochs, an integer >= 1
 * @returns per epoch, same shape; NaN for t < lag
 * @throws RangeError when lag is not a positive integer
 */
export function slopes(values: Float64Array, lag: number): Float64Array {
  if (!Number.isInteger(lag) || lag < 1) throw new RangeError(`lag must be an integer >= 1, got ${lag}`);
  const logarithms = values.map((value) => Math.log(Math.max(value, floor)));
  return logarithms.map((now, t) => (t < lag ? NaN : (now - logarithms[t - lag]) / lag));
}

function firstFrom(values: Float64Array, from: number, fires: (value: number) => boolean): number | null {
  for (let t = Math.max(0, Math.ceil(from)); t < values.length; t++) {
    if (fires(values[t])) return t;
  }
  return null;
}
