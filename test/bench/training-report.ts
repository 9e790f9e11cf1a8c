/** One thing timed: a trainer of the lab, or the authors' script, so many times side by side. */
export interface Measurement {
  /** An engine, or `oracle.py`. */
  readonly by: string;
  readonly set: string;
  readonly modulus: number;
  readonly width: number;
  /** Side by side. */
  readonly runs: number;
  readonly epochs: number;
  readonly millisecondsPerRunEpoch: number;
  /** Largest resident memory of a trainer; null where another program was timed. */
  readonly peakMegabytes: number | null;
  /** Float32 GFLOP/s of one thread just before; null where another program was timed. */
  readonly productRate: number | null;
  /** Float32 products of an epoch; null where another program was timed. */
  readonly gigaflop: number | null;
}

/** Each null where there is nothing to compare with. */
export interface Ratios {
  /** How many times faster than the plain engine at the same thing. */
  readonly timesPlain: number | null;
  /** Time over that of oracle.py: the same metrics, and for a Gram every fifth epoch all of them at every epoch. */
  readonly ofOracle: number | null;
  /** The products alone, at the rate of one thread times the runs side by side, over the time taken. */
  readonly ofProductRate: number | null;
}

/** Of the same task and as many runs side by side, in one session. */
export function withRatios(results: readonly Measurement[]): readonly (Measurement & Ratios)[] {
  const time = (by: string, { modulus, width, runs }: Measurement, sets: readonly string[]): number | null =>
    results.find(
      (other) =>
        other.by === by &&
        other.modulus === modulus &&
        other.width === width &&
        other.runs === runs &&
        sets.includes(other.set),
    )?.millisecondsPerRunEpoch ?? null;
  return results.map((result) => {
    const { set, runs, millisecondsPerRunEpoch: own, productRate, gigaflop } = result;
    const plain = time('plain', result, [set]);
    const oracle = time('oracle.py', result, [
      set === 'training and evaluation' ? set : 'all metrics every epoch',
    ]);
    return {
      ...result,
      timesPlain: plain === null ? null : plain / own,
      ofOracle: oracle === null ? null : own / oracle,
      ofProductRate:
        productRate === null || gigaflop === null ? null : (gigaflop / (productRate * runs) / own) * 1e3,
    };
  });
}

/** A line a measurement. */
export function describeTraining(results: readonly (Measurement & Partial<Ratios>)[]): string {
  return results
    .map((result) =>
      [
        `M=${result.modulus} K=${result.width} x${result.runs}`.padEnd(16),
        `${result.by}: ${result.set}`.padEnd(48),
        `${result.millisecondsPerRunEpoch.toFixed(1).padStart(8)} ms`,
        figure(result.peakMegabytes, 0, 'MB').padStart(8),
        figure(result.timesPlain, 1, 'x plain').padStart(14),
        figure(result.ofOracle, 2, 'of oracle.py').padStart(18),
        figure(result.ofProductRate, 2, 'of the product rate').padStart(25),
      ]
        .join(' ')
        .trimEnd(),
    )
    .join('\n');
}

function figure(value: number | null | undefined, digits: number, unit: string): string {
  return value === null || value === undefined ? '' : `${value.toFixed(digits)} ${unit}`;
}
