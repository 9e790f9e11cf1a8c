import type { EChartsOption, SeriesOption } from 'echarts';
import { numberText } from './number-text.ts';
import type { PairGroup, PairPlot } from './pair-plot.ts';
import { conditionStroke, inkOf } from './palette.ts';
import type { Theme } from './palette.ts';
import { textWidth } from './plot-box.ts';

export interface PairOptions {
  readonly theme: Theme;
  readonly interactive: boolean;
  readonly fontSize: number;
  /** Of the picture, pixels: the legend takes as many rows as its names need. */
  readonly width: number;
}

const fontFamily =
  'system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, DejaVu Sans, Arial, sans-serif';

/** A plot of pairs as ECharts draws it, in the window and on paper alike. */
export function pairOption(
  plot: PairPlot,
  { theme, interactive, fontSize, width }: PairOptions,
): EChartsOption {
  const ink = inkOf(theme);
  const axis = (title: string) => ({
    name: title,
    nameLocation: 'middle' as const,
    nameTextStyle: { color: ink.muted, fontSize },
    axisLine: { show: true, onZero: false, lineStyle: { color: ink.rule } },
    axisTick: { show: true, lineStyle: { color: ink.rule } },
    axisLabel: {
      color: ink.muted,
      fontSize: fontSize - 1,
      formatter: numberText,
      hideOverlap: true,
      // A histogram ends where B does, which is no round number.
      ...(title === plot.x.title && plot.id === 'histogram'
        ? { showMinLabel: false, showMaxLabel: false }
        : {}),
    },
    splitLine: { lineStyle: { color: ink.faint } },
  });
  const [low, high] = plot.x.range ?? [null, null];
  return {
    animation: false,
    backgroundColor: interactive ? 'transparent' : ink.page,
    textStyle: { fontFamily, fontSize, color: ink.text },
    legend: {
      top: 0,
      left: 0,
      itemWidth: legendSample,
      itemHeight: plot.id === 'histogram' ? 3 : 8,
      itemGap: legendGap,
      icon: 'rect',
      textStyle: { color: ink.text, fontSize },
      inactiveColor: ink.rule,
    },
    grid: {
      left: 2,
      right: 14,
      top: legendRows(plot, width, fontSize) * (fontSize + legendGap) + legendGap,
      bottom: 2,
      outerBoundsMode: 'same',
      outerBoundsContain: 'all',
    },
    xAxis: {
      ...axis(plot.x.title),
      type: 'value',
      min: low ?? 'dataMin',
      max: high ?? 'dataMax',
      nameGap: 8,
    },
    yAxis: {
      ...axis(plot.y.title),
      nameGap: 10,
      ...(plot.y.scale === 'log'
        ? { type: 'log' as const, logBase: 10, min: logFloor(plot) }
        : { type: 'value' as const, scale: plot.id === 'scatter' }),
    },
    ...(interactive ? pointerOptions(ink, fontSize) : {}),
    series: plot.groups.map((group) =>
      plot.id === 'histogram'
        ? stepsOf(group, theme, plot.y.scale === 'log' ? logFloor(plot) / 10 : 0)
        : pointsOf(group, theme),
    ),
  };
}

const legendSample = 12;
/** Between names, and between their rows, as ECharts has them. */
const legendGap = 10;

/** Rows that ECharts breaks the legend into. */
function legendRows({ groups }: PairPlot, width: number, fontSize: number): number {
  let [rows, x] = [1, 0];
  for (const { name } of groups) {
    // Its mark and 5 pixels stand before a name; its padding is 5 on each side of the legend.
    const entry = legendSample + 5 + textWidth(name, fontSize);
    if (x > 0 && x + entry > width - 10) [rows, x] = [rows + 1, 0];
    x += entry + legendGap;
  }
  return rows;
}

/** One pair in the largest sample, a little below it. */
function logFloor({ groups }: PairPlot): number {
  let least = Infinity;
  for (const { y } of groups) for (const share of y) if (share > 0) least = Math.min(least, share);
  return Number.isFinite(least) ? 10 ** Math.floor(Math.log10(least)) : 1e-6;
}

/** @param empty where an empty bin lies: on a logarithmic axis 0 has no place, and a value below the plot is cut off at its edge */
function stepsOf({ name, place, x, y }: PairGroup, theme: Theme, empty: number): SeriesOption {
  const { colour } = conditionStroke(place, theme);
  return {
    type: 'line',
    name,
    step: 'middle',
    symbol: 'none',
    data: Array.from(x, (value, i) => [value, y[i] === 0 ? empty : y[i]]),
    color: colour,
    lineStyle: { color: colour, width: 1.2 },
    emphasis: { disabled: true },
  };
}

function pointsOf({ name, place, x, y }: PairGroup, theme: Theme): SeriesOption {
  const { colour } = conditionStroke(place, theme);
  return {
    type: 'scatter',
    name,
    symbol: 'rect',
    symbolSize: 3,
    data: Array.from(x, (value, i) => [value, y[i]]),
    color: colour,
    itemStyle: { color: colour, opacity: 0.75 },
    emphasis: { disabled: true },
  };
}

function pointerOptions(ink: ReturnType<typeof inkOf>, fontSize: number): EChartsOption {
  return {
    tooltip: {
      trigger: 'item',
      renderMode: 'richText',
      confine: true,
      transitionDuration: 0,
      backgroundColor: ink.page,
      borderColor: ink.rule,
      borderWidth: 1,
      padding: [6, 8],
      textStyle: { color: ink.text, fontSize },
    },
    toolbox: {
      show: true,
      itemSize: 0,
      showTitle: false,
      feature: { dataZoom: { filterMode: 'none', brushStyle: { color: ink.rule, opacity: 0.25 } } },
    },
  };
}
