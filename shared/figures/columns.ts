import type { AxisScale } from './figure.ts';

/** Stretches of epochs that fall on the same column of dots: column i is the epochs starts[i] .. starts[i + 1] - 1. */
export type Columns = Int32Array;

/**
 * The columns of the epochs in view, and one epoch more on either side, so that a line reaches the edges of the plot.
 * @param view first and last epoch in view, first < last; on a logarithmic axis first > 0
 * @param epochs how many there are: 0..epochs-1. On a logarithmic axis epoch 0 has no place.
 * @param width of the plot in dots
 */
export function columnsOf(
  [from, to]: readonly [number, number],
  epochs: number,
  width: number,
  scale: AxisScale,
): Columns {
  const along = scale === 'log' ? Math.log10 : (epoch: number) => epoch;
  const [low, high] = [along(from), along(to)];
  const least = scale === 'log' ? 1 : 0;
  const first = Math.max(least, Math.ceil(from) - 1);
  const last = Math.min(epochs - 1, Math.floor(to) + 1);
  const starts: number[] = [];
  let before = NaN;
  for (let epoch = first; epoch <= last; epoch++) {
    const column = Math.floor((width * (along(epoch) - low)) / (high - low));
    if (column !== before) starts.push(epoch);
    before = column;
  }
  starts.push(last + 1);
  return Int32Array.from(starts);
}
