import { CustomChart, LineChart } from 'echarts/charts';
import { GraphicComponent, GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { expect, it } from 'vitest';
import { chartOption, systemFonts, windowBox } from '#shared/figures/chart-option.ts';
import { drawFigure } from '#shared/figures/draw-figure.ts';
import type { DrawnFigure } from '#shared/figures/drawn-figure.ts';
import type { Figure } from '#shared/figures/figure.ts';
import { paintCurves } from '../../../src-renderer/figures/paint-curves.ts';
import type { Pen } from '../../../src-renderer/figures/paint-curves.ts';
import { noisyLine, sampleCurve, sampleFigure, wholeRequest } from '../../shared/figures/sample-figure.ts';

use([SVGRenderer, LineChart, CustomChart, GraphicComponent, GridComponent]);

const size = { width: 640, height: 300, fontSize: 11 };

/** A shape as it was painted: its corners to a tenth of a pixel, stretch by stretch. */
interface Shape {
  readonly colour: string;
  /** Of a line; 0 where a surface is filled. */
  readonly width: number;
  readonly opacity: number;
  readonly dash: string;
  readonly corners: readonly string[];
}

const corner = (x: number, y: number): string => `${x.toFixed(1)},${y.toFixed(1)}`;

/** Writes down what is painted. */
class WritingPen implements Pen {
  readonly shapes: Shape[] = [];
  fillStyle: unknown = '';
  strokeStyle: unknown = '';
  lineJoin: unknown = '';
  lineWidth = 1;
  globalAlpha = 1;
  #dash: number[] = [];
  #corners: string[] = [];

  setLineDash(lengths: number[]): void {
    this.#dash = lengths;
  }
  beginPath(): void {
    this.#corners = [];
  }
  moveTo(x: number, y: number): void {
    this.#corners.push(`M${corner(x, y)}`);
  }
  lineTo(x: number, y: number): void {
    this.#corners.push(`L${corner(x, y)}`);
  }
  arc(x: number, y: number, radius: number): void {
    this.#corners.push(`O${corner(x, y)} ${radius}`);
  }
  closePath(): void {}
  fill(): void {
    this.#take(this.fillStyle, 0, []);
  }
  stroke(): void {
    this.#take(this.strokeStyle, this.lineWidth, this.#dash);
  }
  #take(colour: unknown, width: number, dash: readonly number[]): void {
    const corners = this.#corners;
    this.shapes.push({
      colour: String(colour),
      width,
      opacity: this.globalAlpha,
      dash: dash.join(),
      corners,
    });
  }
}

function drawnOf(figure: Figure, yScale: 'linear' | 'log'): DrawnFigure {
  return drawFigure(figure, { ...wholeRequest, width: 560, height: 240, yScale });
}

function painted(drawn: DrawnFigure, dotsAPixel = 1): readonly Shape[] {
  const pen = new WritingPen();
  const box = windowBox(drawn, size);
  paintCurves(pen, drawn, { ...box, dotsAPixel }, 'light');
  return pen.shapes;
}

/** The same by the drawing library, read from its SVG. */
function libraryShapes(drawn: DrawnFigure): readonly Shape[] {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  const look = { theme: 'light', medium: 'window', legend: false, fontFamily: systemFonts } as const;
  const { tooltip: _, ...option } = chartOption(drawn, { ...size, ...look, picture: null });
  chart.setOption(option);
  const svg = chart.renderToSVGString();
  chart.dispose();
  return [...svg.matchAll(/<(?:path|polyline|polygon) ([^>]*)>/g)].flatMap(([, text]) => {
    const attribute = (name: string): string => new RegExp(`(?:^| )${name}="([^"]*)"`).exec(text)?.[1] ?? '';
    const [fill, stroke] = [attribute('fill'), attribute('stroke')];
    const colour = fill === 'none' || fill === '' ? stroke : fill;
    if (!['#0072B2', '#D55E00', '#332288', '#009E73'].includes(colour)) return [];
    const points = attribute('points').trim();
    const path = attribute('d') || `M${points.replaceAll(/(\S+)[ ,](\S+)[ ,]+/g, '$1 $2L')}`;
    const numbers = [...path.matchAll(/([ML])(-?[\d.]+)[ ,](-?[\d.]+)/g)];
    const isLine = colour === stroke;
    return [
      {
        colour,
        width: isLine ? Number(attribute('stroke-width') || 1) : 0,
        opacity: Number(attribute(isLine ? 'stroke-opacity' : 'fill-opacity') || attribute('opacity') || 1),
        dash: attribute('stroke-dasharray'),
        corners: numbers.map(([, kind, x, y]) => `${kind}${corner(Number(x), Number(y))}`),
      },
    ];
  });
}

/** The drawing library has a shape for each single run, and here they are one. */
function oneByOne(shapes: readonly Shape[]): readonly Shape[] {
  return shapes.flatMap((shape) => {
    if (shape.width !== 0.75) return [shape];
    const starts = shape.corners.flatMap((text, i) => (text.startsWith('M') ? [i] : []));
    return starts.map((start, i) => ({ ...shape, corners: shape.corners.slice(start, starts[i + 1]) }));
  });
}

const lines = (count: number, from = 0): Float64Array[] =>
  Array.from({ length: count }, (_, seed) => noisyLine(60, from + seed));

it.each(['linear', 'log'] as const)(
  'bands, runs and lines lie where the drawing library draws them, in its order, on a %s axis',
  (scale) => {
    const gapped = lines(3, 50).map((line) => line.map((value, t) => (t > 20 && t < 25 ? NaN : value)));
    const figure = sampleFigure([
      sampleCurve('a', 0, lines(4)),
      { ...sampleCurve('b', 7, gapped), rank: 2 },
      { ...sampleCurve('c', 5, lines(2, 90)), companion: true },
      { ...sampleCurve('d', 2, lines(1, 70)), rounding: Array.from({ length: 60 }, (_, t) => t > 40) },
    ]);
    const drawn = drawnOf(figure, scale);
    const shapes = oneByOne(painted(drawn));
    expect(shapes.map(({ width }) => width)).toContain(0);
    expect(shapes).toStrictEqual(libraryShapes(drawn));
  },
);

it('on a screen of two dots a pixel everything is twice as wide', () => {
  const drawn = drawnOf(sampleFigure([sampleCurve('b', 7, lines(3))]), 'log');
  const widths = (dotsAPixel: number) => painted(drawn, dotsAPixel).map(({ width, dash }) => [width, dash]);
  expect(widths(1)).toContainEqual([1.8, '7,3']);
  expect(widths(2)).toContainEqual([3.6, '14,6']);
});

it('shows what is measured now and then as points', () => {
  const line = noisyLine(60, 1).map((value, t) => (t % 20 === 0 ? value : NaN));
  const drawn = drawnOf(sampleFigure([{ ...sampleCurve('a', 0, [line]), sparse: true }]), 'log');
  const [path, ...points] = painted(drawn);
  expect(path.corners).toHaveLength(3);
  expect(points.map(({ corners }) => corners)).toStrictEqual(
    path.corners.map((at) => [`O${at.slice(1)} 2.5`]),
  );
});
