import type { Ticks } from './axis-ticks.ts';
import type { Band } from './band.ts';
import type { AxisScale, EpochMarker, Level } from './figure.ts';
import type { Theme } from './palette.ts';

/*
 * A figure thinned for one view of it: what the drawing library is given. Made of a Figure by draw-figure.ts, in a worker where there is
 * much of it; every array can be handed over instead of copied. Points are x and y in turn; y is NaN for gaps.
 */

export interface DrawRequest {
  /** Of the plot, in dots of the screen or the paper. */
  readonly width: number;
  readonly height: number;
  /** For the colours of densities; everything else is coloured when it is drawn. */
  readonly theme: Theme;
  readonly xScale: AxisScale;
  readonly yScale: AxisScale;
  /** First and last epoch in view; null for all. */
  readonly view: readonly [number, number] | null;
  readonly hiddenConditions: ReadonlySet<string>;
  readonly hiddenRuns: ReadonlySet<number>;
  /** Whether single runs are drawn behind the statistics. */
  readonly singleRuns: boolean;
  /** Single runs with more points than this in all are drawn as one picture of their density. Infinity: never. */
  readonly mostPoints: number;
}

export interface DrawnAxis extends Ticks {
  readonly title: string;
  readonly scale: AxisScale;
}

export interface DrawnFigure {
  readonly id: string;
  readonly title: string;
  readonly x: DrawnAxis;
  /** First and last epoch there are, whatever the view. */
  readonly whole: readonly [number, number];
  readonly y: DrawnAxis;
  readonly right: DrawnAxis | null;
  readonly curves: readonly DrawnCurve[];
  /** Of the conditions shown, at epochs in view. */
  readonly markers: readonly EpochMarker[];
  /** Whether detectors read this figure, so that there is room for their labels before they fire. */
  readonly marked: boolean;
  readonly limits: readonly DrawnLimit[];
  readonly levels: readonly Level[];
  /** Every condition of the figure, hidden ones too. */
  readonly legend: readonly LegendEntry[];
  /** Single runs, when they are too many to be drawn as lines; over the whole plot. */
  readonly density: Picture | null;
  /** Values of the conditions shown that have no place on a logarithmic axis: of the vertical one, of the horizontal one. */
  readonly undrawable: number;
}

export interface LegendEntry {
  readonly condition: string;
  readonly place: number;
  /** Runs that have the series. */
  readonly n: number;
  readonly hidden: boolean;
}

export interface DrawnCurve {
  readonly condition: string;
  readonly place: number;
  readonly series: string;
  readonly label: string;
  readonly companion: boolean;
  readonly rank: number | null;
  readonly sparse: boolean;
  readonly onRight: boolean;
  readonly n: number;
  readonly median: Float64Array;
  /** The median where it is rounding and not signal. */
  readonly rounding: Float64Array;
  /** Closed outlines, one a stretch without a gap. */
  readonly quartiles: readonly Float64Array[];
  /** All runs in one: a gap between two of them. */
  readonly runs: Float64Array;
  /** Statistics at every epoch, for what is read off at the cursor. */
  readonly band: Band;
}

export interface DrawnLimit {
  readonly label: string;
  readonly condition: string;
  readonly place: number;
  readonly side: 'above' | 'below';
  readonly points: Float64Array;
}

/** RGBA, not premultiplied, row by row from the top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly dots: Uint8ClampedArray<ArrayBuffer>;
}

/** The buffers made for one drawing, to be handed over. Statistics are kept by whoever drew it, and copied. */
export function buffersOf({ curves, limits, density }: DrawnFigure): ArrayBuffer[] {
  const views = [
    ...curves.flatMap(({ median, rounding, quartiles, runs }) => [median, rounding, ...quartiles, runs]),
    ...limits.map(({ points }) => points),
    ...(density ? [density.dots] : []),
  ];
  return [...new Set(views.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer))];
}
