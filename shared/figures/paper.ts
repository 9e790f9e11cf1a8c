import { systemFonts } from './chart-option.ts';
import type { AxisScale } from './figure.ts';

/** Height over width of a figure on paper, where nothing else is asked for. */
export const figureShape = 0.62;

/** CSS pixels: 96 an inch. */
export const pixelsPerMillimetre = 96 / 25.4;
/** Of text on paper, in pixels: 7 point, what journals ask of labels. */
export const paperFontSize = 9.33;

/** Axes alone take that. */
export const leastMillimetres = { width: 20, height: 15 };

/** What a figure on paper shows and how large it is. */
export interface PaperOptions {
  /** Width, such as 85 for a column or 170 for two. */
  readonly millimetres: number;
  /** Height; null for a fixed share of the width. */
  readonly height: number | null;
  readonly legend: boolean;
  /** Whether single runs are drawn behind the statistics. */
  readonly singleRuns: boolean;
  readonly hiddenConditions: ReadonlySet<string>;
  readonly hiddenRuns: ReadonlySet<number>;
  readonly view: readonly [number, number] | null;
  /** Instead of the figure's own. */
  readonly xScale: AxisScale;
  readonly yScale: AxisScale;
  readonly fontFamily: string;
}

/** Of figures that have no other. */
export const linearScales = { x: { scale: 'linear' }, y: { scale: 'linear' } } as const;

/** Everything of a figure, at this width. */
export function paperOptions(
  scales: { readonly x: { readonly scale: AxisScale }; readonly y: { readonly scale: AxisScale } },
  millimetres: number,
): PaperOptions {
  return {
    millimetres,
    height: null,
    legend: true,
    singleRuns: true,
    hiddenConditions: new Set(),
    hiddenRuns: new Set(),
    view: null,
    xScale: scales.x.scale,
    yScale: scales.y.scale,
    fontFamily: systemFonts,
  };
}

export function paperHeight({ millimetres, height }: PaperOptions): number {
  return height ?? Math.round(millimetres * figureShape * 100) / 100;
}

/** The lowest plot worth drawing, in pixels. */
export const leastPlot = 30;

/** @throws RangeError where there would be no room for anything beside the axes */
export function requireRoom(millimetres: number, height: number): void {
  if (!(millimetres > leastMillimetres.width))
    throw new RangeError(`a figure must be wider than ${leastMillimetres.width} mm, got ${millimetres}`);
  if (!(height > leastMillimetres.height))
    throw new RangeError(`a figure must be higher than ${leastMillimetres.height} mm, got ${height}`);
}
