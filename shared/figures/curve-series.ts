import type { CustomSeriesOption, LineSeriesOption } from 'echarts';
import type { DrawnCurve, DrawnFigure, DrawnLimit } from './drawn-figure.ts';
import { bandOpacity, hasSymbols, lineStrokes, runStroke, symbolSize } from './curve-strokes.ts';
import { conditionStroke, inkOf } from './palette.ts';
import type { Theme } from './palette.ts';

type Series = LineSeriesOption | CustomSeriesOption;

/** Something drawn once over the plot, by a custom series with one datum: the drawing library takes it for data, and moves no axis for it. */
export function overPlot(
  drawn: DrawnFigure,
  id: string,
  z: number,
  children: NonNullable<CustomSeriesOption['renderItem']>,
  onRight = false,
): CustomSeriesOption {
  const axis = onRight && drawn.right ? drawn.right : drawn.y;
  return {
    type: 'custom',
    id,
    silent: true,
    clip: true,
    z,
    animation: false,
    yAxisIndex: onRight ? 1 : 0,
    tooltip: { show: false },
    data: [[drawn.x.min, axis.min]],
    renderItem: children,
  };
}

/**
 * A curve as drawn: the quartile band, the runs faint, the median on top. Nothing is computed from what is visible.
 * @param order its place among the curves: those after it lie over it. Said, since a curve that was hidden for a while would else come to lie
 *   on top of all others.
 */
export function curveSeries(curve: DrawnCurve, order: number, drawn: DrawnFigure, theme: Theme): Series[] {
  const series: Series[] = [];
  if (curve.quartiles.length > 0) series.push(bandSeries(curve, drawn, theme));
  if (curve.runs.length > 0) series.push(runSeries(curve, drawn, theme));
  return [...series, ...medianSeries(curve, theme)].map((each) => ({
    ...each,
    z: (each.z ?? 0) + order / 1000,
  }));
}

function bandSeries(curve: DrawnCurve, drawn: DrawnFigure, theme: Theme): CustomSeriesOption {
  const { colour } = conditionStroke(curve.place, theme);
  const opacity = bandOpacity(curve);
  return overPlot(
    drawn,
    `band ${curve.condition} ${curve.series} ${curve.label}`,
    1,
    (_, api) => ({
      type: 'group',
      children: curve.quartiles.map((outline) => ({
        type: 'polygon' as const,
        shape: { points: cornersOf(outline, (point) => api.coord(point)) },
        style: { fill: colour, opacity },
      })),
    }),
    curve.onRight,
  );
}

type Coordinate = (point: [number, number]) => number[];

function cornersOf(points: Float64Array, coordinate: Coordinate): number[][] {
  const corners: number[][] = [];
  for (let i = 0; i < points.length; i += 2) corners.push(coordinate([points[i], points[i + 1]]));
  return corners;
}

/** Lines without the gaps between them. */
function polylines(points: Float64Array, coordinate: Coordinate): number[][][] {
  const lines: number[][][] = [];
  let line: number[][] = [];
  for (let i = 0; i <= points.length; i += 2) {
    if (i < points.length && !Number.isNaN(points[i + 1])) line.push(coordinate([points[i], points[i + 1]]));
    else if (line.length > 0) {
      if (line.length > 1) lines.push(line);
      line = [];
    }
  }
  return lines;
}

function runSeries(curve: DrawnCurve, drawn: DrawnFigure, theme: Theme): CustomSeriesOption {
  const { colour } = conditionStroke(curve.place, theme);
  return overPlot(
    drawn,
    `runs ${curve.condition} ${curve.series} ${curve.label}`,
    2,
    (_, api) => ({
      type: 'group',
      children: polylines(curve.runs, (point) => api.coord(point)).map((points) => ({
        type: 'polyline' as const,
        shape: { points },
        style: { stroke: colour, lineWidth: runStroke.width, opacity: runStroke.opacity, fill: 'none' },
      })),
    }),
    curve.onRight,
  );
}

function medianSeries(curve: DrawnCurve, theme: Theme): LineSeriesOption[] {
  const { colour } = conditionStroke(curve.place, theme);
  const { condition, series, label, onRight } = curve;
  return lineStrokes(curve, theme).map(({ part, points, width, dash, opacity }) => ({
    type: 'line',
    id: `${part} ${condition} ${series} ${label}`,
    name: condition,
    color: colour,
    showSymbol: hasSymbols(curve, points),
    symbol: onRight ? 'diamond' : 'circle',
    symbolSize,
    connectNulls: false,
    animation: false,
    silent: true,
    emphasis: { disabled: true },
    z: 3,
    yAxisIndex: onRight ? 1 : 0,
    data: pairsOf(points),
    lineStyle: {
      color: colour,
      width,
      type: dash ? [...dash] : ('solid' as const),
      ...(opacity === undefined ? {} : { opacity }),
    },
  }));
}

function pairsOf(points: Float64Array): [number, number][] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < points.length; i += 2) pairs.push([points[i], points[i + 1]]);
  return pairs;
}

/** A bound as a dotted line with its far side shaded to the end of the plot. */
export function limitSeries(limit: DrawnLimit, drawn: DrawnFigure, theme: Theme): CustomSeriesOption {
  const { colour } = conditionStroke(limit.place, theme);
  // Many on each other are no darker than two.
  const opacity = 0.1 * Math.min(1, 2 / drawn.limits.length);
  return overPlot(drawn, `limit ${limit.condition} ${limit.label}`, 0, (_, api) => {
    const end = api.coord([drawn.x.min, limit.side === 'above' ? drawn.y.max : drawn.y.min])[1];
    const lines = polylines(limit.points, (point) => api.coord(point));
    return {
      type: 'group',
      children: lines.flatMap((points) => [
        {
          type: 'polygon' as const,
          shape: { points: [...points, [points[points.length - 1][0], end], [points[0][0], end]] },
          style: { fill: inkOf(theme).muted, opacity },
        },
        {
          type: 'polyline' as const,
          shape: { points },
          style: { stroke: colour, lineWidth: 1, lineDash: [1, 2], fill: 'none' },
        },
      ]),
    };
  });
}
