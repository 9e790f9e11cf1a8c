import type { Detector } from '../science/detector.ts';
import { sweepCsv } from './bench-csv.ts';
import { benchLegend } from './bench-legend.ts';
import type { BenchLegendEntry } from './bench-legend.ts';
import { numberText } from './number-text.ts';
import { conditionStroke, inkOf } from './palette.ts';
import { legendRowHeight } from './paper-legend.ts';
import type { PaperFigure } from './paper-figure.ts';
import { leastPlot as leastPanel, paperFontSize, pixelsPerMillimetre, requireRoom } from './paper.ts';
import type { PaperOptions } from './paper.ts';
import { textWidth } from './plot-box.ts';
import { escaped, hundredths, markup, svgPage } from './svg-markup.ts';
import { sweepDash, thresholdPlot } from './threshold-plot.ts';
import type { PanelTick, SweptDetector, ThresholdPlot } from './threshold-plot.ts';

const fontSize = paperFontSize;
const ink = inkOf('light');
/** Where a threshold tells the conditions apart. */
const safeColour = '#15803d';
const [left, right, gap] = [46, 12, fontSize + 8];
const bottom = 2 * fontSize + 14;
/** Higher than other figures: it has two panels. */
const shape = 0.85;

/** How many runs a detector would fire in at other thresholds, and when. */
export function thresholdFigure(name: string, detector: Detector, swept: SweptDetector): PaperFigure {
  const title = `${name} at other thresholds`;
  return {
    id: `threshold-${name}`,
    title,
    legend: swept.sweep.conditions
      .filter(({ n }) => n > 0)
      .map(({ condition, place, n }) => ({ condition, place, n, hidden: false })),
    csv: () => [sweepCsv(swept)],
    svg: (paper) => drawn(swept, paper, { title, axis: axisTitle(detector) }),
  };
}

/** With its unit: a slope is of the natural logarithm, an epoch. */
export function axisTitle({ kind, series }: Pick<Detector, 'kind' | 'series'>): string {
  return kind === 'slope' ? `slope threshold of ln ${series} per epoch` : `threshold of ${series}`;
}

function legendOf(plot: ThresholdPlot, width: number) {
  const entries: BenchLegendEntry[] = plot.curves.map(({ condition, place, isControl, n }) => ({
    text: `${condition}${isControl && condition !== 'control' ? ', control' : ''} (n = ${n})`,
    colour: conditionStroke(place, 'light').colour,
    mark: 'line',
    dash: sweepDash(place, isControl),
  }));
  const quartiles: BenchLegendEntry = { text: 'quartiles', colour: ink.muted, mark: 'area' };
  const safe: BenchLegendEntry[] = plot.safe
    ? [{ text: 'tells the conditions apart', colour: safeColour, mark: 'area' }]
    : [];
  return benchLegend([...entries, quartiles, ...safe], width, fontSize);
}

function drawn(
  swept: SweptDetector,
  paper: PaperOptions,
  words: { readonly title: string; readonly axis: string },
): string {
  const width = paper.millimetres * pixelsPerMillimetre;
  const frame = { width, left, right, top: 0, gap, fontSize };
  const isShown = ({ condition }: { readonly condition: string }): boolean =>
    !paper.hiddenConditions.has(condition);
  const shownOf = (plot: ThresholdPlot): ThresholdPlot => ({ ...plot, curves: plot.curves.filter(isShown) });
  const legend = paper.legend
    ? legendOf(shownOf(thresholdPlot(swept, { ...frame, panel: leastPanel })), width)
    : { height: 0, content: [] };
  const top = legend.height + 6;
  // A legend of two rows takes no more than the usual height has for it.
  const longer = Math.max(0, legend.height - 2 * legendRowHeight(fontSize) - 2) / pixelsPerMillimetre;
  const millimetres =
    paper.height ?? Math.ceil(Math.round(Math.min(120, paper.millimetres * shape)) + longer);
  requireRoom(paper.millimetres, millimetres);
  const height = millimetres * pixelsPerMillimetre;
  const panel = (height - top - gap - bottom) / 2;
  if (panel < leastPanel) {
    const least = (2 * leastPanel + top + gap + bottom) / pixelsPerMillimetre;
    throw new RangeError(`two panels need a height of ${Math.ceil(least)} mm, got ${millimetres}`);
  }
  const plot = shownOf(thresholdPlot(swept, { ...frame, top, panel }));
  const { plotWidth, safe } = plot;
  const foot = plot.epoch.floor;
  const content = [
    ...(safe
      ? [markup('rect', { ...safe, y: top, height: foot - top, fill: safeColour, 'fill-opacity': 0.12 })]
      : []),
    ...drawnPanel('share of runs fired', plot.share, panel, plotWidth),
    ...drawnPanel('fire epoch', plot.epoch, panel, plotWidth),
    ...plot.ticks.map(({ label, x }) =>
      markup('text', { x, y: foot + fontSize + 4, fill: ink.muted, 'text-anchor': 'middle' }, label),
    ),
    ...[plot.share.floor, foot].flatMap((floor) =>
      plot.ticks.map(({ x }) => markup('line', { x1: x, x2: x, y1: floor, y2: floor - 3, stroke: ink.rule })),
    ),
    markup(
      'text',
      {
        x: Math.min(left + plotWidth / 2, width - textWidth(words.axis, fontSize) / 2 - 4),
        y: foot + 2 * fontSize + 8,
        fill: ink.text,
        'text-anchor': 'middle',
      },
      escaped(words.axis),
    ),
    ...plot.curves.flatMap(({ place, isControl, quartiles, share, median }) => {
      const { colour } = conditionStroke(place, 'light');
      const line = {
        fill: 'none',
        stroke: colour,
        'stroke-width': 1.8,
        'stroke-dasharray': sweepDash(place, isControl),
      };
      return [
        ...(quartiles === '' ? [] : [markup('path', { d: quartiles, fill: colour, 'fill-opacity': 0.22 })]),
        ...[share, median].filter((d) => d !== '').map((d) => markup('path', { d, ...line })),
      ];
    }),
    ...plot.lines.flatMap(({ label, value, isOwn, x, anchor }) => [
      // Not through its label, between the panels.
      markup('path', {
        d: `M${hundredths(x)} ${hundredths(top)}v${hundredths(panel)}m0 ${hundredths(gap)}v${hundredths(panel)}`,
        fill: 'none',
        stroke: isOwn ? ink.muted : ink.text,
        'stroke-dasharray': isOwn ? '3 3' : null,
      }),
      markup(
        'text',
        {
          x: x + { start: 3, middle: 0, end: -3 }[anchor],
          y: plot.share.floor + gap / 2 + fontSize * 0.35,
          fill: isOwn ? ink.muted : ink.text,
          'text-anchor': anchor,
        },
        escaped(`${label}: ${numberText(value)}`),
      ),
    ]),
  ];
  return svgPage(
    {
      millimetres: paper.millimetres,
      width,
      height,
      title: words.title,
      fontFamily: paper.fontFamily,
      fontSize,
    },
    [...legend.content, ...content],
  );
}

function drawnPanel(
  axis: string,
  { floor, ticks }: { readonly floor: number; readonly ticks: readonly PanelTick[] },
  panel: number,
  plotWidth: number,
): string[] {
  return [
    markup('rect', {
      x: left,
      y: floor - panel,
      width: plotWidth,
      height: panel,
      fill: 'none',
      stroke: ink.rule,
    }),
    ...ticks.flatMap(({ label, y }) => [
      markup('line', { x1: left, x2: left + 3, y1: y, y2: y, stroke: ink.rule }),
      markup('text', { x: left - 5, y: y + fontSize * 0.35, fill: ink.muted, 'text-anchor': 'end' }, label),
    ]),
    markup(
      'text',
      {
        x: 0,
        y: 0,
        fill: ink.text,
        'text-anchor': 'middle',
        transform: `translate(10 ${Math.round(floor - panel / 2)}) rotate(-90)`,
      },
      axis,
    ),
  ];
}
