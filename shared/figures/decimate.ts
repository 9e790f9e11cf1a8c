import type { Columns } from './columns.ts';
import type { AxisScale } from './figure.ts';

/**
 * Points that draw the same line: of every column of dots the smallest and the largest value, in their order. What is drawn is thinned,
 * never what is computed.
 *
 * Minimum and maximum are taken in the axis's own scale: on a logarithmic axis a value <= 0 has no place and is a gap, not a minimum.
 * A column without any value keeps one gap, so that a line does not run across it.
 * @param values index = epoch
 * @returns x and y in turn, [epoch, value, epoch, value, ...]; y is NaN for gaps
 */
export function decimate(values: Float64Array, columns: Columns, scale: AxisScale): Float64Array {
  const points = new Float64Array(4 * Math.max(0, columns.length - 1));
  let size = 0;
  for (let column = 0; column + 1 < columns.length; column++) {
    const to = Math.min(values.length, columns[column + 1]);
    let low = -1;
    let high = -1;
    for (let epoch = columns[column]; epoch < to; epoch++) {
      const value = values[epoch];
      if (!(scale === 'log' ? value > 0 : value === value)) continue;
      if (low < 0 || value < values[low]) low = epoch;
      if (high < 0 || value > values[high]) high = epoch;
    }
    // Past its end a line has no gap to keep: there is nothing after it.
    if (columns[column] >= values.length) break;
    if (low < 0) {
      points[size++] = columns[column];
      points[size++] = NaN;
      continue;
    }
    const first = Math.min(low, high);
    points[size++] = first;
    points[size++] = values[first];
    if (low === high) continue;
    const second = Math.max(low, high);
    points[size++] = second;
    points[size++] = values[second];
  }
  return points.slice(0, size);
}

/**
 * Of a series that is measured at some epochs only: the points there are, to be joined over the epochs between. Thinned as any line where
 * they are many.
 */
export function measuredPoints(values: Float64Array, columns: Columns, scale: AxisScale): Float64Array {
  const all = withoutGaps(decimate(values, wholeLine(values.length), scale));
  return all.length <= 2 * fewPoints ? all : withoutGaps(decimate(values, columns, scale));
}

/** So many are drawn wherever the view is, so that a line between two of them crosses it. */
const fewPoints = 2000;

function wholeLine(epochs: number): Columns {
  return Int32Array.from({ length: epochs + 1 }, (_, epoch) => epoch);
}

function withoutGaps(points: Float64Array): Float64Array {
  return points.filter((_, i) => !Number.isNaN(points[2 * Math.floor(i / 2) + 1]));
}

/** Of arrays that were counted: a view of a figure asks for all of them, and there are millions of values. */
const undrawable = new WeakMap<Float64Array, number>();

/** Values that a logarithmic axis has no place for; NaN is no value. Kept with the array: whoever changes values hands over a new one. */
export function countUndrawable(values: Float64Array): number {
  const known = undrawable.get(values);
  if (known !== undefined) return known;
  let count = 0;
  for (let index = 0; index < values.length; index++) if (values[index] <= 0) count++;
  undrawable.set(values, count);
  return count;
}
