import { suitedScale } from '#shared/figures/run-figure.ts';
import type { AxisScale } from '#shared/figures/figure.ts';
import type { RunSummary } from '#shared/models/lab.ts';
import type { Study } from '#shared/models/study.ts';
import { formatEpoch, formatRatio, formatShare } from '#shared/report/format-number.ts';
import type { ReportRun } from '#shared/report/report.ts';

/** Something the cells of the seed grid can be coloured by. */
export interface SeedMeasure {
  /** Stable, to be remembered. */
  readonly id: string;
  readonly label: string;
  /** Null where the run has no such value; undefined where it was not measured. */
  readonly value: (score: ReportRun) => number | null | undefined;
  readonly text: (value: number) => string;
}

/** What a study's runs can be coloured by, beside their states. */
export function seedMeasures({ detectors, late }: Pick<Study, 'detectors' | 'late'>): SeedMeasure[] {
  return [
    ...Object.keys(detectors).map((name) => ({
      id: `detector ${name}`,
      label: `${name}: fire epoch`,
      value: (score: ReportRun) => score.detectors[name],
      text: formatEpoch,
    })),
    {
      id: 'late',
      label: `late value of ${late.series}`,
      value: ({ late: value }) => value,
      text: formatRatio,
    },
    {
      id: 'test accuracy',
      label: 'final test accuracy',
      value: ({ final }) => final.testAccuracy,
      text: formatShare,
    },
    {
      id: 'train accuracy',
      label: 'final train accuracy',
      value: ({ final }) => final.trainAccuracy,
      text: formatShare,
    },
  ];
}

/** The values of a measure, and how they lie on a scale of colours. */
export interface MeasuredScale {
  readonly low: number;
  readonly high: number;
  readonly scale: AxisScale;
  /** In [0, 1]; 0.5 where all runs have the same value. */
  readonly share: (value: number) => number;
}

/** Over the finished runs; null when none has a value. */
export function measuredScale(
  measure: SeedMeasure,
  runs: Iterable<RunSummary>,
  scores: ReadonlyMap<number, ReportRun>,
): MeasuredScale | null {
  const values: number[] = [];
  for (const { id, state } of runs) {
    const score = scores.get(id);
    if (state === 'finished' && score) values.push(measure.value(score) ?? NaN);
  }
  const present = values.filter(Number.isFinite);
  if (present.length === 0) return null;
  const [low, high] = [present.reduce((a, b) => Math.min(a, b)), present.reduce((a, b) => Math.max(a, b))];
  const scale = suitedScale(Float64Array.from(present));
  const along = (value: number): number => (scale === 'log' ? Math.log(value) : value);
  const span = along(high) - along(low);
  return {
    low,
    high,
    scale,
    share: (value) => (span === 0 ? 0.5 : (along(value) - along(low)) / span),
  };
}
