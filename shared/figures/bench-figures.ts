import type { Study } from '../models/study.ts';
import type { ConditionFires } from '../report/score-detector.ts';
import type { Detector } from '../science/detector.ts';
import { slopes } from '../science/detectors.ts';
import { markerOf } from './epoch-marker.ts';
import type { Curve, EpochMarker, Figure, Level } from './figure.ts';
import { conditionGroups, groupCurve } from './group-curve.ts';
import { suitedScale } from './run-figure.ts';
import type { FigureRun } from './study-figures.ts';

/**
 * What a detector reads, with the epochs at which it fires and its threshold: the series, and for a slope detector the slope it compares.
 * @param fires of every condition, in the study's order
 */
export function benchFigures(
  study: Pick<Study, 'conditions'>,
  runs: readonly FigureRun[],
  detector: Detector,
  name: string,
  fires: readonly ConditionFires[],
): Figure[] {
  const markers: EpochMarker[] = fires.flatMap(({ condition, place, summary }) =>
    markerOf({ detector: name, condition, place }, summary),
  );
  // A slope is compared where the slope is drawn, a level where the series is.
  const levels: Level[] = [{ label: 'threshold', condition: null, value: detector.threshold }];
  const epochs = Math.max(...study.conditions.map(({ settings }) => settings.epochs));
  const { series } = detector;
  const figure = (
    id: string,
    title: string,
    axis: string,
    curves: readonly Curve[],
    caption: string,
  ): Figure => ({
    id,
    title,
    caption,
    x: { title: 'epoch', scale: 'linear', range: [0, epochs] },
    y: { title: axis, scale: 'linear', range: null },
    curves,
    markers,
  });
  const curvesOf = (of: readonly FigureRun[]): Curve[] =>
    conditionGroups(study.conditions, of).flatMap((group) => groupCurve(group, series));
  const values = curvesOf(runs);
  const scale = suitedScale(Float64Array.from(values.flatMap(({ band }) => [...band.median])));
  const own = figure('series', series, series, values, '');
  const shown: Figure = { ...own, y: { ...own.y, scale } };
  if (detector.kind === 'level') return [{ ...shown, levels }];
  const slopeRuns = runs.map((run) => ({
    ...run,
    series: (wanted: string) => {
      const found = run.series(wanted);
      return found && slopes(found, detector.lag);
    },
  }));
  return [
    {
      ...figure(
        'slope',
        `slope of ln ${series} over ${detector.lag} epochs`,
        'slope an epoch',
        curvesOf(slopeRuns),
        `What is compared with the threshold, from epoch ${detector.from} on.`,
      ),
      levels,
    },
    shown,
  ];
}
