import { isSparse } from '../models/series.ts';
import type { ProbeSettings, Settings } from '../models/settings.ts';
import { bandOf } from './band.ts';
import type { Curve } from './figure.ts';
import type { FigureRun } from './study-figures.ts';

/** Runs that are drawn together: a condition of a study, or whatever else is compared. */
export interface RunGroup {
  /** What the legend calls it. */
  readonly name: string;
  /** Its place among the groups, which decides its colour. */
  readonly place: number;
  /** They say when a series is measured. */
  readonly probes: ProbeSettings;
  readonly runs: readonly FigureRun[];
}

/** One series of a group, with its band; nothing where no run has the series. */
export function groupCurve({ name, place, probes, runs }: RunGroup, series: string): Curve[] {
  const lines = runs.flatMap((run) => {
    const values = run.series(series);
    return values && values.length > 0 ? [{ runId: run.id, seed: run.seed, values }] : [];
  });
  if (lines.length === 0) return [];
  const band = bandOf(lines.map(({ values }) => values));
  return [
    {
      condition: name,
      place,
      series,
      companion: false,
      runs: lines,
      band,
      rounding: null,
      sparse: isSparse(probes, series),
    },
  ];
}

/** The conditions of a study as groups. */
export function conditionGroups(
  conditions: readonly { readonly name: string; readonly settings: Pick<Settings, 'probes'> }[],
  runs: readonly FigureRun[],
): RunGroup[] {
  return conditions.map(({ name, settings: { probes } }, place) => ({
    name,
    place,
    probes,
    runs: runs.filter(({ condition }) => condition === name),
  }));
}
