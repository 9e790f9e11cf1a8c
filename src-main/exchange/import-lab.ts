import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { problem } from '#shared/models/problem.ts';
import type { Run } from '#shared/models/run.ts';
import { contentHash } from '../store/content-hash.ts';
import { conditionIds, copyRun, copyStudy } from '../store/copy-rows.ts';
import { copyLab } from '../store/copy-lab.ts';
import { identifyLab, newestVersion, openLabFile } from '../store/database.ts';
import { type LabStore, storeOver } from '../store/lab-store.ts';
import type { StudyRecord } from '../store/study-store.ts';

export interface LabImport {
  /** Ids in this lab of the studies that were made, those for differing runs among them. */
  readonly studies: readonly number[];
  /** Ids in this lab of the runs that came in. */
  readonly runs: readonly number[];
  /** Runs that were here already, number for number. */
  readonly equal: number;
  /** Runs that are here with other numbers, and where the imported ones went, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Brings every study and run of another lab into this one, all or nothing. A study that is here already (same name, trains the same)
 * gets the runs it lacks; a run that is here with the same content is skipped; one with other content goes into a study of another
 * name, with a note. Importing the same file again changes nothing. The other lab is only read; one of an older format is
 * brought up to date in a copy.
 * @throws what opening the file throws; bad-argument for this very lab
 */
export function importLab(store: LabStore, file: string): LabImport {
  const path = resolve(file);
  if (path === store.path) {
    throw problem('bad-argument', `${path} is this very lab. Name another one to import from.`);
  }
  return withLab(path, (other) =>
    other.database.snapshot(() =>
      store.transaction(() => {
        const importer = new Importer(other, store, path);
        for (const record of other.studies.list()) importer.study(record);
        return importer.result();
      }),
    ),
  );
}

class Importer {
  readonly #from: LabStore;
  readonly #to: LabStore;
  readonly #file: string;
  readonly #studies: number[] = [];
  readonly #runs: number[] = [];
  readonly #notes: string[] = [];
  #equal = 0;

  constructor(from: LabStore, to: LabStore, file: string) {
    this.#from = from;
    this.#to = to;
    this.#file = file;
  }

  result(): LabImport {
    return { studies: this.#studies, runs: this.#runs, equal: this.#equal, notes: this.#notes };
  }

  study(record: StudyRecord): void {
    let waiting = this.#from.runs.list({ studyId: record.id });
    for (let copy = 0; copy === 0 || waiting.length > 0; copy += 1) {
      const name = copy === 0 ? record.name : `${record.name} (imported${copy === 1 ? '' : ` ${copy}`})`;
      const here = this.#to.studies.match({ ...record.study, name });
      const id = here?.id ?? this.#newStudy(record, name, copy > 0);
      const left = this.#merge(waiting, id);
      if (copy > 0 && left.length < waiting.length) {
        const moved = waiting.length - left.length;
        this.#notes.push(
          `${moved} ${moved === 1 ? 'run' : 'runs'} of "${record.name}" differ from those in this lab and are in study ${id}, "${name}".`,
        );
      }
      waiting = left;
    }
  }

  #newStudy(record: StudyRecord, name: string, differing: boolean): number {
    // What the user called it: where it lay, perhaps only for the upload, says nothing later.
    const reason = `Imported from ${basename(this.#file)}: these runs of "${record.name}" have other numbers than the runs of that study here.`;
    const note = [record.note, reason].filter(Boolean).join('\n');
    const id = copyStudy(this.#from.database, this.#to.database, record.id, differing ? { name, note } : {});
    this.#studies.push(id);
    return id;
  }

  /** @returns the runs that have another in their place */
  #merge(runs: readonly Run[], studyId: number): Run[] {
    const conditions = conditionIds(this.#to.database, studyId);
    const places = new Map(this.#to.runs.list({ studyId }).map((run) => [place(run), run]));
    const differing: Run[] = [];
    const seeds: number[] = [];
    for (const run of runs) {
      const there = places.get(place(run));
      const conditionId = conditions.get(run.condition);
      if (conditionId === undefined) throw new Error(`study ${studyId} has no condition ${run.condition}`);
      if (there === undefined) {
        this.#runs.push(copyRun(this.#from.database, this.#to.database, run.id, conditionId));
        seeds.push(run.seed);
      } else if (isEmpty(run) || this.#same(run, there)) {
        this.#equal += 1;
      } else if (isEmpty(there)) {
        this.#runs.push(copyRun(this.#from.database, this.#to.database, run.id, conditionId, there.id));
      } else {
        differing.push(run);
      }
    }
    this.#to.studies.addSeeds(studyId, seeds);
    return differing;
  }

  #same(theirs: Run, ours: Run): boolean {
    return (
      theirs.rows === ours.rows &&
      contentHash(this.#from, { kind: 'run', id: theirs.id }) ===
        contentHash(this.#to, { kind: 'run', id: ours.id })
    );
  }
}

/** Nothing of it is lost when another takes its place. */
function isEmpty(run: Run): boolean {
  return run.rows === 0 && run.state !== 'running';
}

function place(run: Run): string {
  return `${run.seed} ${run.condition}`;
}

function withLab<T>(path: string, use: (other: LabStore) => T): T {
  const { connection, version } = identifyLab(path, 'choose a lab file (.lab) that Grokscope wrote');
  if (version === newestVersion) {
    try {
      return use(storeOver(connection, () => new Date()));
    } finally {
      connection.close();
    }
  }
  const workshop = mkdtempSync(join(tmpdir(), 'grokscope-import-'));
  try {
    const copy = join(workshop, 'older.lab');
    copyLab(connection, copy);
    const upgraded = openLabFile(copy);
    try {
      return use(storeOver(upgraded, () => new Date()));
    } finally {
      upgraded.close();
    }
  } finally {
    connection.close();
    rmSync(workshop, { recursive: true, force: true });
  }
}
