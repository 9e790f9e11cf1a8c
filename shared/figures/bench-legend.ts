import { inkOf } from './palette.ts';
import { legendRowHeight, legendSample, placeEntries, rowsOf } from './paper-legend.ts';
import { escaped, markup } from './svg-markup.ts';

/** What a mark means, on paper. */
export interface BenchLegendEntry {
  readonly text: string;
  readonly colour: string;
  readonly mark: 'line' | 'bar' | 'dot' | 'ring' | 'area';
  readonly dash?: string | null;
}

export interface BenchLegend {
  readonly height: number;
  readonly content: readonly string[];
}

/** Rows of marks with their meaning, from the top left corner. */
export function benchLegend(
  entries: readonly BenchLegendEntry[],
  width: number,
  fontSize: number,
): BenchLegend {
  const placed = placeEntries(entries, width, fontSize);
  const rowHeight = legendRowHeight(fontSize);
  return {
    height: rowsOf(placed) * rowHeight + 2,
    content: placed.flatMap(({ x, row, text, ...entry }) => {
      const y = (row + 0.5) * rowHeight;
      return [
        sampleOf(entry, x + 2, y),
        markup(
          'text',
          { x: x + legendSample + 7, y: y + fontSize * 0.35, fill: inkOf('light').text },
          escaped(text),
        ),
      ];
    }),
  };
}

function sampleOf(
  { mark, colour, dash = null }: Omit<BenchLegendEntry, 'text'>,
  x: number,
  y: number,
): string {
  const middle = x + legendSample / 2;
  switch (mark) {
    case 'line':
      return markup('line', {
        x1: x,
        x2: x + legendSample,
        y1: y,
        y2: y,
        stroke: colour,
        'stroke-width': 1.8,
        'stroke-dasharray': dash,
      });
    case 'bar':
      return markup('line', {
        x1: middle,
        x2: middle,
        y1: y - 5,
        y2: y + 5,
        stroke: colour,
        'stroke-width': 1.8,
      });
    case 'area':
      return markup('rect', {
        x,
        y: y - 4,
        width: legendSample,
        height: 8,
        fill: colour,
        'fill-opacity': 0.22,
      });
    case 'dot':
      return markup('circle', { cx: middle, cy: y, r: 3.2, fill: colour });
    case 'ring':
      return markup('circle', { cx: middle, cy: y, r: 3, fill: '#ffffff', stroke: colour });
  }
}
