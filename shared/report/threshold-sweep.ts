import { fireAt } from '#shared/science/crossings.ts';
import type { Detector } from '#shared/science/detector.ts';
import { summarizeFires } from '#shared/science/statistics.ts';
import type { WatchedCondition } from './score-detector.ts';

/** Thresholds worth looking at. On a logarithmic scale both ends are positive. */
export interface ThresholdRange {
  readonly low: number;
  readonly high: number;
  readonly scale: 'linear' | 'log';
}

/** Room beside the outermost threshold at which anything changes. */
const margin = 0.06;
/** Values that span more than this are looked at by their logarithm. */
const decades = 100;

/**
 * From where every run fires to where none does, with the thresholds in use inside. Slopes are looked at from 0 on: a detector of
 * rises that fires on none is not worth a curve.
 * @param inUse thresholds that must be in the range: the study's and the one being tried
 */
export function thresholdRange(
  detector: Pick<Detector, 'kind' | 'direction'>,
  watched: readonly WatchedCondition[],
  inUse: readonly number[],
): ThresholdRange {
  const isFallingSlope = detector.kind === 'slope' && detector.direction === 'falling';
  const extremes = watched
    .flatMap(({ runs }) => runs)
    .flatMap(({ crossings }) => [crossings.extremes.at(0) ?? NaN, crossings.extremes.at(-1) ?? NaN])
    .map((extreme) => (isFallingSlope ? -extreme : extreme))
    .filter(Number.isFinite);
  const relevant = detector.kind === 'slope' ? [0, ...extremes.map((s) => Math.max(0, s))] : extremes;
  const all = [...relevant, ...inUse];
  if (all.length === 0) return { low: 0, high: 1, scale: 'linear' };
  const [least, most] = [Math.min(...all), Math.max(...all)];
  if (detector.kind === 'level' && least > 0 && most / least > decades) {
    const room = (most / least) ** margin;
    return { low: least / room, high: most * room, scale: 'log' };
  }
  const room = (most - least || Math.abs(most) || 1) * margin;
  const atEdge = detector.kind === 'slope' && least === 0;
  return { low: atEdge ? 0 : least - room, high: most + room, scale: 'linear' };
}

/** How a detector would have done at other thresholds, by condition; index = threshold. */
export interface ThresholdSweep {
  readonly thresholds: Float64Array;
  readonly conditions: readonly {
    readonly condition: string;
    readonly place: number;
    readonly isControl: boolean;
    /** Finished runs; 0 where nothing can be drawn. */
    readonly n: number;
    /** Share of them that fires, in [0, 1]. */
    readonly share: Float64Array;
    /** Fire epochs over those that fire; NaN where none does. */
    readonly median: Float64Array;
    readonly q1: Float64Array;
    readonly q3: Float64Array;
  }[];
}

/** @param points thresholds, evenly spaced in the range's own scale, both ends included */
export function sweepThresholds(
  detector: Pick<Detector, 'kind' | 'direction'>,
  watched: readonly WatchedCondition[],
  { low, high, scale }: ThresholdRange,
  points: number,
): ThresholdSweep {
  const thresholds = Float64Array.from({ length: points }, (_, k) => {
    const share = k / (points - 1);
    return scale === 'log' ? low * (high / low) ** share : low + share * (high - low);
  });
  const conditions = watched.map(({ condition, place, isControl, runs }) => {
    const finished = runs.filter((run) => run.finished);
    const summaries = Array.from(thresholds, (threshold) =>
      summarizeFires(finished.map(({ crossings }) => fireAt(detector, crossings, threshold))),
    );
    const column = (of: (summary: (typeof summaries)[number]) => number | null): Float64Array =>
      Float64Array.from(summaries, (summary) => of(summary) ?? NaN);
    return {
      condition,
      place,
      isControl,
      n: finished.length,
      share: column(({ fired, n }) => (n === 0 ? null : fired / n)),
      median: column(({ median }) => median),
      q1: column(({ q1 }) => q1),
      q3: column(({ q3 }) => q3),
    };
  });
  return { thresholds, conditions };
}
