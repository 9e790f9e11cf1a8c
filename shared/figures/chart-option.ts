import type {
  CustomSeriesRenderItemReturn,
  EChartsOption,
  TooltipComponentOption,
  XAXisComponentOption,
  YAXisComponentOption,
} from 'echarts';
import { curveSeries, limitSeries, overPlot } from './curve-series.ts';
import type { DrawnAxis, DrawnFigure } from './drawn-figure.ts';
import { levelSeries, markerSeries } from './marker-series.ts';
import { numberText } from './number-text.ts';
import { inkOf } from './palette.ts';
import type { Ink, Theme } from './palette.ts';
import { paperLegend } from './paper-legend.ts';
import type { PlotBox } from './plot-box.ts';
import { labelsWidth, placeMarkers, plotBox, textWidth } from './plot-box.ts';
import { cursorText } from './cursor-text.ts';

export interface ChartOptions {
  readonly theme: Theme;
  /** Of the whole picture, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly fontSize: number;
  /** A chart in the window answers the pointer, and has its legend beside it; a figure on paper carries its own. */
  readonly medium: 'window' | 'paper';
  /** On paper only. */
  readonly legend: boolean;
  readonly fontFamily: string;
  /** Draws the density of single runs, which only a page can make an image of; null where lines are drawn. */
  readonly density: ((box: PlotBox) => CustomSeriesRenderItemReturn) | null;
}

/** The system's own; without quotation marks, which the drawing library would not escape in an SVG. */
export const systemFonts =
  'system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, DejaVu Sans, Arial, sans-serif';

/** A drawn figure for ECharts. Pure: the same figure and options give the same picture, in the window and without a browser. */
export function chartOption(drawn: DrawnFigure, options: ChartOptions): EChartsOption {
  const { theme, width, fontSize, medium } = options;
  const ink = inkOf(theme);
  const legend = options.legend ? paperLegend(drawn, theme, width, fontSize) : { height: 0, graphic: [] };
  const labels = medium === 'paper' ? labelsWidth([drawn.y, drawn.right], fontSize) : null;
  const above = {
    marked: drawn.marked,
    rows: 0,
    legend: legend.height,
    right: drawn.right !== null,
    labels,
  };
  const placed = placeMarkers(drawn, plotBox(options, above).width, fontSize);
  const rows = placed.reduce((most, { row }) => Math.max(most, (row ?? -1) + 1), 0);
  const box = plotBox(options, { ...above, rows });
  const { density } = options;
  return {
    animation: false,
    backgroundColor: medium === 'window' ? 'transparent' : ink.page,
    textStyle: { fontFamily: options.fontFamily, fontSize, color: ink.text },
    graphic: legend.graphic,
    grid: { ...box, outerBoundsMode: 'none' },
    xAxis: xAxisOption(drawn.x, ink, fontSize),
    yAxis: [
      yAxisOption(drawn.y, ink, fontSize, 'left', labels),
      ...(drawn.right ? [yAxisOption(drawn.right, ink, fontSize, 'right', labels)] : []),
    ],
    ...(medium === 'window' ? { tooltip: tooltipOption(drawn, ink, fontSize) } : {}),
    series: [
      ...(density === null ? [] : [overPlot(drawn, 'density', 0, () => density(box))]),
      ...drawn.limits.map((limit) => limitSeries(limit, drawn, theme, fontSize)),
      ...drawn.levels.map((level) => levelSeries(level, drawn, box, theme, fontSize)),
      ...drawn.curves.flatMap((curve, order) => curveSeries(curve, order, drawn, theme)),
      ...markerSeries(placed, drawn, box, theme, fontSize),
    ],
  };
}

function axisOption({ title, ticks, min, max }: DrawnAxis, ink: Ink, fontSize: number) {
  return {
    name: title,
    nameLocation: 'middle' as const,
    nameTextStyle: { color: ink.muted, fontSize },
    nameMoveOverlap: false,
    min,
    max,
    axisLine: { show: true, onZero: false, lineStyle: { color: ink.rule } },
    axisTick: { show: true, customValues: [...ticks], lineStyle: { color: ink.rule } },
    axisLabel: {
      show: true,
      color: ink.muted,
      fontSize: fontSize - 1,
      formatter: numberText,
      customValues: [...ticks],
      showMinLabel: true,
      showMaxLabel: true,
    },
    splitLine: { show: true, lineStyle: { color: ink.faint } },
  };
}

function xAxisOption(axis: DrawnAxis, ink: Ink, fontSize: number): XAXisComponentOption {
  const common = { ...axisOption(axis, ink, fontSize), nameGap: fontSize + 12 };
  return axis.scale === 'log' ? { ...common, type: 'log', logBase: 10 } : { ...common, type: 'value' };
}

function yAxisOption(
  axis: DrawnAxis,
  ink: Ink,
  fontSize: number,
  position: 'left' | 'right',
  labels: number | null,
): YAXisComponentOption {
  const common = {
    ...axisOption(axis, ink, fontSize),
    position,
    nameGap: (labels ?? textWidth('1.23e-7', fontSize - 1)) + 10,
    // The plot has one grid; two would be read against each other.
    splitLine: { show: position === 'left', lineStyle: { color: ink.faint } },
  };
  return axis.scale === 'log'
    ? { ...common, type: 'log', logBase: 10 }
    : { ...common, type: 'value', scale: true };
}

/** Cursor with values. Text is drawn on the canvas: markup with styles of its own would be refused. */
function tooltipOption(drawn: DrawnFigure, ink: Ink, fontSize: number): TooltipComponentOption {
  return {
    trigger: 'axis',
    renderMode: 'richText',
    confine: true,
    transitionDuration: 0,
    backgroundColor: ink.page,
    borderColor: ink.rule,
    borderWidth: 1,
    padding: [6, 8],
    textStyle: { color: ink.text, fontSize, lineHeight: fontSize + 3 },
    axisPointer: { type: 'line', snap: false, lineStyle: { color: ink.rule } },
    formatter: (items) => {
      const [first] = Array.isArray(items) ? items : [items];
      return cursorText(drawn, Math.round(Number(first && Reflect.get(first, 'axisValue'))));
    },
  };
}
