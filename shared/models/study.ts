import type { Detector } from '../science/detector.ts';
import type { Settings } from './settings.ts';

/** One study file, parsed, validated and expanded: conditions x seeds = runs. */
export interface Study {
  readonly name: string;
  readonly description: string;
  readonly conditions: readonly Condition[];
  readonly seeds: readonly number[];
  /** By name, in the file's order. Detectors read stored series: changing one never retrains. */
  readonly detectors: Readonly<Record<string, Detector>>;
  /** Differences of two detectors' epochs, seed by seed, by name. */
  readonly intervals: Readonly<Record<string, Interval>>;
  readonly late: Late;
  readonly published: Published | null;
  /** The file as it was read, kept word for word. */
  readonly source: string;
}

export interface Condition {
  readonly name: string;
  readonly settings: Settings;
}

/** epoch(to) - epoch(from), over the seeds in which both fired. */
export interface Interval {
  readonly from: string;
  readonly to: string;
}

/** The late value of a run is the median of `series` over range[0]..range[1], both ends included. */
export interface Late {
  readonly series: string;
  readonly range: readonly [number, number];
  /**
   * Separation is the ratio of the medians of these two conditions, [numerator, denominator];
   * null when the study names fewer than two conditions.
   */
  readonly separation: readonly [string, string] | null;
}

/** What a paper printed for this study, shown in the column beside what was measured. */
export interface Published {
  readonly source: string;
  /** Sentences a reader needs beside the numbers (what was not reproduced, and why). */
  readonly notes: readonly string[];
  readonly conditions: Readonly<Record<string, PublishedCondition>>;
  readonly separation: number | null;
}

export interface PublishedCondition {
  /** By detector or interval name. */
  readonly detectors: Readonly<Record<string, PublishedStatistic>>;
  readonly late: { readonly median: number; readonly min: number | null; readonly max: number | null } | null;
  /** Similar-pair repulsion at the published ridge, by epoch. */
  readonly repulsion: readonly PublishedRepulsion[];
}

export interface PublishedStatistic {
  readonly fired: number | null;
  readonly n: number | null;
  readonly median: number | null;
  readonly q1: number | null;
  readonly q3: number | null;
}

export interface PublishedRepulsion {
  readonly epoch: number;
  readonly median: number;
  readonly q1: number | null;
  readonly q3: number | null;
}
