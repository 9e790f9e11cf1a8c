import type { GraphicComponentOption } from 'echarts';
import type { DrawnFigure } from './drawn-figure.ts';
import { conditionStroke, inkOf } from './palette.ts';
import type { Theme } from './palette.ts';
import { textWidth } from './plot-box.ts';

/*
 * The legend of a figure on paper: conditions with their n, and what dashes mean. Laid out here and not by the drawing library, which
 * knows no dashes in a legend. In the window the legend is made of buttons.
 */

interface Entry {
  readonly text: string;
  readonly colour: string;
  readonly dash: readonly number[] | null;
  readonly width: number;
}

type Placed<E> = E & { readonly x: number; readonly row: number };

/** The sample of an entry, and what lies between two entries. */
export const legendSample = 18;
const gap = 14;

export interface PaperLegend {
  readonly height: number;
  readonly graphic: GraphicComponentOption[];
}

export const companionDash: readonly number[] = [4, 3];

export function paperLegend(drawn: DrawnFigure, theme: Theme, width: number, fontSize: number): PaperLegend {
  const { conditions, series } = entriesOf(drawn, theme);
  const inOne = placeEntries([...conditions, ...series], width, fontSize);
  const placed = rowsOf(inOne) === 1 ? inOne : inRows([conditions, series], width, fontSize);
  const rows = rowsOf(placed);
  const rowHeight = legendRowHeight(fontSize);
  return {
    height: rows * rowHeight + 2,
    graphic: placed.flatMap((entry) => drawnEntry(entry, rowHeight, theme, fontSize)),
  };
}

/** Colours and dashes are two keys: each begins a row of its own. */
function inRows(parts: readonly (readonly Entry[])[], width: number, fontSize: number): Placed<Entry>[] {
  const placed: Placed<Entry>[] = [];
  for (const part of parts) {
    const above = rowsOf(placed);
    for (const entry of placeEntries(part, width, fontSize))
      placed.push({ ...entry, row: entry.row + above });
  }
  return placed;
}

interface Entries {
  readonly conditions: readonly Entry[];
  readonly series: readonly Entry[];
}

function entriesOf({ legend, curves }: DrawnFigure, theme: Theme): Entries {
  const conditions = legend
    .filter(({ hidden }) => !hidden)
    .map(({ condition, place, n }) => {
      const { colour, dash } = conditionStroke(place, theme);
      return { text: `${condition} (n = ${n})`, colour, dash, width: 1.8 };
    });
  const labels = new Map(curves.map((curve) => [curve.label, curve] as const));
  // One series needs no name beside the axis title.
  if (![...labels.values()].some(({ companion }) => companion)) return { conditions, series: [] };
  const series = [...labels].map(([text, { companion }]) => ({
    text,
    colour: inkOf(theme).muted,
    dash: companion ? companionDash : null,
    width: companion ? 1.3 : 1.8,
  }));
  return { conditions, series };
}

/** In rows of this width; samples stand before the texts. */
export function placeEntries<E extends { readonly text: string }>(
  entries: readonly E[],
  width: number,
  fontSize: number,
): Placed<E>[] {
  let [x, row] = [0, 0];
  return entries.map((entry) => {
    const room = legendSample + 5 + textWidth(entry.text, fontSize);
    if (x > 0 && x + room > width) [x, row] = [0, row + 1];
    const place = { ...entry, x, row };
    x += room + gap;
    return place;
  });
}

export function rowsOf(placed: readonly { readonly row: number }[]): number {
  return placed.reduce((most, { row }) => Math.max(most, row + 1), 0);
}

export function legendRowHeight(fontSize: number): number {
  return fontSize + 6;
}

function drawnEntry(
  entry: Placed<Entry>,
  rowHeight: number,
  theme: Theme,
  fontSize: number,
): GraphicComponentOption[] {
  const y = (entry.row + 0.5) * rowHeight;
  return [
    {
      type: 'line',
      silent: true,
      shape: { x1: entry.x + 2, y1: y, x2: entry.x + 2 + legendSample, y2: y },
      style: {
        stroke: entry.colour,
        lineWidth: entry.width,
        lineDash: entry.dash ? [...entry.dash] : 'solid',
      },
    },
    {
      type: 'text',
      silent: true,
      x: entry.x + legendSample + 7,
      y,
      style: { text: entry.text, fill: inkOf(theme).text, fontSize, verticalAlign: 'middle' },
    },
  ];
}
