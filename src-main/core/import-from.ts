import { statSync } from 'node:fs';
import { problem } from '#shared/models/problem.ts';
import { importLab } from '../exchange/import-lab.ts';
import { importStudyLogs } from '../exchange/import-study-logs.ts';
import type { LabStore } from '../store/lab-store.ts';

export interface Imported {
  readonly studyIds: readonly number[];
  readonly runs: number;
  /** What was skipped or renamed, a sentence each. */
  readonly notes: readonly string[];
}

/** Takes in a lab file, or a folder of study logs. @throws ProblemError naming file, line and field of what cannot be read */
export function importFrom(store: LabStore, from: string): Imported {
  const stats = statSync(from, { throwIfNoEntry: false });
  if (!stats) throw problem('not-found', `${from}: there is no such file or folder to import.`);
  if (stats.isDirectory()) {
    const { study, runs, skipped } = importStudyLogs(store, from);
    return {
      studyIds: [study.id],
      runs: runs.length,
      notes: skipped.map(({ path, reason }) => `Skipped ${path}: ${reason}`),
    };
  }
  const { studies, runs, equal, notes } = importLab(store, from);
  const there = equal > 0 ? [`${equal} runs were here already, equal to the last bit.`] : [];
  return { studyIds: studies, runs: runs.length, notes: [...there, ...notes] };
}
