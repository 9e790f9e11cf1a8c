import type { DrawnAxis } from './drawn-figure.ts';
import { numberText } from './number-text.ts';

/** Where the plot lies in the picture, in pixels. */
export interface PlotBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A character's width over its height, about: there is nothing to measure text with where figures are made without a browser. */
const characterShape = 0.56;

export function textWidth(text: string, fontSize: number): number {
  return text.length * fontSize * characterShape;
}

/** The same in the widest font that a figure may be shown in (DejaVu Sans): for what must not touch its neighbour. */
const widestShape = 0.64;

/** Room for a text in whatever font it is shown, pixels. */
export function widestTextWidth(text: string, fontSize: number): number {
  return text.length * fontSize * widestShape;
}

/** Labels of an axis are at most as wide as this one. */
const widestLabel = '1.23e-7';
/** Rows kept for detectors' labels in the window, where there may be any, so that the plot does not move when they fire. */
const keptRows = 2;

export type Place = (value: number) => number;

/** Where a value lies on an axis that goes from one end of the plot to the other, in pixels or dots as these. */
export function placeOn({ min, max, scale }: DrawnAxis, from: number, to: number): Place {
  if (scale === 'log') {
    const low = Math.log10(min);
    const factor = (to - from) / (Math.log10(max) - low);
    return (value) => from + (Math.log10(value) - low) * factor;
  }
  const factor = (to - from) / (max - min);
  return (value) => from + (value - min) * factor;
}

/** Margins hold any label, so that plots of one width lie under each other and do not move as numbers grow. */
export function plotBox(
  size: { readonly width: number; readonly height: number; readonly fontSize: number },
  above: {
    readonly marked: boolean;
    readonly rows: number;
    readonly legend: number;
    readonly right: boolean;
    /** Pixels the vertical axis's labels take; null for any labels. */
    readonly labels?: number | null;
  },
): PlotBox {
  const { width, height, fontSize } = size;
  const side = (above.labels ?? labelRoom(fontSize)) + fontSize + 14;
  const rows = above.labels == null ? Math.max(keptRows, above.rows) : above.rows;
  const markers = above.marked ? rows * markerHeight(fontSize) + 2 : 0;
  const top = above.legend + markers + 6;
  const right = above.right ? side : 16;
  const bottom = 2 * fontSize + 14;
  return {
    left: side,
    top,
    width: Math.max(10, width - side - right),
    height: Math.max(10, height - top - bottom),
  };
}

function labelRoom(fontSize: number): number {
  return textWidth(widestLabel, fontSize - 1);
}

/** Room for any label in whole pixels, so that a picture of the plot lies dot on dot. */
export function windowLabels(fontSize: number): number {
  return Math.ceil(labelRoom(fontSize));
}

/** What these labels take, for paper, where nothing grows. */
export function labelsWidth(axes: readonly (DrawnAxis | null)[], fontSize: number): number {
  const widths = axes.flatMap(
    (axis) => axis?.ticks.map((tick) => widestTextWidth(numberText(tick), fontSize - 1)) ?? [],
  );
  return Math.max(textWidth('0.1', fontSize - 1), ...widths);
}

export function markerHeight(fontSize: number): number {
  return fontSize + 3;
}
