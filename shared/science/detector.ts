export const directions = ['rising', 'falling'] as const;
/** Which way a series has to cross the threshold. The study's own detectors all rise. */
export type Direction = (typeof directions)[number];

export type Detector = SlopeDetector | LevelDetector;

/**
 * s(t) = [ln max(r(t), 1e-6) - ln max(r(t - lag), 1e-6)] / lag; fires at the first t >= from with s > threshold, or, falling, with
 * -s > threshold.
 */
export interface SlopeDetector {
  readonly kind: 'slope';
  readonly series: string;
  readonly lag: number;
  readonly threshold: number;
  readonly from: number;
  readonly direction: Direction;
}

/** Fires at the first t >= from with value >= threshold, or, falling, with value <= threshold. */
export interface LevelDetector {
  readonly kind: 'level';
  readonly series: string;
  readonly threshold: number;
  readonly from: number;
  readonly direction: Direction;
}
