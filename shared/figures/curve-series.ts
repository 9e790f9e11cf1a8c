import type { CustomSeriesOption, LineSeriesOption } from 'echarts';
import { decimate } from './decimate.ts';
import type { AxisScale, Curve, EpochMarker } from './figure.ts';
import { numberText } from './number-text.ts';
import { conditionStroke, inkOf } from './palette.ts';
import type { Theme } from './palette.ts';

export interface CurveStyle {
  readonly theme: Theme;
  readonly scale: AxisScale;
  /** Of the epochs in view: decides how far lines are thinned for drawing. */
  readonly pixelsPerEpoch: number;
  readonly fontSize: number;
}

type Polygon = [number, number][];

/**
 * A curve as drawn: the quartile band, the runs faint, the median on top. Every series of a condition has its name, so that the legend
 * hides all of it; nothing is computed from what is visible.
 */
export function curveSeries(
  curve: Curve,
  markers: readonly EpochMarker[],
  style: CurveStyle,
): (LineSeriesOption | CustomSeriesOption)[] {
  const several = curve.runs.length > 1 && !curve.companion;
  return [
    ...(several ? [bandSeries(curve, style), runSeries(curve, style)] : []),
    ...medianSeries(curve, markers, style),
  ];
}

function bandSeries(curve: Curve, { theme, scale, pixelsPerEpoch }: CurveStyle): CustomSeriesOption {
  const { colour } = conditionStroke(curve.place, theme);
  const stretches = bandStretches(curve, scale, pixelsPerEpoch);
  return {
    type: 'custom',
    id: `band ${curve.condition} ${curve.series}`,
    name: curve.condition,
    color: colour,
    silent: true,
    clip: true,
    z: 1,
    // One item draws the whole band; the runs' lines, which reach further, set the axis.
    data: stretches.length > 0 ? [stretches[0][0]] : [],
    renderItem: (_, api) => ({
      type: 'group',
      children: stretches.map((points) => ({
        type: 'polygon',
        shape: { points: points.map((point) => api.coord(point)) },
        style: { fill: colour, opacity: 0.22 },
      })),
    }),
  };
}

/** Closed outlines of the band, one for each stretch without a gap. */
function bandStretches({ band }: Curve, scale: AxisScale, pixelsPerEpoch: number): Polygon[] {
  const lower = new Map(decimate(band.q1, pixelsPerEpoch, scale));
  const upper = new Map(decimate(band.q3, pixelsPerEpoch, scale));
  const epochs = [...new Set([...lower.keys(), ...upper.keys()])].toSorted((a, b) => a - b);
  const stretches: { readonly low: Polygon; readonly high: Polygon }[] = [];
  let open = false;
  for (const epoch of epochs) {
    const [low, high] = [band.q1[epoch], band.q3[epoch]];
    const drawable = scale === 'log' ? low > 0 : !Number.isNaN(low);
    if (drawable && !open) stretches.push({ low: [], high: [] });
    open = drawable;
    if (!drawable) continue;
    stretches.at(-1)?.low.push([epoch, low]);
    stretches.at(-1)?.high.push([epoch, high]);
  }
  return stretches.map(({ low, high }) => [...low, ...high.toReversed()]);
}

/** All runs as one series: a gap between a run's end and the next one's start. */
function runSeries(curve: Curve, { theme, scale, pixelsPerEpoch }: CurveStyle): LineSeriesOption {
  const { colour } = conditionStroke(curve.place, theme);
  const gap: [number, number] = [0, NaN];
  return {
    ...plainLine,
    id: `runs ${curve.condition} ${curve.series}`,
    name: curve.condition,
    color: colour,
    silent: true,
    z: 2,
    data: curve.runs.flatMap(({ values }) => [...decimate(values, pixelsPerEpoch, scale), gap]),
    lineStyle: { color: colour, width: 0.75, opacity: 0.38 },
  };
}

function medianSeries(curve: Curve, markers: readonly EpochMarker[], style: CurveStyle): LineSeriesOption[] {
  const { theme, scale, pixelsPerEpoch } = style;
  const { colour, dash } = conditionStroke(curve.place, theme);
  const line = (part: string, values: Float64Array, extra: LineSeriesOption): LineSeriesOption => ({
    ...plainLine,
    id: `${part} ${curve.condition} ${curve.series}`,
    name: curve.condition,
    color: colour,
    z: 3,
    data: decimate(values, pixelsPerEpoch, scale),
    ...extra,
  });
  const full = { color: colour, width: 1.8, type: dash ? [...dash] : ('solid' as const) };
  if (curve.companion)
    return [line('companion', curve.band.median, { lineStyle: { ...full, width: 1.3, type: [4, 3] } })];
  const { rounding } = curve;
  const { median } = curve.band;
  // A rounding epoch's neighbours belong to both parts, so that the line does not break between them.
  const signal = rounding ? median.map((value, t) => (rounding[t] ? NaN : value)) : median;
  const lines = [line('median', signal, { lineStyle: full, ...markerOptions(markers, style) })];
  if (rounding?.some(Boolean)) {
    const noise = median.map((value, t) => (rounding[t] || rounding[t - 1] || rounding[t + 1] ? value : NaN));
    lines.push(line('rounding', noise, { lineStyle: { ...full, width: 1.2, type: [1, 3] } }));
  }
  return lines;
}

function markerOptions(
  markers: readonly EpochMarker[],
  { theme, fontSize }: CurveStyle,
): Pick<LineSeriesOption, 'markLine' | 'markArea'> {
  if (markers.length === 0) return {};
  const { colour } = conditionStroke(markers[0].place, theme);
  return {
    markLine: {
      silent: true,
      symbol: 'none',
      animation: false,
      lineStyle: { color: colour, width: 1, type: [3, 3], opacity: 0.9 },
      label: {
        position: 'insideEndTop',
        distance: 3,
        fontSize: fontSize - 1,
        color: inkOf(theme).text,
        textBorderColor: inkOf(theme).page,
        textBorderWidth: 2,
      },
      data: markers.map((marker) => ({ xAxis: marker.median, label: { formatter: markerText(marker) } })),
    },
    markArea: {
      silent: true,
      animation: false,
      itemStyle: { color: colour, opacity: 0.08 },
      data: markers
        .filter(({ q1, q3 }) => q3 > q1)
        .map(({ q1, q3 }): [{ xAxis: number }, { xAxis: number }] => [{ xAxis: q1 }, { xAxis: q3 }]),
    },
  };
}

function markerText({ detector, median, fired, n }: EpochMarker): string {
  const share = n > 1 ? ` (${fired}/${n})` : '';
  return `${detector} ${numberText(median)}${share}`;
}

const plainLine = {
  type: 'line',
  showSymbol: false,
  connectNulls: false,
  animation: false,
  emphasis: { disabled: true },
} as const satisfies LineSeriesOption;
