import type { ConditionFires } from '../report/score-detector.ts';
import { firesCsv } from './bench-csv.ts';
import { benchLegend } from './bench-legend.ts';
import type { BenchLegendEntry } from './bench-legend.ts';
import { fireStrip, neverFires, stripInset } from './fire-strip.ts';
import type { StripRow } from './fire-strip.ts';
import { conditionStroke, inkOf } from './palette.ts';
import type { PaperFigure } from './paper-figure.ts';
import { paperFontSize, pixelsPerMillimetre, requireRoom } from './paper.ts';
import type { PaperOptions } from './paper.ts';
import { textWidth } from './plot-box.ts';
import { escaped, markup, svgPage } from './svg-markup.ts';

const fontSize = paperFontSize;
const ink = inkOf('light');
const dot = 3.2;
/** The usual height of a row, and what its two lines of text need. */
const rowHeight = 34;
const leastRowHeight = 24;
/** Labels and title of the axis. */
const axisHeight = 2 * fontSize + 14;

/**
 * When a detector fires in each run: a strip of dots a condition, with median and quartiles over the finished runs.
 * @param lastEpoch of the longest condition
 */
export function fireFigure(
  detector: string,
  fires: readonly ConditionFires[],
  lastEpoch: number,
): PaperFigure {
  const title = `When ${detector} fires`;
  const shownIn = ({ hiddenConditions }: PaperOptions): ConditionFires[] =>
    fires.filter(({ condition }) => !hiddenConditions.has(condition));
  const around = (paper: PaperOptions): number =>
    (paper.legend ? legendOf(shownIn(paper), paper).height : 0) + axisHeight + 6;
  const height = (paper: PaperOptions): number =>
    paper.height ??
    Math.ceil((around(paper) + Math.max(1, shownIn(paper).length) * rowHeight) / pixelsPerMillimetre);
  return {
    id: `fires-${detector}`,
    title,
    legend: fires.map(({ condition, place, runs }) => ({ condition, place, n: runs.length, hidden: false })),
    csv: () => [firesCsv(fires)],
    svg: (paper) => {
      const millimetres = height(paper);
      requireRoom(paper.millimetres, millimetres);
      const shown = shownIn(paper);
      const room = (millimetres * pixelsPerMillimetre - around(paper)) / Math.max(1, shown.length);
      if (room < leastRowHeight) {
        const least = (around(paper) + shown.length * leastRowHeight) / pixelsPerMillimetre;
        throw new RangeError(
          `${shown.length} conditions need a height of ${Math.ceil(least)} mm, got ${millimetres}`,
        );
      }
      return drawn(shown, lastEpoch, room, paper, { title, axis: `epoch at which ${detector} fires` });
    },
  };
}

function legendOf(fires: readonly ConditionFires[], { millimetres }: PaperOptions) {
  const isGoing = fires.some(({ runs }) => runs.some(({ finished, epoch }) => !finished && epoch !== null));
  const entries: BenchLegendEntry[] = [
    { text: 'a run', colour: ink.muted, mark: 'dot' },
    ...(isGoing ? [{ text: 'not finished', colour: ink.muted, mark: 'ring' } as const] : []),
    { text: 'median', colour: ink.text, mark: 'bar' },
    { text: 'quartiles', colour: ink.muted, mark: 'area' },
  ];
  return benchLegend(entries, millimetres * pixelsPerMillimetre, fontSize);
}

function drawn(
  fires: readonly ConditionFires[],
  lastEpoch: number,
  row: number,
  paper: PaperOptions,
  words: { readonly title: string; readonly axis: string },
): string {
  const width = paper.millimetres * pixelsPerMillimetre;
  const legend = paper.legend ? legendOf(fires, paper) : { height: 0, content: [] };
  const top = legend.height + 4;
  const widest = Math.max(...fires.map(({ condition }) => textWidth(condition, fontSize)), 0);
  const names = Math.min(0.3 * width, Math.max(widest, textWidth('10 of 10', fontSize - 1))) + 12;
  const strip = fireStrip(fires, lastEpoch, {
    width,
    names,
    silent: textWidth(neverFires, fontSize) + 12,
    right: 4,
    rowHeight: row,
    dot,
    label: 4.5 * fontSize,
  });
  const { plotEnd, height } = strip;
  const labelY = height + fontSize + 4;
  const name = (text: string): string => cut(text, names - 12);
  const content = [
    ...strip.ticks.flatMap(({ epoch, x }) => [
      markup('line', { x1: x, x2: x, y1: 0, y2: height, stroke: ink.faint }),
      markup('text', { x, y: labelY, fill: ink.muted, 'text-anchor': 'middle' }, String(epoch)),
    ]),
    markup('rect', { x: names, y: 0, width: plotEnd - names, height, fill: 'none', stroke: ink.rule }),
    markup('text', { x: width - 4, y: labelY, fill: ink.muted, 'text-anchor': 'end' }, neverFires),
    markup(
      'text',
      { x: (names + plotEnd) / 2, y: height + 2 * fontSize + 8, fill: ink.text, 'text-anchor': 'middle' },
      escaped(words.axis),
    ),
    ...strip.rows.flatMap((one) => drawnRow(one, row, name(one.fires.condition), width)),
  ];
  return svgPage(
    {
      millimetres: paper.millimetres,
      width,
      height: top + height + axisHeight + 2,
      title: words.title,
      fontFamily: paper.fontFamily,
      fontSize,
    },
    [...legend.content, markup('g', { transform: `translate(0 ${top})` }, content.join(''))],
  );
}

function drawnRow(row: StripRow, rowHeight: number, name: string, width: number): string[] {
  const { fires, top, middle, median, quartiles, silent } = row;
  const { colour } = conditionStroke(fires.place, 'light');
  const { fired, n } = fires.summary;
  const bar = { y: top + stripInset, height: rowHeight - 2 * stripInset };
  return [
    markup('text', { x: 2, y: middle - 1, fill: ink.text }, escaped(name)),
    markup(
      'text',
      { x: 2, y: middle + fontSize, fill: ink.muted, 'font-size': fontSize - 1 },
      `${fired} of ${n}`,
    ),
    ...(quartiles ? [markup('rect', { ...quartiles, ...bar, fill: colour, 'fill-opacity': 0.22 })] : []),
    ...row.dots.map(({ run, x, y }) =>
      markup('circle', {
        cx: x,
        cy: y,
        r: dot,
        fill: run.finished ? colour : ink.page,
        stroke: run.finished ? ink.page : colour,
        'stroke-width': run.finished ? 0.5 : 1,
      }),
    ),
    // Over the dots, which lie thickest there.
    ...(median === null
      ? []
      : [
          markup('line', {
            x1: median,
            x2: median,
            y1: bar.y,
            y2: bar.y + bar.height,
            stroke: ink.text,
            'stroke-width': 1.2,
          }),
        ]),
    markup(
      'text',
      { x: width - 4, y: middle + fontSize * 0.35, fill: ink.text, 'text-anchor': 'end' },
      silent.length === 0 ? '\u2013' : String(silent.length),
    ),
  ];
}

/** A text that fits, with what does not cut off. */
function cut(text: string, width: number): string {
  if (textWidth(text, fontSize) <= width) return text;
  return `${text.slice(0, Math.max(1, Math.floor((text.length * width) / textWidth(text, fontSize)) - 1))}\u2026`;
}
