import type { RunState } from '#shared/models/run.ts';
import type { Late, Study } from '#shared/models/study.ts';
import { type Crossings, crossingsOf, fireAt, lastThreshold } from '#shared/science/crossings.ts';
import type { Detector } from '#shared/science/detector.ts';
import {
  type FireSummary,
  type LateSummary,
  lateValue,
  separation,
  summarizeFires,
  summarizeLate,
} from '#shared/science/statistics.ts';
import { isControl } from './is-control.ts';

/** A run whose stored series are scored again, with detectors that need not be its study's. */
export interface RescoredRun {
  readonly id: number;
  readonly condition: string;
  readonly seed: number;
  readonly state: RunState;
  /** Index = epoch; null when the run has no such series. */
  series(name: string): Float64Array | null;
}

/** A run as a detector sees it at every threshold. */
export interface WatchedRun {
  readonly runId: number;
  readonly seed: number;
  /** Statistics are over finished runs, as the report's. */
  readonly finished: boolean;
  readonly crossings: Crossings;
}

export interface WatchedCondition {
  readonly condition: string;
  /** The condition's place in its study, which decides its colour. */
  readonly place: number;
  readonly isControl: boolean;
  /** Runs that have the series, in the order of their seeds. */
  readonly runs: readonly WatchedRun[];
}

/** Reads every run's series once; from then on any threshold costs nothing. A condition without the series has no runs. */
export function watchRuns(
  study: Pick<Study, 'conditions' | 'late'>,
  runs: readonly RescoredRun[],
  detector: Detector,
): WatchedCondition[] {
  return study.conditions.map((condition, place) => ({
    condition: condition.name,
    place,
    isControl: isControl(condition, study.late),
    runs: runs
      .filter((run) => run.condition === condition.name)
      .flatMap((run) => {
        const values = run.series(detector.series);
        if (!values || values.length === 0) return [];
        const crossings = crossingsOf(detector, values);
        return [{ runId: run.id, seed: run.seed, finished: run.state === 'finished', crossings }];
      })
      .toSorted((a, b) => a.seed - b.seed),
  }));
}

export interface RunFire {
  readonly runId: number;
  readonly seed: number;
  readonly finished: boolean;
  readonly epoch: number | null;
}

export interface ConditionFires {
  readonly condition: string;
  readonly place: number;
  readonly isControl: boolean;
  readonly runs: readonly RunFire[];
  /** Over the finished runs. */
  readonly summary: FireSummary;
}

/** When the detector fires in every run, and what that comes to by condition. */
export function scoreFires(detector: Detector, watched: readonly WatchedCondition[]): ConditionFires[] {
  return watched.map(({ condition, place, isControl: control, runs }) => {
    const fires = runs.map(({ runId, seed, finished, crossings }) => ({
      runId,
      seed,
      finished,
      epoch: fireAt(detector, crossings, detector.threshold),
    }));
    const summary = summarizeFires(fires.filter(({ finished }) => finished).map(({ epoch }) => epoch));
    return { condition, place, isControl: control, runs: fires, summary };
  });
}

/** Where one condition's runs all fire and another's do not at all. */
export interface ThresholdMargin {
  /** Threshold at which the last control stops firing: the highest any of them reaches (of a falling level, the lowest). */
  readonly control: number;
  /** Threshold at which the first run of the other condition stops firing. */
  readonly signal: number;
  /** Whether there is a threshold between the two. */
  readonly separates: boolean;
}

/** How far the threshold can be moved before the detector misses a run or counts a control. Null while either has no finished run. */
export function thresholdMargin(
  detector: Pick<Detector, 'kind' | 'direction'>,
  signal: readonly WatchedRun[],
  control: readonly WatchedRun[],
): ThresholdMargin | null {
  const limits = (runs: readonly WatchedRun[]): number[] =>
    runs
      .filter(({ finished }) => finished)
      .flatMap(({ crossings }) => lastThreshold(detector, crossings) ?? []);
  const [signals, controls] = [limits(signal), limits(control)];
  if (signals.length === 0 || controls.length === 0) return null;
  const isFallingLevel = detector.kind === 'level' && detector.direction === 'falling';
  const [weakest, strongest] = isFallingLevel
    ? [Math.max(...signals), Math.min(...controls)]
    : [Math.min(...signals), Math.max(...controls)];
  const separates = isFallingLevel ? weakest < strongest : weakest > strongest;
  return { control: strongest, signal: weakest, separates };
}

export interface ConditionLate {
  readonly condition: string;
  readonly place: number;
  /** Over the finished runs that have a value in the range; null when none has. */
  readonly late: LateSummary | null;
}

/** Late values by condition over any range, and how far two conditions are apart. */
export function scoreLate(
  study: Pick<Study, 'conditions'>,
  runs: readonly RescoredRun[],
  late: Late,
): { readonly conditions: readonly ConditionLate[]; readonly separation: number | null } {
  const values = new Map(
    study.conditions.map(({ name }) => [
      name,
      runs
        .filter(({ condition, state }) => condition === name && state === 'finished')
        .map((run) => lateValue(run.series(late.series) ?? new Float64Array(), late.range))
        .filter(Number.isFinite),
    ]),
  );
  const conditions = study.conditions.map(({ name }, place) => {
    const summary = summarizeLate(values.get(name) ?? []);
    return { condition: name, place, late: summary.n === 0 ? null : summary };
  });
  const [numerator, denominator] = late.separation ?? [];
  const ratio = separation(values.get(numerator ?? '') ?? [], values.get(denominator ?? '') ?? []);
  return { conditions, separation: Number.isFinite(ratio) ? ratio : null };
}
