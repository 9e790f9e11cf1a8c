import type { EngineName, RunState } from '#shared/models/run.ts';
import type { FireSummary } from '#shared/science/statistics.ts';

import type { ConditionReport, Report, ReportRun } from './report.ts';

/** The object `--json` prints. Scripts depend on its shape: see interface.md, "Command line". */
export interface RunJson {
  readonly study: string;
  readonly lab: string;
  readonly runs: readonly RunJsonRun[];
  readonly conditions: Readonly<Record<string, RunJsonCondition>>;
  readonly separation: number | null;
}

export interface RunJsonRun {
  readonly id: number;
  readonly condition: string;
  readonly seed: number;
  readonly state: RunState;
  readonly engine: EngineName | null;
  readonly epochs: number;
  readonly seconds: number;
  readonly detectors: Readonly<Record<string, number | null>>;
  readonly late: number | null;
  readonly final: { readonly trainAccuracy: number | null; readonly testAccuracy: number | null };
}

export interface RunJsonCondition {
  readonly n: number;
  readonly detectors: Readonly<Record<string, FireSummary>>;
  readonly late: {
    readonly median: number | null;
    readonly min: number | null;
    readonly max: number | null;
  };
}

/** @param lab the lab file's path, as the user may open it */
export function runJson(report: Report, lab: string): RunJson {
  return {
    study: report.study,
    lab,
    runs: report.runs.map(runEntry),
    conditions: Object.fromEntries(
      report.conditions.map((condition) => [condition.name, conditionEntry(condition)]),
    ),
    separation: report.separation?.measured ?? null,
  };
}

function runEntry(run: ReportRun): RunJsonRun {
  const { id, condition, seed, state, engine, epochs, seconds, detectors, late, final } = run;
  return { id, condition, seed, state, engine, epochs, seconds, detectors, late, final };
}

function conditionEntry(condition: ConditionReport): RunJsonCondition {
  const late = condition.late?.measured;
  return {
    n: condition.n,
    detectors: Object.fromEntries(
      Object.entries(condition.detectors).flatMap(([name, { measured }]) =>
        measured ? [[name, measured]] : [],
      ),
    ),
    late: { median: late?.median ?? null, min: late?.min ?? null, max: late?.max ?? null },
  };
}

/** The whole report as a file that outlives the lab: it says what it is, and which version of its shape. */
export interface ReportJson extends Report {
  readonly format: 'grokscope-report';
  readonly version: 1;
}

export function reportJson(report: Report): ReportJson {
  return { format: 'grokscope-report', version: 1, ...report };
}
