import type { AxisScale } from './figure.ts';

/** Epochs whose smallest and largest value are known together. */
const block = 128;

interface Blocks {
  readonly least: Float64Array;
  readonly most: Float64Array;
}

/** Of each array of values that does not change any more. */
const known: Readonly<Record<AxisScale, WeakMap<Float64Array, Blocks>>> = {
  linear: new WeakMap(),
  log: new WeakMap(),
};

/**
 * Smallest and largest of the values from .. to-1 that have a place on an axis: not NaN nor infinite, and on a logarithmic one above 0. What
 * is found of an array once is kept with it, so that another view of a long line costs little; whoever changes values hands over a new array.
 * @returns [Infinity, -Infinity] where there are none
 */
export function extremesOf(
  values: Float64Array,
  from: number,
  to: number,
  scale: AxisScale,
): [number, number] {
  const blocks = blocksOf(values, scale);
  const first = Math.ceil(from / block);
  const last = Math.floor(to / block);
  if (first >= last) return scan(values, from, to, scale);
  let [low, high] = scan(values, from, first * block, scale);
  for (let index = first; index < last; index++) {
    if (blocks.least[index] < low) low = blocks.least[index];
    if (blocks.most[index] > high) high = blocks.most[index];
  }
  const [lowAfter, highAfter] = scan(values, last * block, to, scale);
  return [Math.min(low, lowAfter), Math.max(high, highAfter)];
}

function blocksOf(values: Float64Array, scale: AxisScale): Blocks {
  const found = known[scale].get(values);
  if (found) return found;
  const count = Math.floor(values.length / block);
  const made = { least: new Float64Array(count), most: new Float64Array(count) };
  for (let index = 0; index < count; index++)
    [made.least[index], made.most[index]] = scan(values, index * block, (index + 1) * block, scale);
  known[scale].set(values, made);
  return made;
}

function scan(values: Float64Array, from: number, to: number, scale: AxisScale): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  const floor = scale === 'log' ? 0 : -Infinity;
  for (let index = from; index < to; index++) {
    const value = values[index];
    if (!(value > floor)) continue;
    if (value < low) low = value;
    if (value > high && value < Infinity) high = value;
  }
  return [low, high];
}
