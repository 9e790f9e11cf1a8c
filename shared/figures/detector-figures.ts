import type { Study } from '../models/study.ts';
import { scoreFires, thresholdMargin, watchRuns } from '../report/score-detector.ts';
import type { RescoredRun, WatchedCondition } from '../report/score-detector.ts';
import { sweepThresholds, thresholdRange } from '../report/threshold-sweep.ts';
import type { Detector } from '../science/detector.ts';
import { fireFigure } from './fire-figure.ts';
import type { PaperFigure } from './paper-figure.ts';
import { thresholdFigure } from './threshold-figure.ts';
import type { SweptDetector } from './threshold-plot.ts';

/** Thresholds at which the curves are drawn: one every four dots or so. */
const sweepPoints = 181;

/**
 * A detector at every threshold worth looking at.
 * @param own the study's detector of that name, where it is another
 * @param separation the two conditions that are to be told apart; absent where a study has one condition
 */
export function sweepDetector(
  detector: Detector,
  own: Detector | null,
  watched: readonly WatchedCondition[],
  separation: readonly string[] | null,
): SweptDetector {
  const others = own === null || own.threshold === detector.threshold ? [] : [own.threshold];
  const isOwn = own !== null && others.length === 0;
  const range = thresholdRange(detector, watched, [detector.threshold, ...others]);
  const [signal, control] = (separation ?? []).map((name) =>
    watched.find(({ condition }) => condition === name),
  );
  return {
    range,
    sweep: sweepThresholds(detector, watched, range, sweepPoints),
    margin: signal && control ? thresholdMargin(detector, signal.runs, control.runs) : null,
    thresholds: [
      ...others.map((value) => ({ label: 'study', value, isOwn: true })),
      { label: isOwn ? 'study' : 'here', value: detector.threshold, isOwn: false },
    ],
  };
}

/** The longest condition's last epoch. */
export function lastEpochOf({ conditions }: Pick<Study, 'conditions'>): number {
  return Math.max(1, ...conditions.map(({ settings }) => settings.epochs));
}

/** What the detector bench shows of a study's own detectors, without a window; nothing of one whose series no run has. */
export function detectorFigures(study: Study, runs: readonly RescoredRun[]): PaperFigure[] {
  return Object.entries(study.detectors).flatMap(([name, detector]) => {
    const watched = watchRuns(study, runs, detector);
    if (watched.every((condition) => condition.runs.length === 0)) return [];
    const swept = sweepDetector(detector, detector, watched, study.late.separation ?? null);
    return [
      fireFigure(name, scoreFires(detector, watched), lastEpochOf(study)),
      thresholdFigure(name, detector, swept),
    ];
  });
}

/** What `detectorFigures` may have, before anything is measured. */
export function detectorFigureIds({ detectors }: Pick<Study, 'detectors'>): string[] {
  return Object.keys(detectors).flatMap((name) => [`fires-${name}`, `threshold-${name}`]);
}
