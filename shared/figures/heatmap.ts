import type { CellStatistic, Stretch } from '../science/matrix-cells.ts';
import { divergingColour, hexOf } from './diverging-colours.ts';
import { numberText } from './number-text.ts';
import { inkOf } from './palette.ts';
import type { Theme } from './palette.ts';
import { paperFontSize, pixelsPerMillimetre } from './paper.ts';
import { escaped, hundredths } from './svg-markup.ts';

/** What of a heatmap is not its cells. */
export interface HeatmapFrame {
  readonly title: string;
  /** Of the colours, with what a cell shows. */
  readonly valueTitle: string;
  readonly axisTitle: string;
  readonly rows: Stretch;
  readonly columns: Stretch;
  /** Blocks of units with the same frequency, in the order shown; empty where the order has none. */
  readonly blocks: readonly UnitBlock[];
  /** The value at the ends of the colours. */
  readonly scale: number;
}

/** Neighbouring positions whose units share something. */
export interface UnitBlock {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

export function frequencyBlocks(order: Int32Array, frequency: Int32Array): UnitBlock[] {
  const blocks: UnitBlock[] = [];
  for (let from = 0, to = 1; to <= order.length; to++) {
    if (to < order.length && frequency[order[to]] === frequency[order[from]]) continue;
    const f = frequency[order[from]];
    blocks.push({ from, to, label: f === 0 ? 'none' : String(f) });
    from = to;
  }
  return blocks;
}

export function cellTitle(what: string, statistic: CellStatistic, largestCell: number): string {
  if (largestCell <= 1) return what;
  return statistic === 'mean' ? `${what}, mean of each cell` : `${what}, largest magnitude of each cell`;
}

export interface Tick {
  /** Pixels from the start of the axis. */
  readonly at: number;
  readonly label: string;
}

/** A label needs so many pixels of the axis. */
const labelRoom = 12;

/** Labels of blocks where there are blocks, each in the middle of what is seen of it; round positions otherwise. */
export function axisTicks([from, to]: Stretch, blocks: readonly UnitBlock[], pixels: number): Tick[] {
  const perUnit = pixels / (to - from);
  const ticks =
    blocks.length > 0
      ? blocks
          .filter((block) => block.to > from && block.from < to)
          .map((block) => ({
            at: ((Math.max(block.from, from) + Math.min(block.to, to)) / 2 - from) * perUnit,
            label: block.label,
          }))
      : roundPositions(from, to).map((position) => ({
          at: (position + 0.5 - from) * perUnit,
          label: String(position),
        }));
  let last = -Infinity;
  return ticks.filter(({ at, label }) => {
    const room = Math.max(labelRoom, 4 + label.length * 6);
    if (at - last < room) return false;
    last = at;
    return true;
  });
}

function roundPositions(from: number, to: number): number[] {
  const step = [1, 2, 5]
    .flatMap((digit) => [0, 1, 2, 3, 4].map((power) => digit * 10 ** power))
    .toSorted((a, b) => a - b)
    .find((each) => (to - from) / each <= 9);
  const positions: number[] = [];
  for (let at = Math.ceil(from / (step ?? to)) * (step ?? to); at < to; at += step ?? to) positions.push(at);
  return positions;
}

/** Where blocks meet, inside a stretch, in pixels; none where they would lie too close to tell. */
export function blockEdges([from, to]: Stretch, blocks: readonly UnitBlock[], pixels: number): number[] {
  const edges = blocks.map((block) => block.to).filter((edge) => edge > from && edge < to);
  if ((edges.length + 1) * 4 > pixels) return [];
  return edges.map((edge) => ((edge - from) * pixels) / (to - from));
}

/** Colours from the top of the bar (the scale) to its end. */
export function barStops(theme: Theme): { readonly offset: number; readonly colour: string }[] {
  return Array.from({ length: 21 }, (_, i) => ({
    offset: i / 20,
    colour: hexOf(divergingColour(1 - i / 10, theme)),
  }));
}

/** Room around the cells, in pixels at a font of 9.33. */
const paper = { left: 42, top: 12, right: 74, bottom: 34, fontSize: paperFontSize, bar: 10 } as const;

/** Height over width of a heatmap on paper, whose cells fill a square. */
function heatmapShape(millimetres: number): number {
  const width = millimetres * pixelsPerMillimetre;
  return (width - paper.left - paper.right + paper.top + paper.bottom) / width;
}

/**
 * A heatmap for paper: the cells as the picture given, everything else as text and lines. Light.
 * @param image the cells, as a data: address
 */
export function heatmapSvg(frame: HeatmapFrame, image: string, millimetres: number): string {
  const ink = inkOf('light');
  const width = Math.round(millimetres * pixelsPerMillimetre);
  const size = width - paper.left - paper.right;
  const height = Math.round(width * heatmapShape(millimetres));
  const { left, top, fontSize } = paper;
  const text = (x: number, y: number, content: string, more = ''): string =>
    `<text x="${hundredths(x)}" y="${hundredths(y)}" fill="${ink.text}" ${more}>${escaped(content)}</text>`;
  const line = (x1: number, y1: number, x2: number, y2: number): string =>
    `<path d="M${hundredths(x1)} ${hundredths(y1)}L${hundredths(x2)} ${hundredths(y2)}" stroke="${ink.text}" stroke-opacity="0.45" stroke-width="0.5"/>`;
  const barX = left + size + 14;
  const parts = [
    `<rect width="${width}" height="${height}" fill="${ink.page}"/>`,
    `<image x="${left}" y="${top}" width="${size}" height="${size}" preserveAspectRatio="none" image-rendering="optimizeSpeed" href="${image}"/>`,
    ...blockEdges(frame.columns, frame.blocks, size).map((x) => line(left + x, top, left + x, top + size)),
    ...blockEdges(frame.rows, frame.blocks, size).map((y) => line(left, top + y, left + size, top + y)),
    `<rect x="${left}" y="${top}" width="${size}" height="${size}" fill="none" stroke="${ink.rule}"/>`,
    ...axisTicks(frame.columns, frame.blocks, size).map(({ at, label }) =>
      text(left + at, top + size + fontSize + 3, label, 'text-anchor="middle"'),
    ),
    ...axisTicks(frame.rows, frame.blocks, size).map(({ at, label }) =>
      text(left - 4, top + at + fontSize * 0.35, label, 'text-anchor="end"'),
    ),
    text(left + size / 2, top + size + 2 * fontSize + 8, frame.axisTitle, 'text-anchor="middle"'),
    text(
      0,
      0,
      frame.axisTitle,
      `text-anchor="middle" transform="translate(9 ${top + size / 2}) rotate(-90)"`,
    ),
    `<defs><linearGradient id="bar" x1="0" y1="0" x2="0" y2="1">${barStops('light')
      .map(({ offset, colour }) => `<stop offset="${offset}" stop-color="${colour}"/>`)
      .join('')}</linearGradient></defs>`,
    `<rect x="${barX}" y="${top}" width="${paper.bar}" height="${size}" fill="url(#bar)" stroke="${ink.rule}" stroke-width="0.5"/>`,
    ...[1, 0.5, 0, -0.5, -1].map((share) =>
      text(
        barX + paper.bar + 3,
        top + ((1 - share) / 2) * size + fontSize * 0.35,
        numberText(share * frame.scale),
      ),
    ),
    text(
      0,
      0,
      frame.valueTitle,
      `text-anchor="middle" transform="translate(${width - 4} ${top + size / 2}) rotate(-90)"`,
    ),
  ];
  return `<svg width="${millimetres}mm" height="${hundredths(height / pixelsPerMillimetre)}mm" viewBox="0 0 ${width} ${height}" xmlns="http://www.w3.org/2000/svg" font-family="system-ui, Segoe UI, Roboto, Helvetica Neue, DejaVu Sans, Arial, sans-serif" font-size="${fontSize}"><title>${escaped(frame.title)}</title>${parts.join('')}</svg>`;
}
