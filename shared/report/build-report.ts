import type { Condition, PublishedStatistic, Study } from '#shared/models/study.ts';
import { median, separation, summarizeFires, summarizeLate } from '#shared/science/statistics.ts';

import { crossingsOf } from '#shared/science/crossings.ts';
import { isDecayDecoupled } from '#shared/science/optimizer-settings.ts';
import { isControl } from './is-control.ts';
import { measureRun } from './measure-run.ts';
import type { MeasuredRun } from './measured-run.ts';
import type {
  ConditionReport,
  ControlCrossing,
  FireReport,
  LateReport,
  Report,
  ReportRun,
  SeparationReport,
} from './report.ts';
import { reportRepulsion } from './repulsion-report.ts';
import { scoringCaveats } from './scoring-caveats.ts';
import { reportSmoothness, reportSpectrum } from './spectrum-report.ts';

/** A run as it was stored, and as it was scored. */
interface ScoredRun {
  readonly measured: MeasuredRun;
  readonly scored: ReportRun;
}

/**
 * Everything the lab says about a study, from the stored rows alone: no clock, no file, no training.
 * A condition's statistics depend on its own runs only, so hiding one condition never moves another's numbers.
 */
export function buildReport(study: Study, runs: readonly MeasuredRun[]): Report {
  const scored = runs.map((measured) => ({ measured, scored: measureRun(study, measured) }));
  const conditions = study.conditions.map((condition) =>
    reportCondition(
      study,
      condition,
      scored.filter((run) => run.scored.condition === condition.name),
    ),
  );
  return {
    study: study.name,
    description: study.description,
    seeds: study.seeds,
    published: study.published ? { source: study.published.source, notes: study.published.notes } : null,
    detectors: study.detectors,
    intervals: study.intervals,
    late: study.late,
    runs: scored.map((run) => run.scored),
    conditions,
    separation: reportSeparation(
      study,
      scored.map((run) => run.scored),
    ),
    crossings: conditions
      .filter((condition) => condition.isControl)
      .flatMap((condition) =>
        slopeCrossings(
          study,
          scored.map((run) => run.scored).filter((run) => run.condition === condition.name),
        ),
      ),
    caveats: scoringCaveats(study),
    atOnce: firedAtOnce(study, scored),
  };
}

function firedAtOnce(study: Study, runs: readonly ScoredRun[]): Report['atOnce'] {
  const counts = Object.entries(study.detectors).map(([name, detector]) => {
    const epochs = runs.flatMap(({ measured, scored: { state, detectors } }) => {
      const fired = state === 'finished' ? (detectors[name] ?? null) : null;
      const values = fired === null ? null : measured.series(detector.series);
      return values && crossingsOf(detector, values).epochs[0] === fired ? [fired] : [];
    });
    const groups = Map.groupBy(epochs, (epoch) => epoch);
    return [name, [...groups].map(([epoch, { length }]) => ({ epoch, runs: length }))] as const;
  });
  return Object.fromEntries(counts.filter(([, groups]) => groups.length > 0));
}

function reportCondition(study: Study, condition: Condition, runs: readonly ScoredRun[]): ConditionReport {
  const finished = runs.filter((run) => run.scored.state === 'finished');
  const scored = finished.map((run) => run.scored);
  const measured = finished.map((run) => run.measured);
  const failed = runs.filter((run) => run.scored.state === 'failed').length;
  const published = study.published?.conditions[condition.name] ?? null;
  return {
    name: condition.name,
    n: finished.length,
    failed,
    unfinished: runs.length - finished.length - failed,
    isControl: isControl(condition, study.late),
    isDecayDecoupled: isDecayDecoupled(condition.settings.optimizer),
    final: {
      trainAccuracy: medianOf(scored.map((run) => run.final.trainAccuracy)),
      testAccuracy: medianOf(scored.map((run) => run.final.testAccuracy)),
    },
    // An imported run was not trained here.
    medianSeconds: medianOf(scored.map((run) => run.seconds).filter((seconds) => seconds > 0)),
    detectors: reportFires(
      Object.keys(study.detectors),
      scored.map((run) => run.detectors),
      published?.detectors ?? {},
    ),
    intervals: reportFires(
      Object.keys(study.intervals),
      scored.map((run) => run.intervals),
      published?.detectors ?? {},
    ),
    late: reportLate(
      scored.map((run) => run.late),
      published?.late ?? null,
    ),
    repulsion: reportRepulsion(measured, published?.repulsion ?? []),
    smoothness: reportSmoothness(condition, measured),
    spectrum: reportSpectrum(condition, measured, study.late.range),
  };
}

function reportFires(
  names: readonly string[],
  runs: readonly Readonly<Record<string, number | null>>[],
  published: Readonly<Record<string, PublishedStatistic>>,
): Record<string, FireReport> {
  const reports: Record<string, FireReport> = {};
  for (const name of names) {
    const epochs = runs.filter((run) => Object.hasOwn(run, name)).map((run) => run[name]);
    const measured = epochs.length > 0 ? summarizeFires(epochs) : null;
    const beside = published[name] ?? null;
    if (measured || beside) {
      reports[name] = {
        measured,
        published: beside,
        difference: subtract(measured?.median ?? null, beside?.median ?? null),
      };
    }
  }
  return reports;
}

function reportLate(
  values: readonly (number | null)[],
  published: LateReport['published'],
): LateReport | null {
  const defined = values.filter((value) => value !== null);
  if (defined.length === 0 && !published) return null;
  const measured = defined.length > 0 ? lateStatistics(defined) : null;
  return { measured, published, difference: subtract(measured?.median ?? null, published?.median ?? null) };
}

function lateStatistics(values: readonly number[]): LateReport['measured'] {
  const { median: middle, min, max, n } = summarizeLate(values);
  return { median: middle, min, max, n };
}

/** Null while either condition has no late value, or the denominator's is 0. */
function reportSeparation(study: Study, runs: readonly ReportRun[]): SeparationReport | null {
  if (!study.late.separation) return null;
  const [numerator, denominator] = study.late.separation;
  const lateValues = (condition: string): number[] =>
    runs.filter((run) => run.condition === condition).flatMap((run) => run.late ?? []);
  const ratio = separation(lateValues(numerator), lateValues(denominator));
  const measured = Number.isFinite(ratio) ? ratio : null;
  const published = study.published?.separation ?? null;
  return { numerator, denominator, measured, published, difference: subtract(measured, published) };
}

function slopeCrossings(study: Study, runs: readonly ReportRun[]): ControlCrossing[] {
  return Object.entries(study.detectors)
    .filter(([, detector]) => detector.kind === 'slope')
    .flatMap(([detector]) =>
      runs
        .filter((run) => run.state === 'finished')
        .map((run) => ({ run, epoch: run.detectors[detector] ?? null }))
        .flatMap(({ run, epoch }) =>
          epoch === null
            ? []
            : [{ runId: run.id, condition: run.condition, seed: run.seed, detector, epoch }],
        ),
    );
}

function medianOf(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null);
  return defined.length > 0 ? median(defined) : null;
}

function subtract(measured: number | null, published: number | null): number | null {
  return measured === null || published === null ? null : measured - published;
}
