/** When a detector fired, over the seeds of a condition. The quantiles are over the seeds that fired; null when none did. */
export interface FireSummary {
  readonly fired: number;
  readonly n: number;
  readonly median: number | null;
  readonly q1: number | null;
  readonly q3: number | null;
}

/** Late values over the runs of a condition; NaN when no run has one. */
export interface LateSummary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly q1: number;
  readonly q3: number;
  /** Runs that have a late value. */
  readonly n: number;
}

/**
 * The q-quantile by linear interpolation between order statistics at (n - 1) q (type 7; numpy's and R's default).
 * NaN entries are missing values and are left out; infinities are values.
 * @param values any order, not changed
 * @param q in [0, 1]
 * @returns between the smallest and largest value; NaN when no value is left
 * @throws RangeError when q is outside [0, 1]
 * @see Hyndman and Fan (1996), definition 7
 */
export function quantile(values: ArrayLike<number>, q: number): number {
  return sortedQuantile(sortedPresent(values), q);
}

/** The 0.5-quantile: the middle value, or the mean of the two middle ones. NaN entries are left out; NaN when none is left. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/**
 * How many seeds fired, and when.
 * @param fires one entry a seed: the epoch, or null for a seed that never fired
 */
export function summarizeFires(fires: readonly (number | null)[]): FireSummary {
  const epochs = Float64Array.from(fires.filter((epoch) => epoch !== null)).toSorted();
  const at = (q: number): number | null => (epochs.length === 0 ? null : sortedQuantile(epochs, q));
  return { fired: epochs.length, n: fires.length, median: at(0.5), q1: at(0.25), q3: at(0.75) };
}

/**
 * A run's late value: the median of a series over the epochs range[0]..range[1], both included.
 * Epochs the series does not reach, and NaN, are left out.
 * @param values index = epoch, shape [epochs + 1]
 * @returns NaN when nothing was measured in the range
 */
export function lateValue(values: Float64Array, range: readonly [number, number]): number {
  return median(values.subarray(Math.max(0, range[0]), Math.max(0, range[1] + 1)));
}

/**
 * Median, quartiles and range of the late values of a condition's runs.
 * @param values `lateValue` of each run; NaN (a run without one) is left out
 */
export function summarizeLate(values: readonly number[]): LateSummary {
  const present = sortedPresent(values);
  return {
    median: sortedQuantile(present, 0.5),
    min: sortedQuantile(present, 0),
    max: sortedQuantile(present, 1),
    q1: sortedQuantile(present, 0.25),
    q3: sortedQuantile(present, 0.75),
    n: present.length,
  };
}

/**
 * How far two conditions are apart: the ratio of the medians of their runs' late values.
 * @param numerator late values of one condition's runs
 * @param denominator late values of the other's
 * @returns NaN when either has none
 */
export function separation(numerator: readonly number[], denominator: readonly number[]): number {
  return median(numerator) / median(denominator);
}

function sortedPresent(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .toSorted();
}

/** As `quantile`, of values that are in ascending order and hold no NaN. */
export function sortedQuantile(sorted: Float64Array, q: number): number {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`q must be in [0, 1], got ${q}`);
  if (sorted.length === 0) return NaN;
  const position = (sorted.length - 1) * q;
  const low = sorted[Math.floor(position)];
  const high = sorted[Math.ceil(position)];
  // Equal neighbours are returned as they are: interpolating would make NaN of two infinities.
  if (low === high) return low;
  const share = position - Math.floor(position);
  // Rounding may step over a neighbour by a last bit.
  return Math.min(high, Math.max(low, low * (1 - share) + high * share));
}
