import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Run } from '#shared/models/run.ts';
import type { LabStore } from '../store/lab-store.ts';
import { conditionIds, copyRun, copyStudy } from '../store/copy-rows.ts';
import { openLabFile } from '../store/database.ts';
import type { ExportOptions, ExportTarget } from './export-target.ts';
import { writeOutput } from './output.ts';

export type LabExportTarget = ExportTarget | { readonly kind: 'lab' };

export interface LabExport {
  /** Absolute path of the lab that was written. */
  readonly file: string;
  readonly studies: number;
  readonly runs: number;
}

/**
 * Writes a new lab that holds one run (with its study), one study, or everything that is not deleted, from one consistent state. Series
 * and probes keep their bits, so that `contentHash` is the same on both sides; snapshots go along, so that what is unfinished can go on there.
 * @throws not-found; export-failed when the file is there (unless `force`) or cannot be written; disk-full
 */
export function exportLab(
  store: LabStore,
  target: LabExportTarget,
  file: string,
  options: ExportOptions = {},
): LabExport {
  const wanted = resolve(file);
  const folder = dirname(wanted);
  const studies = exportedStudies(store, target);
  writeOutput(folder, [basename(wanted)], options, (pathOf) => {
    // In a folder of its own: an open lab has a log and a lock beside it.
    const workshop = mkdtempSync(join(folder, '.grokscope-export-'));
    try {
      const path = join(workshop, 'new.lab');
      fill(store, path, studies);
      renameSync(path, pathOf(basename(wanted)));
    } finally {
      rmSync(workshop, { recursive: true, force: true });
    }
  });
  return { file: wanted, studies: studies.size, runs: [...studies.values()].flat().length };
}

function exportedStudies(store: LabStore, target: LabExportTarget): ReadonlyMap<number, readonly Run[]> {
  if (target.kind === 'run') {
    const run = store.runs.get(target.id);
    return new Map([[run.studyId, [run]]]);
  }
  const records = target.kind === 'study' ? [store.studies.get(target.id)] : store.studies.list();
  return new Map(records.map(({ id }) => [id, store.runs.list({ studyId: id })]));
}

function fill(store: LabStore, path: string, studies: ReadonlyMap<number, readonly Run[]>): void {
  const to = openLabFile(path);
  try {
    const from = store.database;
    from.snapshot(() =>
      to.transaction(
        () => {
          for (const [studyId, runs] of studies) {
            const conditions = conditionIds(to, copyStudy(from, to, studyId));
            for (const run of runs) copyRun(from, to, run.id, conditionOf(conditions, run));
          }
        },
        { durable: true },
      ),
    );
  } finally {
    to.close();
  }
}

function conditionOf(conditions: ReadonlyMap<string, number>, run: Run): number {
  const id = conditions.get(run.condition);
  if (id === undefined) throw new Error(`run ${run.id}: its condition ${run.condition} was not copied`);
  return id;
}
