import type { Columns } from './columns.ts';
import type { Picture } from './drawn-figure.ts';
import type { AxisScale } from './figure.ts';

export interface DensityLayer {
  /** Red, green and blue, 0..255. */
  readonly colour: readonly [number, number, number];
  readonly lines: readonly Float64Array[];
}

export interface DensityPlot {
  readonly columns: Columns;
  /** Column of dots of each of `columns`. */
  readonly at: Int32Array;
  readonly width: number;
  readonly height: number;
  readonly scale: AxisScale;
  readonly min: number;
  readonly max: number;
}

/** What one line covers, and what any number of them cover at most, so that statistics stay readable over them. */
const onceOpacity = 0.16;
const mostOpacity = 0.5;

/**
 * Any number of lines as one picture: each covers in every column of dots the stretch from its smallest to its largest value, joined to
 * the one before it, and where more lines pass, the colour is stronger. Every point of every line counts; none is left out.
 */
export function densityPicture(layers: readonly DensityLayer[], plot: DensityPlot): Picture {
  const { width, height } = plot;
  const dots = new Uint8ClampedArray(4 * width * height);
  const hits = new Uint16Array(width * height);
  for (const { colour, lines } of layers) {
    hits.fill(0);
    for (const line of lines) addLine(hits, line, plot);
    blend(dots, hits, colour);
  }
  return { width, height, dots };
}

function addLine(
  hits: Uint16Array,
  line: Float64Array,
  { columns, at, width, height, scale, min, max }: DensityPlot,
): void {
  const along = scale === 'log' ? Math.log : (value: number) => value;
  const [low, high] = [along(min), along(max)];
  const row = (value: number): number => (height * (high - along(value))) / (high - low);
  let [topBefore, bottomBefore] = [NaN, NaN];
  for (let column = 0; column + 1 < columns.length; column++) {
    const to = Math.min(line.length, columns[column + 1]);
    let [least, most] = [Infinity, -Infinity];
    for (let epoch = columns[column]; epoch < to; epoch++) {
      const value = line[epoch];
      if (scale === 'log' && !(value > 0)) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    if (!(least <= most)) {
      topBefore = NaN;
      continue;
    }
    let top = Math.floor(row(most));
    let bottom = Math.floor(row(least));
    const [ownTop, ownBottom] = [top, bottom];
    // Joined to the column before, as a line would be.
    if (top > bottomBefore) top = bottomBefore + 1;
    if (bottom < topBefore) bottom = topBefore - 1;
    [topBefore, bottomBefore] = [ownTop, ownBottom];
    const x = at[column];
    if (x < 0 || x >= width) continue;
    top = Math.max(0, top);
    bottom = Math.min(height - 1, bottom);
    for (let place = top * width + x; place <= bottom * width + x; place += width) hits[place]++;
  }
}

function blend(dots: Uint8ClampedArray, hits: Uint16Array, colour: readonly [number, number, number]): void {
  for (let i = 0; i < hits.length; i++) {
    if (hits[i] === 0) continue;
    const over = Math.min(mostOpacity, 1 - (1 - onceOpacity) ** hits[i]);
    const under = dots[4 * i + 3] / 255;
    const alpha = over + under * (1 - over);
    for (let c = 0; c < 3; c++)
      dots[4 * i + c] = (colour[c] * over + dots[4 * i + c] * under * (1 - over)) / alpha;
    dots[4 * i + 3] = 255 * alpha;
  }
}
