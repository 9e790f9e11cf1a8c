import type { ThresholdMargin } from '../report/score-detector.ts';
import type { ThresholdRange, ThresholdSweep } from '../report/threshold-sweep.ts';
import { ticksAround, ticksWithin } from './axis-ticks.ts';
import { numberText } from './number-text.ts';
import { conditionStroke } from './palette.ts';

/*
 * How many runs fire at other thresholds, and when: two panels over one axis of thresholds. Where everything lies, for the page and for
 * paper.
 */

/** What is drawn. */
export interface SweptDetector {
  readonly sweep: ThresholdSweep;
  readonly range: ThresholdRange;
  readonly margin: ThresholdMargin | null;
  /** The one in use, and the study's own where it is another. */
  readonly thresholds: readonly { readonly label: string; readonly value: number; readonly isOwn: boolean }[];
}

/** Sizes in pixels. */
export interface SweepFrame {
  readonly width: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  /** Height of a panel, and what lies between the two. */
  readonly panel: number;
  readonly gap: number;
  readonly fontSize: number;
}

export interface PanelTick {
  readonly label: string;
  readonly y: number;
}

export interface ThresholdPlot {
  readonly plotWidth: number;
  /** Share fired, above, and fire epoch: where each ends downwards. */
  readonly share: { readonly floor: number; readonly ticks: readonly PanelTick[] };
  readonly epoch: { readonly floor: number; readonly ticks: readonly PanelTick[] };
  readonly ticks: readonly { readonly label: string; readonly x: number }[];
  readonly curves: readonly SweepCurve[];
  readonly lines: readonly ThresholdMark[];
  /** Where every run of the one condition fires and no control does. */
  readonly safe: { readonly x: number; readonly width: number } | null;
}

/** A condition; paths as SVG has them. */
export interface SweepCurve {
  readonly condition: string;
  readonly place: number;
  readonly isControl: boolean;
  readonly n: number;
  readonly share: string;
  readonly median: string;
  readonly quartiles: string;
}

export interface ThresholdMark {
  readonly label: string;
  readonly value: number;
  readonly isOwn: boolean;
  readonly x: number;
  /** Labels of lines that lie close stand back to back. */
  readonly anchor: 'start' | 'middle' | 'end';
}

/** Where a threshold lies in the range, 0 to 1. */
function shareOf({ low, high, scale }: ThresholdRange, threshold: number): number {
  return scale === 'log'
    ? Math.log(threshold / low) / Math.log(high / low)
    : (threshold - low) / (high - low);
}

/** The threshold at this share of the range; at its ends beyond them. */
export function thresholdAt({ low, high, scale }: ThresholdRange, share: number): number {
  const inside = Math.min(1, Math.max(0, share));
  return scale === 'log' ? low * (high / low) ** inside : low + inside * (high - low);
}

export function thresholdPlot(swept: SweptDetector, frame: SweepFrame): ThresholdPlot {
  const { sweep, range, margin } = swept;
  const { left, top, panel, gap, fontSize } = frame;
  const plotWidth = Math.max(40, frame.width - left - frame.right);
  const x = (threshold: number): number => left + shareOf(range, threshold) * plotWidth;
  const shareFloor = top + panel;
  const epochFloor = shareFloor + gap + panel;
  // A hair inside, so that lines at 0 and 1 are whole.
  const shareY = (share: number): number => shareFloor - 2 - share * (panel - 4);
  const shown = sweep.conditions.filter(({ n }) => n > 0);
  const epochs = shown.flatMap(({ q1, q3 }) => [...q1, ...q3]).filter(Number.isFinite);
  const axis = ticksAround(Math.min(...epochs), Math.max(...epochs), 'linear', Math.floor(panel / 26));
  const epochY = (epoch: number): number =>
    epochFloor - 4 - ((epoch - axis.min) / (axis.max - axis.min)) * (panel - 8);
  const xs = Array.from(sweep.thresholds, x);
  const [first, ...rest] = swept.thresholds;
  const limits = margin?.separates ? [x(margin.control), x(margin.signal)] : null;
  return {
    plotWidth,
    share: {
      floor: shareFloor,
      ticks: [0, 0.5, 1].map((share) => ({ label: String(share), y: shareY(share) })),
    },
    epoch: {
      floor: epochFloor,
      ticks:
        epochs.length === 0
          ? []
          : axis.ticks.filter(Number.isInteger).map((epoch) => ({ label: String(epoch), y: epochY(epoch) })),
    },
    ticks: ticksWithin(
      [range.low, range.high],
      range.scale,
      Math.max(2, Math.floor(plotWidth / (6 * fontSize))),
    ).ticks.map((threshold) => ({ label: numberText(threshold), x: x(threshold) })),
    curves: shown.map(({ condition, place, isControl, n, share, median, q1, q3 }) => ({
      condition,
      place,
      isControl,
      n,
      share: polyline(xs, share, shareY),
      median: polyline(xs, median, epochY),
      quartiles: outline(xs, q1, q3, epochY),
    })),
    lines: swept.thresholds.map((line) => {
      const { label, isOwn, value } = line;
      const other = line === first ? rest.at(0) : first;
      const apart = other ? x(value) - x(other.value) : Infinity;
      const isClose = Math.abs(apart) < 8 * fontSize;
      return { label, value, isOwn, x: x(value), anchor: isClose ? (apart < 0 ? 'end' : 'start') : 'middle' };
    }),
    safe: limits && { x: Math.min(...limits), width: Math.abs(limits[1] - limits[0]) },
  };
}

/** Controls are dashed, and conditions beyond the colours as everywhere. @returns as SVG has it; null for a full line */
export function sweepDash(place: number, isControl: boolean): string | null {
  if (isControl) return '5 3';
  return conditionStroke(place, 'light').dash?.join(' ') ?? null;
}

type Along = (value: number) => number;

/** Breaks where there is no value. */
function polyline(xs: readonly number[], values: Float64Array, y: Along): string {
  let path = '';
  let isOpen = false;
  xs.forEach((at, k) => {
    if (Number.isNaN(values[k])) isOpen = false;
    else {
      path += `${isOpen ? 'L' : 'M'}${at.toFixed(1)} ${y(values[k]).toFixed(1)}`;
      isOpen = true;
    }
  });
  return path;
}

function outline(xs: readonly number[], low: Float64Array, high: Float64Array, y: Along): string {
  const there = xs.map((_, k) => k).filter((k) => !Number.isNaN(low[k]));
  if (there.length === 0) return '';
  const point = (k: number, values: Float64Array): string => `${xs[k].toFixed(1)} ${y(values[k]).toFixed(1)}`;
  const back = there.toReversed();
  return `M${[...there.map((k) => point(k, low)), ...back.map((k) => point(k, high))].join('L')}Z`;
}
