import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { problem } from '#shared/models/problem.ts';
import type { Run } from '#shared/models/run.ts';
import { seriesNames } from '#shared/models/series.ts';
import type { LabStore } from '#main/store/lab-store.ts';
import type { StudyRecord } from '#main/store/study-store.ts';
import { findStudyLogs } from './find-study-logs.ts';
import { importedStudy } from './imported-study.ts';
import { type LogSummary, type NamedCondition, nameConditions } from './name-conditions.ts';
import { readLogConfig } from './read-log-config.ts';
import { type LogRows, readLogRows } from './read-log-rows.ts';
import { seriesOfColumn } from './study-log-columns.ts';

export interface ImportResult {
  readonly study: StudyRecord;
  /** Those that were added. */
  readonly runs: readonly Run[];
  /** Folders that were left out, and why. */
  readonly skipped: readonly SkippedLog[];
}

export interface SkippedLog {
  readonly path: string;
  readonly reason: string;
}

/** More than this many lines of problems are counted, not shown. */
const mostProblems = 20;

/**
 * A folder of study logs as a study of finished runs without provenance. A log that ends before its config's last epoch is an
 * interrupted run. Every log is read once to find everything that is wrong before anything is stored, then stored in
 * one transaction: all of them or none.
 * @throws import-invalid with every problem as `file:line field: what is wrong`
 */
export function importStudyLogs(store: LabStore, folder: string): ImportResult {
  const root = resolve(folder);
  const conditions = nameConditions(readSummaries(findStudyLogs(root)));
  const study = importedStudy(basename(root), root, conditions);
  return store.transaction(() => {
    const record = store.studies.match(study) ?? store.studies.save(study, basename(root));
    const cells = new Map(
      store.runs.ensure(record.id, study).map((run) => [`${run.seed} ${run.condition}`, run.id]),
    );
    const runs: Run[] = [];
    const skipped: SkippedLog[] = [];
    const taken = new Map<number, string>();
    for (const { condition, log } of logsOf(conditions)) {
      const id = cells.get(`${log.config.seed} ${condition.name}`);
      if (id === undefined) throw new Error(`no run was made for ${log.folder}`);
      const run = store.runs.get(id);
      const twin = taken.get(id);
      if (twin !== undefined) {
        skipped.push({ path: log.folder, reason: `the same condition and seed as ${twin}` });
      } else if (run.state !== 'queued') {
        skipped.push({ path: log.folder, reason: `already in the lab as run ${id} (${run.state})` });
      } else {
        runs.push(storeLog(store, run, log));
      }
      if (twin === undefined) taken.set(id, log.folder);
    }
    return { study: record, runs, skipped };
  });
}

function logsOf(conditions: readonly NamedCondition[]): { condition: NamedCondition; log: LogSummary }[] {
  return conditions.flatMap((condition) => condition.logs.map((log) => ({ condition, log })));
}

function readSummaries(folders: readonly string[]): LogSummary[] {
  const problems: string[] = [];
  const summaries = folders.flatMap((folder): LogSummary[] => {
    const config = readPart(folder, 'config.json', readLogConfig);
    if (!isOne(config)) {
      problems.push(...config);
      return [];
    }
    const log = readPart(folder, 'log.jsonl', (text, file) => readLogRows(text, file, config.epochs));
    if (!isOne(log)) {
      problems.push(...log);
      return [];
    }
    return [{ folder, config, columns: [...log.columns.keys()], rows: log.rows }];
  });
  if (problems.length === 0) return summaries;
  const more = problems.length - mostProblems;
  const shown = more > 0 ? [...problems.slice(0, mostProblems), `and ${more} more`] : problems;
  throw problem('import-invalid', `${shown.join('\n')}\nNothing was imported.`);
}

function readPart<T>(
  folder: string,
  name: string,
  parse: (text: string, file: string) => T | readonly string[],
): T | readonly string[] {
  const file = join(folder, name);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const reason = missing
      ? 'is missing: a study log is a folder with log.jsonl and config.json'
      : 'cannot be read';
    return [`${file}: ${reason}`];
  }
  return parse(text, file);
}

function isOne<T extends object>(value: T | readonly string[]): value is T {
  return !Array.isArray(value);
}

function storeLog(store: LabStore, run: Run, summary: LogSummary): Run {
  const log = readPart(summary.folder, 'log.jsonl', (text, file) =>
    readLogRows(text, file, summary.config.epochs),
  );
  if (!isOne(log)) throw problem('import-invalid', `${log.join('\n')}\nNothing was imported.`);
  const names = orderedSeries(run, log);
  const bySeries = new Map([...log.columns].map(([column, values]) => [seriesOfColumn(column), values]));
  store.runs.start(run.id, null);
  store.series.append(
    run.id,
    0,
    names,
    names.map((name) => bySeries.get(name) ?? new Float64Array(log.rows).fill(Number.NaN)),
  );
  const last = log.rows - 1;
  // Some scripts log epochs 0..epochs-1, this one 0..epochs: both are whole.
  if (last >= run.settings.epochs - 1) return store.runs.finish(run.id, 0);
  return store.runs.interrupt(run.id, `The imported log ends at epoch ${last} of ${run.settings.epochs}.`);
}

/** The log's series in the order our own runs have them, then the others as they came. */
function orderedSeries(run: Run, log: LogRows): string[] {
  const order = new Map(seriesNames(run.settings.probes).map((name, index) => [name, index]));
  return [...log.columns.keys()]
    .map(seriesOfColumn)
    .toSorted((a, b) => (order.get(a) ?? order.size) - (order.get(b) ?? order.size));
}
