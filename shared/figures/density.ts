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

/** What so many lines cover together; more of them than these cover no more. */
const opacities = opacitiesUpTo(mostOpacity);

/**
 * Any number of lines as one picture: each covers in every column of dots the stretch from its smallest to its largest value, joined to
 * the one before it, and where more lines pass, the colour is stronger. Every point of every line counts; none is left out.
 */
export function densityPicture(layers: readonly DensityLayer[], plot: DensityPlot): Picture {
  const { width, height } = plot;
  const dots = new Uint8ClampedArray(4 * width * height);
  // Column by column from the top: how many stretches begin at a dot, less those that ended before it. A line costs two numbers a column then,
  // however steep it is.
  const steps = new Int32Array(width * (height + 1));
  for (const { colour, lines } of layers) {
    steps.fill(0);
    for (const line of lines) addLine(steps, line, plot);
    blend(dots, steps, colour, width, height);
  }
  return { width, height, dots };
}

function addLine(
  steps: Int32Array,
  line: Float64Array,
  { columns, at, width, height, scale, min, max }: DensityPlot,
): void {
  const isLog = scale === 'log';
  const [low, high] = isLog ? [Math.log(min), Math.log(max)] : [min, max];
  const row = (value: number): number =>
    Math.floor((height * (high - (isLog ? Math.log(value) : value))) / (high - low));
  let [topBefore, bottomBefore] = [NaN, NaN];
  for (let column = 0; column + 1 < columns.length; column++) {
    const to = Math.min(line.length, columns[column + 1]);
    let [least, most] = [Infinity, -Infinity];
    for (let epoch = columns[column]; epoch < to; epoch++) {
      const value = line[epoch];
      if (isLog && !(value > 0)) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    if (!(least <= most)) {
      [topBefore, bottomBefore] = [NaN, NaN];
      continue;
    }
    let top = row(most);
    let bottom = least === most ? top : row(least);
    const [ownTop, ownBottom] = [top, bottom];
    // Joined to the column before, as a line would be.
    if (top > bottomBefore) top = bottomBefore + 1;
    if (bottom < topBefore) bottom = topBefore - 1;
    [topBefore, bottomBefore] = [ownTop, ownBottom];
    const x = at[column];
    if (x < 0 || x >= width) continue;
    top = Math.max(0, top);
    bottom = Math.min(height - 1, bottom);
    if (!(top <= bottom)) continue;
    steps[x * (height + 1) + top]++;
    steps[x * (height + 1) + bottom + 1]--;
  }
}

function blend(
  dots: Uint8ClampedArray,
  steps: Int32Array,
  colour: readonly [number, number, number],
  width: number,
  height: number,
): void {
  for (let x = 0; x < width; x++) {
    let hits = 0;
    for (let y = 0, step = x * (height + 1); y < height; y++, step++) {
      hits += steps[step];
      if (hits === 0) continue;
      const dot = 4 * (y * width + x);
      const over = opacities[Math.min(hits, opacities.length - 1)];
      const under = dots[dot + 3] / 255;
      const alpha = over + under * (1 - over);
      for (let c = 0; c < 3; c++)
        dots[dot + c] = (colour[c] * over + dots[dot + c] * under * (1 - over)) / alpha;
      dots[dot + 3] = 255 * alpha;
    }
  }
}

function opacitiesUpTo(most: number): readonly number[] {
  const found = [0];
  while (found[found.length - 1] < most) found.push(Math.min(most, 1 - (1 - onceOpacity) ** found.length));
  return found;
}
