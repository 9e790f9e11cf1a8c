import type { Band } from './band.ts';

/*
 * A figure as data: everything that is drawn and exported, without a drawing library. Window and headless export make the same picture
 * of it (chart-option.ts) and the same table (figure-csv.ts).
 */

export type AxisScale = 'linear' | 'log';

export interface Axis {
  readonly title: string;
  readonly scale: AxisScale;
  /** Fixed ends, for quantities that have them (an accuracy); null follows the data. */
  readonly range: readonly [number, number] | null;
}

export interface Figure {
  /** Stable name, for files and for what a user chose to see. */
  readonly id: string;
  readonly title: string;
  /** What dashes and dots mean and what the numbers do not, in a sentence or two. */
  readonly caption: string;
  readonly x: Axis;
  readonly y: Axis;
  /** A second vertical axis, on the right, for the curves that say so. */
  readonly right?: Axis;
  readonly curves: readonly Curve[];
  readonly markers: readonly EpochMarker[];
  /** Detectors read this figure, though none may have fired yet. */
  readonly marked?: boolean;
  /** Where numbers stop being signal. */
  readonly limits?: readonly Limit[];
  /** Values to compare with, at any epoch. */
  readonly levels?: readonly Level[];
}

/** One series of one condition. */
export interface Curve {
  readonly condition: string;
  /** The condition's place in its study: it decides the colour, in every figure. */
  readonly place: number;
  readonly series: string;
  /** A second series beside the first in the same figure: no band and no seeds, so that the first stays readable. */
  readonly companion: boolean;
  /** One a run, faint behind the median; index = epoch. */
  readonly runs: readonly RunLine[];
  readonly band: Band;
  /** Runs the statistics are of, where the runs themselves have not come yet; absent where `runs` says it. */
  readonly n?: number;
  /** Epochs at which the median is rounding and not signal; null where that cannot happen. */
  readonly rounding: readonly boolean[] | null;
  /** What the curve is called beside its condition; its series where it has no other name. */
  readonly label?: string;
  /** Measured at some epochs only: points, joined over the epochs between. */
  readonly sparse?: boolean;
  /** Reads on the right axis. */
  readonly onRight?: boolean;
  /** One of several of its condition that are drawn alike (the eigenvalues), from 0; each is fainter than the one before it. */
  readonly rank?: number;
}

/** A bound epoch by epoch: on its far side, differences are rounding of float32 weights and not signal. */
export interface Limit {
  readonly label: string;
  readonly condition: string;
  readonly place: number;
  readonly side: 'above' | 'below';
  /** Index = epoch, NaN where it is not defined. */
  readonly values: Float64Array;
}

/** A horizontal line: what the quantity was somewhere else (at initialisation), or what it is compared with (a threshold). */
export interface Level {
  readonly label: string;
  /** The condition it belongs to, with which it is hidden; null for one that belongs to none. */
  readonly condition: string | null;
  /** The condition's; absent where there is none. */
  readonly place?: number;
  readonly value: number;
  readonly onRight?: boolean;
}

export interface RunLine {
  readonly runId: number;
  readonly seed: number;
  readonly values: Float64Array;
}

/** When a detector fired, over the runs of a condition. */
export interface EpochMarker {
  readonly detector: string;
  readonly condition: string;
  readonly place: number;
  readonly fired: number;
  readonly n: number;
  readonly median: number;
  readonly q1: number;
  readonly q3: number;
}
