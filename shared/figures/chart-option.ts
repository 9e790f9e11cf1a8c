import type {
  CustomSeriesOption,
  CustomSeriesRenderItemReturn,
  EChartsOption,
  TooltipComponentOption,
  XAXisComponentOption,
  YAXisComponentOption,
} from 'echarts';
import { curveSeries, limitSeries, overPlot } from './curve-series.ts';
import type { DrawnAxis, DrawnFigure } from './drawn-figure.ts';
import { labelSeries } from './line-labels.ts';
import { levelSeries, markerSeries } from './marker-series.ts';
import { numberText } from './number-text.ts';
import { inkOf } from './palette.ts';
import type { Ink, Theme } from './palette.ts';
import { paperLegend } from './paper-legend.ts';
import { placeAll } from './marker-places.ts';
import type { MarkerPlaces } from './marker-places.ts';
import type { PlotBox } from './plot-box.ts';
import { labelsWidth, plotBox, windowLabels } from './plot-box.ts';
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
  /** Curves that were painted elsewhere, as one picture; null where they are drawn here. */
  readonly picture: CurvesPicture | null;
}

/** The element that shows a picture of curves. @param coordinate pixels of an epoch and a value of the left axis */
export type CurvesPicture = (
  box: PlotBox,
  coordinate: (point: [number, number]) => number[],
) => CustomSeriesRenderItemReturn;

/** The system's own; without quotation marks, which the drawing library would not escape in an SVG. */
export const systemFonts =
  'system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, DejaVu Sans, Arial, sans-serif';

/** A drawn figure for ECharts. Pure: the same figure and options give the same picture, in the window and without a browser. */
export function chartOption(drawn: DrawnFigure, options: ChartOptions): EChartsOption {
  const { theme, width, fontSize, medium } = options;
  const ink = inkOf(theme);
  const legend = options.legend ? paperLegend(drawn, theme, width, fontSize) : { height: 0, graphic: [] };
  const labels = medium === 'paper' ? labelsWidth([drawn.y, drawn.right], fontSize) : windowLabels(fontSize);
  const { box, places } = layOut(drawn, options, legend.height, labels);
  const { picture } = options;
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
      ...(picture === null ? [] : [pictureSeries(picture, drawn, box)]),
      ...drawn.limits.map((limit) => limitSeries(limit, drawn, theme)),
      ...drawn.levels.map((level) => levelSeries(level, drawn, box, theme)),
      ...(picture === null
        ? drawn.curves.flatMap((curve, order) => curveSeries(curve, order, drawn, theme))
        : []),
      ...markerSeries(places, drawn, box, theme, fontSize),
      ...labelSeries(drawn, box, theme, fontSize),
    ],
  };
}

/** Where the plot of a chart in the window lies, whose detectors' labels are as many as they are. */
export function windowBox(drawn: LaidOut, size: ChartSize): PlotBox {
  return layOut(drawn, size, 0, windowLabels(size.fontSize)).box;
}

/** What lies above and below the plot of a figure on paper, in pixels. */
export function aroundPlot(drawn: DrawnFigure, options: ChartOptions): number {
  const legend = options.legend
    ? paperLegend(drawn, options.theme, options.width, options.fontSize).height
    : 0;
  const tall = { ...options, height: 10_000 };
  return (
    tall.height -
    layOut(drawn, tall, legend, labelsWidth([drawn.y, drawn.right], options.fontSize)).box.height
  );
}

type ChartSize = Pick<ChartOptions, 'width' | 'height' | 'fontSize'>;
type LaidOut = Pick<DrawnFigure, 'x' | 'right' | 'markers' | 'marked'>;

function layOut(
  drawn: LaidOut,
  size: ChartSize,
  legend: number,
  labels: number,
): { readonly box: PlotBox; readonly places: MarkerPlaces } {
  const above = { marked: drawn.marked, rows: 0, legend, right: drawn.right !== null, labels };
  const places = placeAll(drawn, plotBox(size, above).width, size.fontSize);
  return { box: plotBox(size, { ...above, rows: places.rows }), places };
}

function pictureSeries(picture: CurvesPicture, drawn: DrawnFigure, box: PlotBox): CustomSeriesOption {
  const series = overPlot(drawn, 'curves', 1, (_, api) => picture(box, (point) => api.coord(point)));
  // It shows the cursor's values, as lines would; and it is cut by itself, to leave a line at the plot's edge its width.
  return { ...series, clip: false, tooltip: { show: true } };
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
  labels: number,
): YAXisComponentOption {
  const common = {
    ...axisOption(axis, ink, fontSize),
    position,
    nameGap: labels + 10,
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
