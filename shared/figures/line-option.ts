import type { EChartsOption, XAXisComponentOption, YAXisComponentOption } from 'echarts';
import { curveSeries } from './curve-series.ts';
import type { Axis, Figure } from './figure.ts';
import { numberText } from './number-text.ts';
import { conditionStroke, inkOf } from './palette.ts';
import type { Ink, Theme } from './palette.ts';

export interface LineOptions {
  readonly theme: Theme;
  /** Of the whole picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** First and last epoch in view; null for all. Lines are thinned for this range, and drawn beyond it too. */
  readonly view: readonly [number, number] | null;
  /** A chart in the window answers the pointer; a figure on paper does not. */
  readonly interactive: boolean;
  readonly fontSize: number;
}

/** The system's own; without quotation marks, which the drawing library would not escape in an SVG. */
const fontFamily =
  'system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, DejaVu Sans, Arial, sans-serif';
/** What axis labels and titles take of the width, about: thinning needs no more. */
const margins = 80;

/** A figure as ECharts draws it. Pure: the same figure and options give the same picture, in the window and without a browser. */
export function lineOption(figure: Figure, options: LineOptions): EChartsOption {
  const { theme, width, view, interactive, fontSize } = options;
  const ink = inkOf(theme);
  const last = figure.x.range?.[1] ?? lastEpoch(figure);
  const [from, to] = view ?? [0, last];
  const style = {
    theme,
    scale: figure.y.scale,
    pixelsPerEpoch: Math.max(1, width - margins) / Math.max(1, to - from),
    fontSize,
  };
  const legend = legendEntries(figure, theme);
  return {
    animation: false,
    backgroundColor: interactive ? 'transparent' : ink.page,
    textStyle: { fontFamily, fontSize, color: ink.text },
    legend: {
      data: legend.map(({ entry }) => entry),
      formatter: (name: string) => legend.find(({ entry }) => entry.name === name)?.text ?? name,
      top: 0,
      left: 'center',
      itemWidth: 16,
      itemHeight: 3,
      itemGap: 18,
      padding: [4, 4],
      textStyle: { color: ink.text, fontSize },
      inactiveColor: ink.rule,
    },
    grid: {
      left: 2,
      right: 14,
      top: legendHeight(legend, width, fontSize) + 8,
      bottom: 2,
      outerBoundsMode: 'same',
      outerBoundsContain: 'all',
    },
    xAxis: xAxisOption(figure.x, last, ink, fontSize),
    yAxis: yAxisOption(figure.y, ink, fontSize),
    ...(interactive ? pointerOptions(figure, ink, fontSize) : {}),
    series: figure.curves.flatMap((curve) => {
      const markers = figure.markers.filter(({ condition }) => condition === curve.condition);
      return curveSeries(curve, curve.companion ? [] : markers, style);
    }),
  };
}

/** The last epoch that any run has reached. */
export function lastEpoch(figure: Figure): number {
  return figure.curves.reduce((last, { band }) => Math.max(last, band.median.length - 1), 0);
}

interface LegendEntry {
  readonly entry: {
    readonly name: string;
    readonly icon: string;
    readonly itemStyle: { readonly color: string };
  };
  readonly text: string;
}

function legendEntries({ curves }: Figure, theme: Theme): LegendEntry[] {
  return curves
    .filter(({ companion }) => !companion)
    .map(({ condition, place, runs }) => ({
      entry: {
        name: condition,
        icon: 'rect',
        itemStyle: { color: conditionStroke(place, theme).colour },
      },
      text: `${condition} (n = ${runs.length})`,
    }));
}

/** Room for the legend's lines: entries wrap where the width ends. */
function legendHeight(entries: readonly LegendEntry[], width: number, fontSize: number): number {
  let lines = entries.length === 0 ? 0 : 1;
  let filled = 0;
  for (const { text } of entries) {
    const entry = 16 + 5 + 18 + text.length * fontSize * 0.56;
    if (filled > 0 && filled + entry > width) {
      lines++;
      filled = 0;
    }
    filled += entry;
  }
  return lines * (fontSize + 10);
}

function axisOption({ title }: Axis, ink: Ink, fontSize: number) {
  return {
    name: title,
    nameLocation: 'middle' as const,
    nameTextStyle: { color: ink.muted, fontSize },
    axisLine: { show: true, onZero: false, lineStyle: { color: ink.rule } },
    axisTick: { show: true, lineStyle: { color: ink.rule } },
    axisLabel: { color: ink.muted, fontSize: fontSize - 1, formatter: numberText },
    splitLine: { lineStyle: { color: ink.faint } },
  };
}

function xAxisOption(axis: Axis, last: number, ink: Ink, fontSize: number): XAXisComponentOption {
  const common = axisOption(axis, ink, fontSize);
  return {
    ...common,
    // A range zoomed to may begin between two epochs, which is no label.
    axisLabel: {
      ...common.axisLabel,
      formatter: (epoch: number) => (Number.isInteger(epoch) ? numberText(epoch) : ''),
    },
    type: 'value',
    min: 0,
    max: Math.max(1, last),
    nameGap: 8,
  };
}

function yAxisOption(axis: Axis, ink: Ink, fontSize: number): YAXisComponentOption {
  const common = { ...axisOption(axis, ink, fontSize), nameGap: 10 };
  const ends = axis.range ? { min: axis.range[0], max: axis.range[1] } : {};
  if (axis.scale === 'log') return { ...common, type: 'log', logBase: 10, ...ends };
  return { ...common, type: 'value', scale: true, ...ends };
}

/** Cursor with values, and drag to zoom. Text is drawn on the canvas: markup with styles of its own would be refused. */
function pointerOptions(figure: Figure, ink: Ink, fontSize: number): EChartsOption {
  return {
    tooltip: {
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
      formatter: (items) => tooltipText(figure, Array.isArray(items) ? items : [items]),
    },
    toolbox: {
      // The tool is what zooms; it is switched on by the chart and has no button.
      show: true,
      itemSize: 0,
      showTitle: false,
      feature: {
        dataZoom: { yAxisIndex: 'none', filterMode: 'none', brushStyle: { color: ink.rule, opacity: 0.25 } },
      },
    },
  };
}

interface TooltipItem {
  readonly seriesName?: string;
  readonly axisValue?: unknown;
}

/** Median and quartiles of every condition that is shown, at the epoch under the cursor: from all points, not from those drawn. */
export function tooltipText(figure: Figure, items: readonly TooltipItem[]): string {
  const epoch = Math.round(Number(items[0]?.axisValue));
  const shown = new Set(items.map(({ seriesName }) => seriesName));
  const lines = figure.curves.flatMap(({ condition, series, band, companion, runs }) => {
    const median = band.median[epoch];
    if (!shown.has(condition) || median === undefined || Number.isNaN(median)) return [];
    const label = companion ? `${condition}, ${series}` : condition;
    const quartiles =
      runs.length > 1 && !companion ? `  [${numberText(band.q1[epoch])}, ${numberText(band.q3[epoch])}]` : '';
    return [`${label}: ${numberText(median)}${quartiles}`];
  });
  return [`epoch ${epoch}`, ...lines].join('\n');
}
