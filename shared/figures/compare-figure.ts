import type { Detector } from '../science/detector.ts';
import { markerOfScores } from './epoch-marker.ts';
import type { Figure } from './figure.ts';
import type { RunGroup } from './group-curve.ts';
import { groupCurve } from './group-curve.ts';
import { suitedScale } from './run-figure.ts';

export interface ComparedGroup extends RunGroup {
  /** Those of its study, by name. */
  readonly detectors: Readonly<Record<string, Detector>>;
  /** When they fired, of each run that was scored. */
  readonly scores: readonly { readonly detectors: Readonly<Record<string, number | null>> }[];
}

/** One series of everything that is compared: conditions with their bands, single runs as lines, and when the detectors that read it fired. Colours go by place. */
export function compareFigure(groups: readonly ComparedGroup[], series: string, epochs: number): Figure {
  const curves = groups.flatMap((group) => groupCurve(group, series));
  return {
    id: series,
    title: series,
    caption: '',
    x: { title: 'epoch', scale: 'linear', range: [0, epochs] },
    y: {
      title: series,
      scale: suitedScale(Float64Array.from(curves.flatMap(({ band }) => [...band.median]))),
      range: series.endsWith('.accuracy') ? [0, 1] : null,
    },
    curves,
    markers: groups.flatMap(({ name, place, detectors, scores }) =>
      Object.entries(detectors)
        .filter(([, detector]) => detector.series === series)
        .flatMap(([detector]) => markerOfScores({ detector, condition: name, place }, scores)),
    ),
  };
}
