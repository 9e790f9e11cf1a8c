import type { CustomSeriesOption } from 'echarts';
import { overPlot } from './curve-series.ts';
import type { DrawnFigure } from './drawn-figure.ts';
import type { Level } from './figure.ts';
import { conditionStroke, inkOf } from './palette.ts';
import type { Theme } from './palette.ts';
import { swatchWidth } from './marker-places.ts';
import type { MarkerPlaces } from './marker-places.ts';
import { markerHeight } from './plot-box.ts';
import type { PlotBox } from './plot-box.ts';

/**
 * Detectors' epochs: a dashed line at the median, the quartiles shaded, and the labels in rows over the plot; where there are many, only
 * ticks over it.
 */
export function markerSeries(
  { whole, ticks }: MarkerPlaces,
  drawn: DrawnFigure,
  box: PlotBox,
  theme: Theme,
  fontSize: number,
): CustomSeriesOption[] {
  if (whole.length + ticks.length === 0) return [];
  const bottom = box.top + box.height;
  const series = overPlot(drawn, 'markers', 4, (_, api) => {
    const across = (epoch: number): number => {
      const [x] = api.coord([Math.min(drawn.x.max, Math.max(drawn.x.min, epoch)), drawn.y.min]);
      return x;
    };
    const lines = whole.flatMap(({ marker, row }) => {
      const { colour } = conditionStroke(marker.place, theme);
      const x = across(marker.median);
      const [q1, q3] = [across(marker.q1), across(marker.q3)];
      return [
        {
          type: 'rect' as const,
          shape: { x: q1, y: box.top, width: q3 - q1, height: box.height },
          style: { fill: colour, opacity: 0.12 },
        },
        {
          type: 'line' as const,
          shape: { x1: x, y1: labelY(row, box, fontSize), x2: x, y2: bottom },
          style: { stroke: colour, lineWidth: 1, lineDash: [3, 3] },
        },
      ];
    });
    // After every line: a label's ground hides the lines of labels further up.
    const labels = whole.flatMap(({ marker, text, from, x, isLeft, row }) => {
      if (row === null) return [];
      const left = box.left + (isLeft ? x - swatchWidth / 2 : from);
      const [y, height] = [labelY(row, box, fontSize), fontSize - 2];
      return [
        {
          type: 'rect' as const,
          shape: { x: left + 2, y: y - height / 2, width: swatchWidth - 4, height },
          style: { fill: conditionStroke(marker.place, theme).colour },
        },
        {
          type: 'text' as const,
          style: {
            text,
            x: isLeft ? left : left + swatchWidth,
            y,
            align: isLeft ? ('right' as const) : ('left' as const),
            verticalAlign: 'middle' as const,
            fill: inkOf(theme).text,
            fontSize: fontSize - 1,
            backgroundColor: inkOf(theme).page,
            padding: [0, 1],
          },
        },
      ];
    });
    const rows = ticks.flatMap(({ text, markers, row }) => [
      ...markers.map((marker) => {
        const y = labelY(row, box, fontSize);
        const x = across(marker.median);
        return {
          type: 'line' as const,
          shape: { x1: x, y1: y - fontSize / 2, x2: x, y2: y + fontSize / 2 },
          style: { stroke: conditionStroke(marker.place, theme).colour, lineWidth: 1.5 },
        };
      }),
      {
        type: 'text' as const,
        style: {
          text,
          x: box.left,
          y: labelY(row + 1, box, fontSize),
          verticalAlign: 'middle' as const,
          fill: inkOf(theme).text,
          fontSize: fontSize - 1,
        },
      },
    ]);
    return { type: 'group', children: [...lines, ...labels, ...rows] };
  });
  return [{ ...series, clip: false }];
}

function labelY(row: number | null, { top }: PlotBox, fontSize: number): number {
  return row === null ? top : top - 2 - (row + 0.5) * markerHeight(fontSize);
}

/** A horizontal line to compare with. */
export function levelSeries(
  level: Level,
  drawn: DrawnFigure,
  box: PlotBox,
  theme: Theme,
): CustomSeriesOption {
  const colour = level.place === undefined ? inkOf(theme).text : conditionStroke(level.place, theme).colour;
  return overPlot(
    drawn,
    `level ${level.condition ?? ''} ${level.label}`,
    2,
    (_, api) => {
      const [, y] = api.coord([drawn.x.min, level.value]);
      return {
        type: 'line' as const,
        shape: { x1: box.left, y1: y, x2: box.left + box.width, y2: y },
        style: { stroke: colour, lineWidth: 1, lineDash: [1, 2] },
      };
    },
    level.onRight ?? false,
  );
}
