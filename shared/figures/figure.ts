import type { Band } from './band.ts';

/*
 * A figure as data: everything that is drawn and exported, without a drawing library. Window and headless export make the same picture
 * of it (line-option.ts) and the same table (figure-csv.ts).
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
  readonly curves: readonly Curve[];
  readonly markers: readonly EpochMarker[];
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
  /** Epochs at which the median is rounding and not signal; null where that cannot happen. */
  readonly rounding: readonly boolean[] | null;
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
