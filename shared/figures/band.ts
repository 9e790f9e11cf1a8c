import { sortedQuantile } from '../science/statistics.ts';

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
 * The numbers `quantile` of shared/science gives, without its copies: figures need millions of them.
 * @param lines one a run, index = epoch, of any lengths
 */
export function bandOf(lines: readonly Float64Array[]): Band {
  return bandFrom(lines, null, 0);
}

/** As `bandOf`, where the epochs before `from` are known already and have not changed. */
export function bandFrom(lines: readonly Float64Array[], known: Band | null, from: number): Band {
  const epochs = lines.reduce((longest, { length }) => Math.max(longest, length), 0);
  const { band, kept } = grownBand(epochs, known, from);
  fillBand(band, lines, kept, epochs);
  return band;
}

/** Room for the statistics of so many epochs, those before `from` as they are known. @returns how many it has of these */
export function grownBand(
  epochs: number,
  known: Band | null,
  from: number,
): { readonly band: Band; readonly kept: number } {
  const band = {
    median: new Float64Array(epochs),
    q1: new Float64Array(epochs),
    q3: new Float64Array(epochs),
    counts: new Int32Array(epochs),
  };
  const kept = known ? Math.min(from, epochs, known.median.length) : 0;
  if (known) {
    for (const part of ['median', 'q1', 'q3', 'counts'] as const)
      band[part].set(known[part].subarray(0, kept));
  }
  return { band, kept };
}

/**
 * Computes the epochs from .. to-1 of a band in place, so that it can be done piece by piece.
 * @param lines as of `bandOf`, but index = epoch - first
 */
export function fillBand(
  band: Band,
  lines: readonly Float64Array[],
  from: number,
  to: number,
  first = 0,
): void {
  const room = new Float64Array(lines.length);
  for (let epoch = from; epoch < to; epoch++) {
    let n = 0;
    for (const line of lines) {
      if (epoch - first >= line.length) continue;
      const value = line[epoch - first];
      if (value === value) room[n++] = value;
    }
    const sorted = room.subarray(0, n);
    if (n > fewest) sorted.sort();
    else sortFew(sorted);
    band.median[epoch] = sortedQuantile(sorted, 0.5);
    band.q1[epoch] = sortedQuantile(sorted, 0.25);
    band.q3[epoch] = sortedQuantile(sorted, 0.75);
    band.counts[epoch] = n;
  }
}

/**
 * The first epoch at which statistics over some runs no longer hold over others; Infinity when they hold at all. Rows are added to a run, or it has
 * begun anew, and another run changes every epoch.
 * @param before,now rows of each run, by its id
 */
export function firstChange(before: ReadonlyMap<number, number>, now: ReadonlyMap<number, number>): number {
  if (before.size !== now.size) return 0;
  let first = Infinity;
  for (const [id, rows] of now) {
    const had = before.get(id) ?? 0;
    if (rows < had) return 0;
    if (rows > had) first = Math.min(first, had);
  }
  return first;
}

/** Up to so many, insertion is faster than the engine's own sorting. Measured: 50 values in half the time. */
const fewest = 64;

function sortFew(values: Float64Array): void {
  for (let i = 1; i < values.length; i++) {
    const value = values[i];
    let at = i;
    for (; at > 0 && values[at - 1] > value; at--) values[at] = values[at - 1];
    values[at] = value;
  }
}
