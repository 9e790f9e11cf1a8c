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

interface PlacedEntry extends Entry {
  readonly x: number;
  readonly row: number;
}

const sample = 18;
const gap = 14;

export interface PaperLegend {
  readonly height: number;
  readonly graphic: GraphicComponentOption[];
}

export const companionDash: readonly number[] = [4, 3];

export function paperLegend(drawn: DrawnFigure, theme: Theme, width: number, fontSize: number): PaperLegend {
  const entries = entriesOf(drawn, theme);
  const placed = placeEntries(entries, width, fontSize);
  const rows = placed.reduce((most, { row }) => Math.max(most, row + 1), 0);
  const rowHeight = fontSize + 6;
  return {
    height: rows * rowHeight + 2,
    graphic: placed.flatMap((entry) => drawnEntry(entry, rowHeight, theme, fontSize)),
  };
}

function entriesOf({ legend, curves }: DrawnFigure, theme: Theme): Entry[] {
  const conditions = legend
    .filter(({ hidden }) => !hidden)
    .map(({ condition, place, n }) => {
      const { colour, dash } = conditionStroke(place, theme);
      return { text: `${condition} (n = ${n})`, colour, dash, width: 1.8 };
    });
  const labels = new Map(curves.map((curve) => [curve.label, curve] as const));
  // One series needs no name beside the axis title.
  if (![...labels.values()].some(({ companion }) => companion)) return conditions;
  const series = [...labels].map(([text, { companion }]) => ({
    text,
    colour: inkOf(theme).muted,
    dash: companion ? companionDash : null,
    width: companion ? 1.3 : 1.8,
  }));
  return [...conditions, ...series];
}

function placeEntries(entries: readonly Entry[], width: number, fontSize: number): PlacedEntry[] {
  let [x, row] = [0, 0];
  return entries.map((entry) => {
    const room = sample + 5 + textWidth(entry.text, fontSize);
    if (x > 0 && x + room > width) [x, row] = [0, row + 1];
    const place = { ...entry, x, row };
    x += room + gap;
    return place;
  });
}

function drawnEntry(
  entry: PlacedEntry,
  rowHeight: number,
  theme: Theme,
  fontSize: number,
): GraphicComponentOption[] {
  const y = (entry.row + 0.5) * rowHeight;
  return [
    {
      type: 'line',
      silent: true,
      shape: { x1: entry.x + 2, y1: y, x2: entry.x + 2 + sample, y2: y },
      style: {
        stroke: entry.colour,
        lineWidth: entry.width,
        lineDash: entry.dash ? [...entry.dash] : 'solid',
      },
    },
    {
      type: 'text',
      silent: true,
      x: entry.x + sample + 7,
      y,
      style: { text: entry.text, fill: inkOf(theme).text, fontSize, verticalAlign: 'middle' },
    },
  ];
}
