import type { DrawnCurve } from './drawn-figure.ts';
import { companionDash } from './paper-legend.ts';
import { conditionStroke } from './palette.ts';
import type { Theme } from './palette.ts';

/*
 * How the parts of a curve look, whoever draws them: the drawing library, on paper and where there are few, or the window's worker.
 */

/** A line of a curve, in pixels. */
export interface LineStroke {
  readonly part: 'companion' | 'median' | 'rounding';
  readonly points: Float64Array;
  readonly width: number;
  readonly dash: readonly number[] | null;
  /** Absent: full. */
  readonly opacity?: number;
}

/** Single runs behind the statistics. */
export const runStroke = { width: 0.75, opacity: 0.38 } as const;

export function bandOpacity(curve: DrawnCurve): number {
  return 0.22 * strength(curve);
}

/** The lines over band and runs, from the lowest. */
export function lineStrokes(curve: DrawnCurve, theme: Theme): LineStroke[] {
  const { median, rounding, companion, rank, place } = curve;
  if (companion) return [{ part: 'companion', points: median, width: 1.3, dash: companionDash }];
  const { dash } = conditionStroke(place, theme);
  const width = rank === null ? 1.8 : 1.4;
  const lines: LineStroke[] = [{ part: 'median', points: median, width, dash, opacity: strength(curve) }];
  if (rounding.length > 0) lines.push({ part: 'rounding', points: rounding, width: 1.2, dash: [1, 3] });
  return lines;
}

/** Of a measured point, across, pixels. */
export const symbolSize = 5;
/** More of them would be a thick line. */
const mostSymbols = 60;

/** Whether these points of a curve are shown beside its line. */
export function hasSymbols({ sparse }: DrawnCurve, points: Float64Array): boolean {
  return sparse && points.length <= 2 * mostSymbols;
}

/** Fainter with each of several of a condition. */
function strength({ rank }: DrawnCurve): number {
  return rank === null ? 1 : Math.max(0.35, 1 - 0.16 * rank);
}
