import type { Study } from '../models/study.ts';
import type { Detector } from '../science/detector.ts';

/** What of a study reads stored series. Another of it scores every run anew, and trains none. */
export type Scoring = Pick<Study, 'detectors' | 'intervals' | 'late'>;

export function sameScoring(one: Scoring, other: Scoring): boolean {
  return scoringText(one) === scoringText(other);
}

/** Equal exactly when they score alike and are listed alike. */
function scoringText({ detectors, intervals, late }: Scoring): string {
  return JSON.stringify([Object.entries(detectors).map(inOrder), Object.entries(intervals), late]);
}

/** Its fields in one order, whoever made it. */
function inOrder([name, detector]: readonly [string, Detector]): readonly unknown[] {
  const { kind, series, threshold, from, direction } = detector;
  return [name, kind, series, detector.kind === 'slope' ? detector.lag : null, threshold, from, direction];
}
