import type { Detector } from './detector.ts';
import { slopes } from './detectors.ts';

/**
 * The epochs at which what a detector watches reached a new extreme, from its first epoch on. A detector fires, at any threshold, at
 * one of them: these few numbers say when it would have fired wherever its threshold had been, without reading the series again.
 */
export interface Crossings {
  /** Ascending. */
  readonly epochs: readonly number[];
  /** Slope or value at those epochs: ascending for a rising detector, descending for a falling one. A falling slope's are negative. */
  readonly extremes: readonly number[];
}

/**
 * Running extremes of s(t) (slope) or of the values (level), t >= from; the detector's threshold is not used. NaN is no extreme.
 * @param values index = epoch, shape [epochs + 1]
 * @throws RangeError when a slope detector's lag is not a positive integer
 */
export function crossingsOf(detector: Detector, values: Float64Array): Crossings {
  const watched = watchedSeries(detector, values);
  const epochs: number[] = [];
  const extremes: number[] = [];
  const sign = detector.direction === 'rising' ? 1 : -1;
  let highest = -Infinity;
  for (let t = Math.max(0, Math.ceil(detector.from)); t < watched.length; t++) {
    const value = sign * watched[t];
    // A value of -Infinity is one too: the first is kept.
    if (!(value > highest || (epochs.length === 0 && value === highest))) continue;
    highest = value;
    epochs.push(t);
    extremes.push(watched[t]);
  }
  return { epochs, extremes };
}

/** What is compared with the threshold: the series itself, or its logarithmic slope. Index = epoch. */
export function watchedSeries(detector: Detector, values: Float64Array): Float64Array {
  return detector.kind === 'slope' ? slopes(values, detector.lag) : values;
}

/** The epoch a detector with these crossings fires at, as `fireEpoch` finds it; null when it does not. */
export function fireAt(
  { kind, direction }: Pick<Detector, 'kind' | 'direction'>,
  { epochs, extremes }: Crossings,
  threshold: number,
): number | null {
  const sign = direction === 'rising' ? 1 : -1;
  // A slope must exceed its threshold, which is a speed in either direction; a level need only reach it.
  const fires = (extreme: number): boolean =>
    kind === 'slope' ? sign * extreme > threshold : sign * extreme >= sign * threshold;
  const place = extremes.findIndex(fires);
  return place < 0 ? null : epochs[place];
}

/**
 * The threshold at which a detector with these crossings is about to fire no more: its largest extreme, as a threshold is written (a
 * falling slope's as a speed). Null when it watched nothing.
 */
export function lastThreshold(
  { kind, direction }: Pick<Detector, 'kind' | 'direction'>,
  { extremes }: Crossings,
): number | null {
  const extreme = extremes.at(-1);
  if (extreme === undefined) return null;
  return kind === 'slope' && direction === 'falling' ? -extreme : extreme;
}
