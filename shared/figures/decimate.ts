/**
 * Points that draw the same line at a given width: of every stretch of epochs one pixel wide the smallest and the largest value, in their
 * order. What is drawn is thinned, never what is computed.
 *
 * Minimum and maximum are taken in the axis's own scale: on a logarithmic axis a value <= 0 has no place and is a gap, not a minimum.
 * A stretch without any value keeps one gap, so that a line does not run across it.
 * @param values index = epoch
 * @param pixelsPerEpoch of the range in view
 * @returns pairs [epoch, value], NaN for gaps
 */
export function decimate(
  values: Float64Array,
  pixelsPerEpoch: number,
  scale: 'linear' | 'log',
): [number, number][] {
  const drawable = (value: number): boolean => (scale === 'log' ? value > 0 : !Number.isNaN(value));
  const stretch = Math.floor(1 / pixelsPerEpoch);
  // Two points or fewer a pixel: nothing would be gained.
  if (!(stretch > 2)) return Array.from(values, (value, epoch) => [epoch, drawable(value) ? value : NaN]);
  const points: [number, number][] = [];
  for (let from = 0; from < values.length; from += stretch) {
    const to = Math.min(values.length, from + stretch);
    let low = -1;
    let high = -1;
    for (let epoch = from; epoch < to; epoch++) {
      const value = values[epoch];
      if (!drawable(value)) continue;
      if (low < 0 || value < values[low]) low = epoch;
      if (high < 0 || value > values[high]) high = epoch;
    }
    if (low < 0) points.push([from, NaN]);
    else {
      const [first, second] = low < high ? [low, high] : [high, low];
      points.push([first, values[first]]);
      if (second !== first) points.push([second, values[second]]);
    }
  }
  return points;
}

/** Values that a logarithmic axis has no place for; NaN is no value. */
export function countUndrawable(values: Float64Array): number {
  let count = 0;
  for (const value of values) if (value <= 0) count++;
  return count;
}
