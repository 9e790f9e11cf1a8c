import type { ConditionFires, RunFire } from '../report/score-detector.ts';
import { ticksWithin } from './axis-ticks.ts';
import { spread } from './spread.ts';

/*
 * When each run fires, as a strip of dots a condition: where everything lies, for the page and for paper.
 */

/** Sizes in pixels. */
export interface StripFrame {
  readonly width: number;
  /** Room for the names on the left. */
  readonly names: number;
  /** Room on the right for how many never fire. */
  readonly silent: number;
  readonly right: number;
  readonly rowHeight: number;
  /** A dot's radius. */
  readonly dot: number;
  /** From one label of the axis to the next, at least. */
  readonly label: number;
}

export interface FireStrip {
  /** Where the epochs end; what lies beyond is of runs that never fire. */
  readonly plotEnd: number;
  /** Of all rows; the axis lies under it. */
  readonly height: number;
  readonly ticks: readonly { readonly epoch: number; readonly x: number }[];
  readonly rows: readonly StripRow[];
}

export interface StripRow {
  readonly fires: ConditionFires;
  readonly top: number;
  readonly middle: number;
  /** One a run that fires, in the order of the seeds. */
  readonly dots: readonly { readonly run: RunFire; readonly x: number; readonly y: number }[];
  readonly silent: readonly RunFire[];
  readonly median: number | null;
  readonly quartiles: { readonly x: number; readonly width: number } | null;
}

/** Over the counts of runs at the right. */
export const neverFires = 'never fire';

/** A row and the bars in it, from its edges. */
export const stripInset = 3;

/** @param lastEpoch where the axis ends, >= 1 */
export function fireStrip(fires: readonly ConditionFires[], lastEpoch: number, frame: StripFrame): FireStrip {
  const { width, names, silent, right, rowHeight, dot } = frame;
  const plotEnd = Math.max(names + 60, width - silent - right);
  const plotWidth = plotEnd - names;
  const across = (epoch: number): number => names + dot + (epoch / lastEpoch) * (plotWidth - 2 * dot);
  const labels = Math.max(1, Math.floor(plotWidth / frame.label));
  return {
    plotEnd,
    height: fires.length * rowHeight,
    ticks: ticksWithin([0, lastEpoch], 'linear', labels)
      .ticks.filter(Number.isInteger)
      .map((epoch) => ({ epoch, x: across(epoch) })),
    rows: fires.map((condition, index) => {
      const { median, q1, q3 } = condition.summary;
      const middle = (index + 0.5) * rowHeight;
      const fired = condition.runs.flatMap((run) =>
        run.epoch === null ? [] : [{ run, x: across(run.epoch) }],
      );
      const lanes = spread(
        fired.map(({ x }) => x),
        2 * dot,
        rowHeight / 2 - dot - 1,
      );
      return {
        fires: condition,
        top: index * rowHeight,
        middle,
        dots: fired.map(({ run, x }, k) => ({ run, x, y: middle + lanes[k] })),
        silent: condition.runs.filter(({ epoch }) => epoch === null),
        median: median === null ? null : across(median),
        quartiles:
          q1 === null || q3 === null ? null : { x: across(q1), width: Math.max(1, across(q3) - across(q1)) },
      };
    }),
  };
}
