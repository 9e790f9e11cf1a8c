import type { DrawnFigure } from './drawn-figure.ts';
import type { EpochMarker } from './figure.ts';
import { numberText } from './number-text.ts';
import { textWidth, widestTextWidth } from './plot-box.ts';

const mostRows = 6;

/** More of them, with their quartiles, would cover the curves, and have no rows for their names. */
export const mostWholeMarkers = 8;

/** What is drawn of more; said beside the figure. */
export const manyMarkersNote =
  `Each tick over the plot is when a detector fired, the median of a condition. With at most ${mostWholeMarkers} of them in view, quartiles and ` +
  'counts are drawn too: hide conditions for that.';

export interface PlacedMarker {
  readonly marker: EpochMarker;
  readonly text: string;
  /** Left edge of its label and the place of its line, in pixels of the plot. */
  readonly from: number;
  readonly x: number;
  /** Whether the text stands left of its swatch, where there is no room on the right. */
  readonly isLeft: boolean;
  /** 0 is the row next to the plot; null when no row had room, and only the line is drawn. */
  readonly row: number | null;
}

/** The medians of one detector, where there are many: a row of ticks, and their name over it. */
export interface TickRow {
  readonly text: string;
  readonly markers: readonly EpochMarker[];
  /** Of the ticks; the name has the next. */
  readonly row: number;
}

export interface MarkerPlaces {
  readonly whole: readonly PlacedMarker[];
  readonly ticks: readonly TickRow[];
  /** Rows over the plot that are taken. */
  readonly rows: number;
}

export const swatchWidth = 8;

/** Detectors' epochs over a plot of this width: each with its label, or, where they are many, all of a detector in a row. */
export function placeAll(
  drawn: Pick<DrawnFigure, 'markers' | 'x'>,
  width: number,
  fontSize: number,
): MarkerPlaces {
  if (drawn.markers.length > mostWholeMarkers) {
    const ticks = tickRows(drawn.markers);
    return { whole: [], ticks, rows: 2 * ticks.length };
  }
  const whole = placeMarkers(drawn, width, fontSize);
  return { whole, ticks: [], rows: whole.reduce((most, { row }) => Math.max(most, (row ?? -1) + 1), 0) };
}

function tickRows(markers: readonly EpochMarker[]): TickRow[] {
  return [...Map.groupBy(markers, ({ detector }) => detector)].map(([detector, own], index) => {
    const medians = own.map(({ median }) => median);
    const ends = [...new Set([Math.min(...medians), Math.max(...medians)])].map(numberText).join(' to ');
    const text =
      own.length === 1 ? `${detector}: median ${ends}` : `${detector}: ${own.length} medians, ${ends}`;
    return { text, markers: own, row: 2 * index };
  });
}

/**
 * Labels over the plot in rows, so that no two overlap and none leaves the plot's width. Each stands right of its line, where that fits; the
 * last ones lowest, so that a line runs through another's label only where that stands on the left.
 */
export function placeMarkers(
  drawn: Pick<DrawnFigure, 'markers' | 'x'>,
  width: number,
  fontSize: number,
): PlacedMarker[] {
  const along = drawn.x.scale === 'log' ? Math.log10 : (epoch: number) => epoch;
  const [low, high] = [along(drawn.x.min), along(drawn.x.max)];
  const starts: number[] = [];
  return drawn.markers
    .map((marker) => ({ marker, x: (width * (along(marker.median) - low)) / (high - low) }))
    .toSorted((a, b) => b.x - a.x)
    .map(({ marker, x }) => {
      const text = markerText(marker);
      // Past the plot's end there is its margin, should the font be a wide one; a neighbour leaves no such room.
      const room = swatchWidth + textWidth(text, fontSize - 1) + 2;
      const taken = swatchWidth + widestTextWidth(text, fontSize - 1) + 8;
      const isLeft = x - swatchWidth / 2 + room > width && x + swatchWidth / 2 >= room;
      const from = isLeft
        ? x + swatchWidth / 2 - taken
        : Math.max(0, Math.min(x - swatchWidth / 2, width - room));
      const rows = Array.from({ length: mostRows }, (_, row) => row);
      const free = rows.find((row) => (starts[row] ?? Infinity) >= from + taken);
      if (free !== undefined) starts[free] = from;
      return { marker, text, from, x, isLeft, row: free ?? null };
    })
    .toReversed();
}

function markerText({ detector, median, fired, n }: EpochMarker): string {
  const share = n > 1 ? ` (${fired}/${n})` : '';
  return `${detector} ${numberText(median)}${share}`;
}
