import { isSparse } from '../models/series.ts';
import type { Settings } from '../models/settings.ts';
import { bandOf } from './band.ts';
import type { AxisScale, EpochMarker, Figure } from './figure.ts';

export interface ChosenSeries {
  readonly name: string;
  readonly values: Float64Array;
}

/**
 * Series of one run: a single one with the epochs at which detectors that read it fired; several, each in a colour of its own. With
 * nothing but eigenvalues of one layer, the floor of their rounding is drawn too.
 */
export function runFigure(
  run: {
    readonly id: number;
    readonly condition: string;
    readonly seed: number;
    readonly place: number;
    readonly settings: Pick<Settings, 'epochs' | 'probes'>;
  },
  chosen: readonly ChosenSeries[],
  fires: Readonly<Record<string, number | null>>,
  scale: AxisScale,
): Figure {
  const [single] = chosen;
  const alone = chosen.length === 1;
  const markers: EpochMarker[] = Object.entries(alone ? fires : {}).flatMap(([detector, epoch]) =>
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
  const title = alone ? single.name : `${chosen.length} series`;
  return {
    id: chosen.map(({ name }) => name).join(' '),
    title,
    caption: '',
    x: { title: 'epoch', scale: 'linear', range: [0, run.settings.epochs] },
    y: { title: alone ? single.name : 'value', scale, range: null },
    curves: [...chosen, ...roundingFloor(chosen)].map(({ name, values }, index) => ({
      // What tells curves of one figure apart, in its legend and colours, is their condition.
      condition: alone ? run.condition : name,
      place: alone ? run.place : index,
      series: name,
      companion: false,
      runs: [{ runId: run.id, seed: run.seed, values }],
      band: bandOf([values]),
      rounding: null,
      sparse: isSparse(run.settings.probes, name),
    })),
    markers,
  };
}

/** Below 1e-7 sigma1 an eigenvalue is rounding of float32 weights; docs/science.md. */
const floorShare = 1e-7;

function roundingFloor(chosen: readonly ChosenSeries[]): ChosenSeries[] {
  const layers = new Set(chosen.map(({ name }) => /^spectrum\.(\w+)\.sigma\d$/.exec(name)?.[1]));
  const first = chosen.find(({ name }) => name.endsWith('.sigma1'));
  if (chosen.length < 2 || layers.size !== 1 || layers.has(undefined) || !first) return [];
  return [{ name: 'rounding floor', values: first.values.map((value) => value * floorShare) }];
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
