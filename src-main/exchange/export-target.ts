import { problem } from '#shared/models/problem.ts';
import type { Run } from '#shared/models/run.ts';
import type { LabStore } from '#main/store/lab-store.ts';
import type { StudyRecord } from '#main/store/study-store.ts';

export interface ExportTarget {
  readonly kind: 'study' | 'run';
  readonly id: number;
}

export interface ExportOptions {
  /** Replace files that are there; otherwise they are refused before anything is written. */
  readonly force?: boolean;
}

export interface ExportResult {
  /** Paths of the files written. */
  readonly files: readonly string[];
  /** Epochs of all runs, that is rows of the series file. */
  readonly rows: number;
  /** What the format cannot say, a sentence each. */
  readonly notes: readonly string[];
}

export interface ExportedRuns {
  readonly record: StudyRecord;
  /** Those with rows, conditions in the study's order, then by seed. */
  readonly runs: readonly Run[];
}

/** @throws not-found when there is no such study or run, or it has no rows yet */
export function exportedRuns(store: LabStore, target: ExportTarget): ExportedRuns {
  const all = target.kind === 'run' ? [store.runs.get(target.id)] : store.runs.list({ studyId: target.id });
  const record = store.studies.get(target.kind === 'run' ? (all[0]?.studyId ?? 0) : target.id);
  const order = new Map(record.study.conditions.map((condition, index) => [condition.name, index]));
  const runs = all
    .filter((run) => run.rows > 0)
    .toSorted((a, b) => (order.get(a.condition) ?? 0) - (order.get(b.condition) ?? 0) || a.seed - b.seed);
  if (runs.length === 0) {
    throw problem(
      'not-found',
      `${target.kind} ${target.id} ("${record.name}") has no rows to export yet. Run the study first.`,
    );
  }
  return { record, runs };
}
