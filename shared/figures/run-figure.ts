import { bandOf } from './band.ts';
import type { AxisScale, EpochMarker, Figure } from './figure.ts';

/** One series of one run, with the epochs at which detectors that read it fired. */
export function runFigure(
  run: {
    readonly id: number;
    readonly condition: string;
    readonly seed: number;
    readonly place: number;
    readonly epochs: number;
  },
  series: string,
  values: Float64Array,
  fires: Readonly<Record<string, number | null>>,
  scale: AxisScale,
): Figure {
  const markers: EpochMarker[] = Object.entries(fires).flatMap(([detector, epoch]) =>
    epoch === null
      ? []
      : [
          {
            detector,
            condition: run.condition,
            place: run.place,
            fired: 1,
            n: 1,
            median: epoch,
            q1: epoch,
            q3: epoch,
          },
        ],
  );
  return {
    id: series,
    title: series,
    caption: '',
    x: { title: 'epoch', scale: 'linear', range: [0, run.epochs] },
    y: { title: series, scale, range: null },
    curves: [
      {
        condition: run.condition,
        place: run.place,
        series,
        companion: false,
        runs: [{ runId: run.id, seed: run.seed, values }],
        band: bandOf([values]),
        rounding: null,
      },
    ],
    markers,
  };
}

/** A logarithmic axis suits series that are positive throughout and span more than two decades. */
export function suitedScale(values: Float64Array): AxisScale {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low > 0 && high / low > 100 ? 'log' : 'linear';
}
