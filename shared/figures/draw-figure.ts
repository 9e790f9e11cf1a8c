import { ticksAround, ticksWithin } from './axis-ticks.ts';
import { columnsOf } from './columns.ts';
import type { Columns } from './columns.ts';
import { countUndrawable, decimate, measuredPoints } from './decimate.ts';
import { densityPicture } from './density.ts';
import type {
  DrawnAxis,
  DrawnCurve,
  DrawnFigure,
  DrawRequest,
  LegendEntry,
  Picture,
} from './drawn-figure.ts';
import { extremesOf } from './line-extremes.ts';
import type { Axis, AxisScale, Curve, Figure, Level } from './figure.ts';
import { channelsOf, conditionStroke } from './palette.ts';

/** Dots from one label to the next, about: of a horizontal axis and of a vertical one. */
const acrossLabel = 40;
const mostAcross = 12;
const downLabel = 34;

/** A figure thinned for a view of it. Hiding decides what is drawn; statistics are the figure's own, over all of its runs. */
export function drawFigure(figure: Figure, request: DrawRequest): DrawnFigure {
  const { width, height, hiddenConditions } = request;
  const x = xAxis(figure, request);
  const whole = xAxis(figure, { ...request, view: null });
  const shown = figure.curves.filter(({ condition }) => !hiddenConditions.has(condition));
  const columnsFor = columnsBook(x, width);
  const asDensity = pointsOf(shown, request, columnsFor) > request.mostPoints;
  const curves = shown.map((curve) => drawCurve(curve, figure, request, columnsFor, asDensity));
  const levels = (figure.levels ?? []).filter(
    ({ condition }) => condition === null || !hiddenConditions.has(condition),
  );
  const axisOf = (axis: Axis, scale: AxisScale, onRight: boolean): DrawnAxis => {
    const ticks = Math.max(2, Math.floor(height / downLabel));
    // A fixed range is a linear one: an accuracy on a logarithmic axis follows its data.
    if (axis.range && scale === 'linear')
      return { title: axis.title, scale, ...ticksWithin(axis.range, scale, ticks) };
    const [low, high] = extremes(
      shown.filter((curve) => (curve.onRight ?? false) === onRight),
      scale,
      request,
      columnsFor,
      levels.filter((level) => (level.onRight ?? false) === onRight),
    );
    return { title: axis.title, scale, ...ticksAround(low, high, scale, ticks) };
  };
  const y = axisOf(figure.y, request.yScale, false);
  const inView = (epoch: number): boolean => epoch >= x.min && epoch <= x.max;
  return {
    id: figure.id,
    title: figure.title,
    x,
    whole: [whole.min, whole.max],
    y,
    right: figure.right ? axisOf(figure.right, figure.right.scale, true) : null,
    curves,
    markers: figure.markers.filter(
      ({ condition, median }) => !hiddenConditions.has(condition) && inView(median),
    ),
    marked: figure.markers.length > 0 || (figure.marked ?? false),
    limits: (figure.limits ?? [])
      .filter(({ condition }) => !hiddenConditions.has(condition))
      .map(({ values, ...limit }) => ({
        ...limit,
        points: decimate(values, columnsFor(values.length), request.yScale),
      })),
    levels,
    legend: legendOf(figure, hiddenConditions),
    density: asDensity ? densityOf(shown, request, x, y, columnsFor) : null,
    undrawable: undrawableOf(shown, request),
  };
}

function xAxis(figure: Figure, { view, xScale, width }: DrawRequest): DrawnAxis {
  const last = Math.max(1, figure.x.range?.[1] ?? lastEpoch(figure));
  return epochAxis(figure.x.title, xScale, view ?? [0, last], width);
}

/** An axis of epochs, from the first to the last in view. @param width of the plot in dots */
export function epochAxis(
  title: string,
  scale: AxisScale,
  [first, last]: readonly [number, number],
  width: number,
): DrawnAxis {
  // Epoch 0 has no place on a logarithmic axis.
  const from = Math.max(scale === 'log' ? 1 : 0, first);
  const to = Math.max(from + 1, last);
  const ticks = ticksWithin(
    [from, to],
    scale,
    Math.min(mostAcross, Math.max(2, Math.floor(width / acrossLabel))),
  );
  return { title, scale, ...ticks, ticks: ticks.ticks.filter(Number.isInteger) };
}

/** The last epoch that any run has reached. */
export function lastEpoch(figure: Figure): number {
  return figure.curves.reduce((last, { band }) => Math.max(last, band.median.length - 1), 0);
}

type ColumnsFor = (epochs: number) => Columns;

/** Most lines are of the same length: their columns are computed once. */
function columnsBook(x: DrawnAxis, width: number): ColumnsFor {
  const book = new Map<number, Columns>();
  return (epochs) => {
    const known = book.get(epochs);
    if (known) return known;
    const columns = columnsOf([x.min, x.max], epochs, width, x.scale);
    book.set(epochs, columns);
    return columns;
  };
}

function countOf({ n, runs }: Curve): number {
  return n ?? runs.length;
}

function hasRuns(curve: Curve): boolean {
  return countOf(curve) > 1 && !curve.companion && curve.rank === undefined;
}

function hasQuartiles(curve: Curve): boolean {
  return countOf(curve) > 1 && !curve.companion;
}

function runsOf(curve: Curve, { hiddenRuns, singleRuns }: DrawRequest): readonly Float64Array[] {
  if (!singleRuns || !hasRuns(curve)) return [];
  return curve.runs.flatMap(({ runId, values }) => (hiddenRuns.has(runId) ? [] : [values]));
}

function pointsOf(curves: readonly Curve[], request: DrawRequest, columnsFor: ColumnsFor): number {
  return curves
    .flatMap((curve) => runsOf(curve, request))
    .reduce((sum, { length }) => sum + 2 * columnsFor(length).length, 0);
}

function drawCurve(
  curve: Curve,
  figure: Figure,
  request: DrawRequest,
  columnsFor: ColumnsFor,
  asDensity: boolean,
): DrawnCurve {
  const scale = curve.onRight && figure.right ? figure.right.scale : request.yScale;
  const sparse = curve.sparse ?? false;
  const thin = (values: Float64Array): Float64Array =>
    sparse
      ? measuredPoints(values, columnsFor(values.length), scale)
      : decimate(values, columnsFor(values.length), scale);
  const { band, rounding } = curve;
  const { median } = band;
  // A rounding epoch's neighbours belong to both parts, so that the line does not break between them.
  const signal = rounding ? median.map((value, t) => (rounding[t] ? NaN : value)) : median;
  const noise = rounding?.some(Boolean)
    ? median.map((value, t) => (rounding[t] || rounding[t - 1] || rounding[t + 1] ? value : NaN))
    : null;
  return {
    condition: curve.condition,
    place: curve.place,
    series: curve.series,
    label: curve.label ?? curve.series,
    companion: curve.companion,
    rank: curve.rank ?? null,
    sparse,
    onRight: curve.onRight ?? false,
    n: countOf(curve),
    median: thin(signal),
    rounding: noise ? thin(noise) : new Float64Array(),
    quartiles: hasQuartiles(curve) ? stretchesOf(thin(band.q1), thin(band.q3)) : [],
    runs: asDensity ? new Float64Array() : joined(runsOf(curve, request).map(thin)),
    band,
  };
}

/** Closed outlines: along the lower quartile and back along the upper one, one for each stretch in which both are drawn. */
function stretchesOf(lower: Float64Array, upper: Float64Array): Float64Array[] {
  const lows = stretches(lower);
  const highs = stretches(upper);
  return lows.flatMap((low) => {
    // On a logarithmic axis the lower quartile may have no place where the upper one has.
    const [from, to] = [low[0], low[low.length - 2]];
    const high = highs
      .map((points) => within(points, from, to))
      .filter(({ length }) => length > 0)
      .flatMap((points) => [...points]);
    if (high.length === 0) return [];
    const back: number[] = [];
    for (let i = high.length - 2; i >= 0; i -= 2) back.push(high[i], high[i + 1]);
    return [Float64Array.from([...low, ...back])];
  });
}

function within(points: Float64Array, from: number, to: number): number[] {
  const kept: number[] = [];
  for (let i = 0; i < points.length; i += 2)
    if (points[i] >= from && points[i] <= to) kept.push(points[i], points[i + 1]);
  return kept;
}

function stretches(points: Float64Array): Float64Array[] {
  const found: Float64Array[] = [];
  let start = -1;
  for (let i = 0; i <= points.length; i += 2) {
    const gap = i === points.length || Number.isNaN(points[i + 1]);
    if (!gap && start < 0) start = i;
    if (gap && start >= 0) {
      found.push(points.subarray(start, i));
      start = -1;
    }
  }
  return found;
}

/** Lines in one, with a gap between each and the next. */
function joined(lines: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(lines.reduce((sum, { length }) => sum + length + 2, 0));
  let at = 0;
  for (const line of lines) {
    all.set(line, at);
    at += line.length;
    all.set([0, NaN], at);
    at += 2;
  }
  return all;
}

/** Smallest and largest value in view of all that these curves draw, and the levels they are compared with. */
function extremes(
  curves: readonly Curve[],
  scale: AxisScale,
  request: DrawRequest,
  columnsFor: ColumnsFor,
  levels: readonly Level[],
): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  const take = (values: Float64Array, from: number, to: number): void => {
    const [least, most] = extremesOf(values, from, to, scale);
    if (least < low) low = least;
    if (most > high) high = most;
  };
  take(
    Float64Array.from(levels, ({ value }) => value),
    0,
    levels.length,
  );
  for (const curve of curves) {
    const { median, q1, q3 } = curve.band;
    const quartiles = hasQuartiles(curve) ? [q1, q3] : [];
    for (const line of [median, ...quartiles, ...runsOf(curve, request)]) {
      const columns = columnsFor(line.length);
      const to = Math.min(line.length, columns[columns.length - 1]);
      take(line, columns[0], to);
    }
  }
  return low <= high ? [low, high] : [NaN, NaN];
}

function legendOf(figure: Figure, hidden: ReadonlySet<string>): LegendEntry[] {
  const entries = new Map<string, LegendEntry>();
  for (const curve of figure.curves) {
    const { condition, place } = curve;
    const n = Math.max(countOf(curve), entries.get(condition)?.n ?? 0);
    entries.set(condition, { condition, place, n, hidden: hidden.has(condition) });
  }
  return [...entries.values()];
}

function densityOf(
  curves: readonly Curve[],
  request: DrawRequest,
  x: DrawnAxis,
  y: DrawnAxis,
  columnsFor: ColumnsFor,
): Picture {
  const { width, height, theme, yScale } = request;
  const longest = curves.reduce((most, { band }) => Math.max(most, band.median.length), 0);
  const columns = columnsFor(longest);
  const along = x.scale === 'log' ? Math.log10 : (epoch: number) => epoch;
  const [from, to] = [along(x.min), along(x.max)];
  const at = columns.map((epoch) => Math.floor((width * (along(epoch) - from)) / (to - from)));
  const layers = curves
    .filter(({ onRight }) => !onRight)
    .map((curve) => ({
      colour: channelsOf(conditionStroke(curve.place, theme).colour),
      lines: runsOf(curve, request),
    }));
  return densityPicture(layers, { columns, at, width, height, scale: yScale, min: y.min, max: y.max });
}

function undrawableOf(curves: readonly Curve[], { xScale, yScale }: DrawRequest): number {
  const lines = curves.flatMap(({ runs }) => runs);
  const onY = yScale === 'log' ? lines.reduce((sum, { values }) => sum + countUndrawable(values), 0) : 0;
  const onX =
    xScale === 'log' ? lines.filter(({ values }) => values.length > 0 && !Number.isNaN(values[0])).length : 0;
  return onY + onX;
}
