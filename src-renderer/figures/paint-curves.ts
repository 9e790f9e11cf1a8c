import {
  bandOpacity,
  hasSymbols,
  lineStrokes,
  runStroke,
  symbolSize,
} from '#shared/figures/curve-strokes.ts';
import type { DrawnAxis, DrawnCurve, DrawnFigure } from '#shared/figures/drawn-figure.ts';
import { conditionStroke } from '#shared/figures/palette.ts';
import type { Theme } from '#shared/figures/palette.ts';
import { placeOn } from '#shared/figures/plot-box.ts';
import type { Place } from '#shared/figures/plot-box.ts';

/** What of a canvas is painted with. Styles are only set. */
export interface Pen {
  fillStyle: unknown;
  strokeStyle: unknown;
  lineJoin: unknown;
  lineWidth: number;
  globalAlpha: number;
  setLineDash(lengths: number[]): void;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  arc(x: number, y: number, radius: number, from: number, to: number): void;
  closePath(): void;
  fill(): void;
  stroke(): void;
}

/** Where a plot lies on a canvas, in dots, and how many of them a pixel has. */
export interface PlotDots {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly dotsAPixel: number;
}

/**
 * Bands, single runs and lines of a drawn figure, as the drawing library paints the same (chart-option.ts): all bands, over them the runs, over these
 * the lines, each in the order of the curves.
 */
export function paintCurves(pen: Pen, drawn: DrawnFigure, plot: PlotDots, theme: Theme): void {
  const x = placeOn(drawn.x, plot.left, plot.left + plot.width);
  const downOf = (axis: DrawnAxis): Place => placeOn(axis, plot.top + plot.height, plot.top);
  const onLeft = downOf(drawn.y);
  const onRight = drawn.right ? downOf(drawn.right) : onLeft;
  const y = (curve: DrawnCurve): Place => (curve.onRight ? onRight : onLeft);
  const colourOf = ({ place }: DrawnCurve): string => conditionStroke(place, theme).colour;

  pen.setLineDash([]);
  for (const curve of drawn.curves) {
    pen.globalAlpha = bandOpacity(curve);
    pen.fillStyle = colourOf(curve);
    for (const outline of curve.quartiles) {
      trace(pen, outline, x, y(curve));
      pen.closePath();
      pen.fill();
    }
  }
  pen.globalAlpha = runStroke.opacity;
  pen.lineWidth = runStroke.width * plot.dotsAPixel;
  pen.lineJoin = 'miter';
  for (const curve of drawn.curves) {
    if (curve.runs.length === 0) continue;
    pen.strokeStyle = colourOf(curve);
    trace(pen, curve.runs, x, y(curve));
    pen.stroke();
  }
  pen.lineJoin = 'bevel';
  for (const curve of drawn.curves) {
    pen.strokeStyle = pen.fillStyle = colourOf(curve);
    for (const { points, width, dash, opacity = 1 } of lineStrokes(curve, theme)) {
      pen.globalAlpha = opacity;
      pen.lineWidth = width * plot.dotsAPixel;
      pen.setLineDash((dash ?? []).map((length) => length * plot.dotsAPixel));
      trace(pen, points, x, y(curve));
      pen.stroke();
      pen.globalAlpha = 1;
      if (hasSymbols(curve, points))
        paintSymbols(pen, points, x, y(curve), (symbolSize / 2) * plot.dotsAPixel, curve.onRight);
    }
  }
}

/** A path along points; a gap where there is no value. */
function trace(pen: Pen, points: Float64Array, x: Place, y: Place): void {
  pen.beginPath();
  let isDown = false;
  for (let i = 0; i < points.length; i += 2) {
    const value = points[i + 1];
    if (Number.isNaN(value)) isDown = false;
    else if (isDown) pen.lineTo(x(points[i]), y(value));
    else {
      pen.moveTo(x(points[i]), y(value));
      isDown = true;
    }
  }
}

function paintSymbols(
  pen: Pen,
  points: Float64Array,
  x: Place,
  y: Place,
  radius: number,
  isDiamond: boolean,
): void {
  for (let i = 0; i < points.length; i += 2) {
    const [across, down] = [x(points[i]), y(points[i + 1])];
    pen.beginPath();
    if (isDiamond) {
      pen.moveTo(across, down - radius);
      pen.lineTo(across + radius, down);
      pen.lineTo(across, down + radius);
      pen.lineTo(across - radius, down);
    } else pen.arc(across, down, radius, 0, 2 * Math.PI);
    pen.fill();
  }
}
