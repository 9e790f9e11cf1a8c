import type { EngineName, RunState } from '#shared/models/run.ts';
import type { LayerName } from '#shared/models/settings.ts';
import type { Interval, Late, PublishedRepulsion, PublishedStatistic } from '#shared/models/study.ts';
import type { Detector } from '#shared/science/detector.ts';
import type { FireSummary } from '#shared/science/statistics.ts';
import type { ScoringCaveats } from './scoring-caveats.ts';

/**
 * A study as measured, with what was published beside it. Plain JSON: every number is finite, and null is "not measured" or "did
 * not happen", never zero. Statistics are over finished runs only; a statistic of a series that a condition lacks is absent.
 */
export interface Report {
  readonly study: string;
  readonly description: string;
  readonly seeds: readonly number[];
  readonly published: { readonly source: string; readonly notes: readonly string[] } | null;
  readonly detectors: Readonly<Record<string, Detector>>;
  readonly intervals: Readonly<Record<string, Interval>>;
  readonly late: Late;
  readonly runs: readonly ReportRun[];
  readonly conditions: readonly ConditionReport[];
  readonly separation: SeparationReport | null;
  /** Controls in which a slope detector fired. */
  readonly crossings: readonly ControlCrossing[];
  readonly caveats: ScoringCaveats;
  /** By detector, finished runs in which it fired at the first epoch at which it had something to look at; those without any are absent. */
  readonly atOnce: Readonly<Record<string, readonly FiredAtOnce[]>>;
}

/** Nothing was seen to cross: it was so at `epoch` already. */
export interface FiredAtOnce {
  readonly epoch: number;
  readonly runs: number;
}

/** One run. Detectors of an unfinished run cover the rows it has; its late and final values do not exist yet. */
export interface ReportRun {
  readonly id: number;
  readonly condition: string;
  readonly seed: number;
  readonly state: RunState;
  readonly engine: EngineName | null;
  readonly epochs: number;
  readonly seconds: number;
  readonly problem: string | null;
  /** The epoch each detector fired at, null when it did not; a detector without its series is absent. */
  readonly detectors: Readonly<Record<string, number | null>>;
  /** Epochs from one detector to another, null unless both fired. */
  readonly intervals: Readonly<Record<string, number | null>>;
  readonly late: number | null;
  readonly final: { readonly trainAccuracy: number | null; readonly testAccuracy: number | null };
}

export interface ConditionReport {
  readonly name: string;
  /** Finished runs; the statistics below are over these. */
  readonly n: number;
  readonly failed: number;
  /** Queued, running, interrupted or cancelled. */
  readonly unfinished: number;
  /** Without weight decay, or the one the study divides by. */
  readonly isControl: boolean;
  /** AdamW's weight decay: it is no part of the loss, which then has no ridge of its own. */
  readonly isDecayDecoupled: boolean;
  /** Medians over runs. */
  readonly final: { readonly trainAccuracy: number | null; readonly testAccuracy: number | null };
  readonly medianSeconds: number | null;
  readonly detectors: Readonly<Record<string, FireReport>>;
  readonly intervals: Readonly<Record<string, FireReport>>;
  readonly late: LateReport | null;
  readonly repulsion: readonly RepulsionReport[];
  readonly smoothness: readonly SmoothnessReport[];
  readonly spectrum: SpectrumReport | null;
}

/** `difference` is measured - published, of the medians, in every report below. */
export interface FireReport {
  readonly measured: FireSummary | null;
  readonly published: PublishedStatistic | null;
  readonly difference: number | null;
}

export interface LateReport {
  readonly measured: {
    readonly median: number;
    readonly min: number;
    readonly max: number;
    readonly n: number;
  } | null;
  readonly published: {
    readonly median: number;
    readonly min: number | null;
    readonly max: number | null;
  } | null;
  readonly difference: number | null;
}

export interface SeparationReport {
  readonly numerator: string;
  readonly denominator: string;
  readonly measured: number | null;
  readonly published: number | null;
  readonly difference: number | null;
}

/** One probed epoch at one ridge, over the seeds. */
export interface RepulsionReport {
  readonly epoch: number;
  /** The ridge's name in the study; `value` is null where only a published number exists. */
  readonly ridge: string;
  readonly value: number | null;
  /** The condition whose weight decay gave the ridge, for a control. */
  readonly borrowedFrom: string | null;
  readonly measured: RepulsionStatistics | null;
  readonly published: PublishedRepulsion | null;
  readonly difference: number | null;
}

export interface RepulsionStatistics {
  readonly n: number;
  /** Most similar pairs a run. */
  readonly pairs: number;
  /** Share of them with sgn B = -sgn cos. */
  readonly median: number;
  readonly q1: number;
  readonly q3: number;
  /** Median over seeds of P(B < 0 | cos > 0) on the similar pairs; null when no seed has such a pair. */
  readonly negativeGivenPositive: number | null;
  /** The same share on random pairs, median over seeds; null without random pairs. */
  readonly random: number | null;
  readonly randomPairs: number;
  /** The largest over seeds, and how many pairs were solved for in all. */
  readonly identityDeviation: number | null;
  readonly identityPairs: number;
}

/** Medians over runs at one epoch; `overlaps[k]` is of eigenvector k + 1 with Legendre polynomial P_k. */
export interface SmoothnessReport {
  readonly layer: LayerName;
  readonly epoch: number;
  readonly n: number;
  readonly ratio23: number | null;
  readonly overlaps: readonly (number | null)[];
}

export interface SpectrumReport {
  readonly layer: LayerName;
  readonly n: number;
  /** Share of a run's epochs with sigma_3 < 1e-7 sigma_1, median over runs; `late` over the late range only. */
  readonly floorShare: number | null;
  readonly lateFloorShare: number | null;
  /** Medians over runs of the largest sigma_2/sigma_3 above the floor once the window is full, and of its epoch. */
  readonly peak: {
    readonly ratio: number;
    readonly epoch: number;
    /** How many runs have their largest at their last epoch, and over how many this is. */
    readonly atEnd: number;
    readonly n: number;
  } | null;
}

export interface ControlCrossing {
  readonly runId: number;
  readonly condition: string;
  readonly seed: number;
  readonly detector: string;
  readonly epoch: number;
}
