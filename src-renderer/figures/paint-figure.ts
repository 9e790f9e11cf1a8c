import { windowBox } from '#shared/figures/chart-option.ts';
import type { DrawnCurve, DrawnFigure, DrawRequest } from '#shared/figures/drawn-figure.ts';
import { paintCurves } from './paint-curves.ts';
import type { ChartPixels, ViewOfFigure } from './view-of-figure.ts';

/**
 * Curves with more points than this are painted here: the drawing library would copy each point several times, and hold the window up. Measured:
 * 72,000 points took it 140 ms.
 */
const mostPoints = 12_000;

/** Paints the curves where the drawing library would be held up by them. */
export function paintFigure(
  drawn: DrawnFigure,
  { theme }: Pick<DrawRequest, 'theme'>,
  pixels: ChartPixels,
): ViewOfFigure {
  const points = drawn.curves.reduce((sum, curve) => sum + pointsOf(curve), 0);
  if (drawn.density === null && points <= mostPoints) return { drawn, painted: null };
  const { dotsAPixel } = pixels;
  // Of as many rows of labels as there are now, which nobody could know before it was drawn.
  const box = windowBox(drawn, pixels);
  const [width, height] = [box.width, box.height].map((length) => Math.round(length * dotsAPixel));
  const margin = Math.ceil(dotsAPixel);
  const canvas = new OffscreenCanvas(width + 2 * margin, height + 2 * margin);
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('This browser gives no canvas to paint on.');
  if (drawn.density) {
    const { dots, width: wide, height: high } = drawn.density;
    const density = new OffscreenCanvas(wide, high);
    density.getContext('2d')?.putImageData(new ImageData(dots, wide, high), 0, 0);
    pen.drawImage(density, margin, margin, width, height);
  }
  paintCurves(pen, drawn, { left: margin, top: margin, width, height, dotsAPixel }, theme);
  return {
    drawn: { ...drawn, density: null, curves: drawn.curves.map(withoutPoints) },
    painted: { image: canvas.transferToImageBitmap(), margin },
  };
}

function pointsOf({ median, rounding, quartiles, runs }: DrawnCurve): number {
  const numbers = [median, rounding, ...quartiles, runs].reduce((sum, { length }) => sum + length, 0);
  return numbers / 2;
}

function withoutPoints(curve: DrawnCurve): DrawnCurve {
  // Arrays of its own, since they are handed over.
  const [median, rounding, runs] = [new Float64Array(), new Float64Array(), new Float64Array()];
  return { ...curve, median, rounding, runs, quartiles: [] };
}
