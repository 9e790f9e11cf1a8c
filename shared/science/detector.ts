export type Detector = SlopeDetector | LevelDetector;

/** s(t) = [ln max(r(t), 1e-6) - ln max(r(t - lag), 1e-6)] / lag; fires at the first t >= from with s > threshold. */
export interface SlopeDetector {
  readonly kind: 'slope';
  readonly series: string;
  readonly lag: number;
  readonly threshold: number;
  readonly from: number;
}

/** Fires at the first t >= from with value >= threshold. */
export interface LevelDetector {
  readonly kind: 'level';
  readonly series: string;
  readonly threshold: number;
  readonly from: number;
}
