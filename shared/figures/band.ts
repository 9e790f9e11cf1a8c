import { summarizeLate } from '../science/statistics.ts';

/** Median and quartiles over runs, epoch by epoch; index = epoch. NaN where no run has a value. */
export interface Band {
  readonly median: Float64Array;
  readonly q1: Float64Array;
  readonly q3: Float64Array;
  /** Runs with a value at each epoch: while runs train, the later epochs have fewer. */
  readonly counts: Int32Array;
}

/**
 * Statistics of runs at every epoch, from every point there is. A run that has not got so far, or a NaN, is left out of that epoch.
 * @param lines one a run, index = epoch, of any lengths
 */
export function bandOf(lines: readonly Float64Array[]): Band {
  const epochs = lines.reduce((longest, { length }) => Math.max(longest, length), 0);
  const band = {
    median: new Float64Array(epochs),
    q1: new Float64Array(epochs),
    q3: new Float64Array(epochs),
    counts: new Int32Array(epochs),
  };
  const at: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    at.length = 0;
    for (const line of lines) if (epoch < line.length) at.push(line[epoch]);
    const { median, q1, q3, n } = summarizeLate(at);
    band.median[epoch] = median;
    band.q1[epoch] = q1;
    band.q3[epoch] = q3;
    band.counts[epoch] = n;
  }
  return band;
}
