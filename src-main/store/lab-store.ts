import { ProblemError } from '#shared/models/problem.ts';
import { BandStore } from './band-store.ts';
import type { LabDatabase } from './connection.ts';
import { openLabFile } from './database.ts';
import { ProbeStore } from './probe-store.ts';
import { integer } from './row.ts';
import { probeDigest, runDigest } from './run-digest.ts';
import { RunLines } from './run-lines.ts';
import { RunReader } from './run-record.ts';
import { RunStore } from './run-store.ts';
import { RunTable } from './run-table.ts';
import { ScoreStore } from './score-store.ts';
import { SeriesStore } from './series-store.ts';
import { SnapshotStore } from './snapshot-store.ts';
import { StudyStore } from './study-store.ts';
import type { DeletedItem } from '#shared/models/run-table.ts';
import { type Purged, listDeleted, purgeDeleted } from './trash.ts';

export interface LabStore {
  /** Absolute, with links resolved. */
  readonly path: string;
  readonly readOnly: boolean;
  /** Runs that a writer which died had left running; they are interrupted now. */
  readonly recovered: number;
  /** How this opening brought it to the newest format, as a sentence; null where it had it. */
  readonly upgraded: string | null;
  readonly studies: StudyStore;
  readonly runs: RunStore;
  readonly table: RunTable;
  readonly lines: RunLines;
  readonly scores: ScoreStore;
  readonly bands: BandStore;
  readonly series: SeriesStore;
  readonly probes: ProbeStore;
  readonly snapshots: SnapshotStore;
  /** For what copies whole rows from lab to lab (export, import); everything else goes through the stores. */
  readonly database: LabDatabase;
  readonly clock: () => Date;
  /** Newest first. */
  listDeleted(): DeletedItem[];
  /** Ends for good what was deleted this long ago. */
  purgeDeleted(olderThanDays?: number): Purged;
  /** All that `work` stores, or none of it. */
  transaction<T>(work: () => T): T;
  close(): void;
}

export interface LabStoreOptions {
  readonly readOnly?: boolean;
  readonly clock?: () => Date;
  /** What this program is called to another one that finds the lab in use. */
  readonly program?: string;
  /** Hears, before it begins, that the lab is brought to the newest format, which takes a while with a large one. */
  readonly onUpgrade?: (sentence: string) => void;
}

/** How long a deleted study or run can come back. */
export const undoDays = 30;

/** Opens a lab. As its only writer it also marks as interrupted what an earlier writer left running when it died. */
export function openLabStore(path: string, options: LabStoreOptions = {}): LabStore {
  let upgraded: string | null = null;
  const database = openLabFile(path, {
    onUpgrade: ({ from, to, copy }) => {
      upgraded = `The lab was brought from format ${from} to ${to}; as it was before, it is kept in ${copy}.`;
      options.onUpgrade?.(
        `Bringing ${path} from format ${from} to ${to}; a copy of it as it is stays in ${copy}.`,
      );
    },
    readOnly: options.readOnly === true,
    ...(options.program === undefined ? {} : { program: options.program }),
  });
  const store = storeOver(database, options.clock ?? (() => new Date()));
  if (database.readOnly) return store;
  const recovered = store.runs.interruptRunning(
    'The program ended while this run was training. Run the study again to go on with it.',
  );
  store.snapshots.dropUnfinished();
  return { ...store, recovered, upgraded };
}

/** The stores of an open lab file. */
export function storeOver(database: LabDatabase, clock: () => Date): LabStore {
  const series = new SeriesStore(database);
  const snapshots = new SnapshotStore(database);
  const reader = new RunReader();
  const scores = new ScoreStore(database);
  const probes = new ProbeStore(database, (runId) => {
    database.run(
      'UPDATE run SET probe_digest = ? WHERE id = ? AND probe_digest IS NOT NULL',
      probeDigest(database, runId),
      runId,
    );
  });
  const runs = new RunStore(
    database,
    reader,
    {
      finished: (runId) => {
        series.seal(runId);
        snapshots.drop(runId);
        return runDigest(database, series, runId);
      },
      stopped: (runId) => snapshots.abandon(runId),
      emptied: (runId) => scores.drop(runId),
    },
    clock,
  );
  return {
    path: database.path,
    readOnly: database.readOnly,
    recovered: 0,
    upgraded: null,
    studies: new StudyStore(database, clock, (studyId) => runs.list({ studyId })),
    runs,
    table: new RunTable(database, reader),
    lines: new RunLines(database, reader),
    scores,
    bands: new BandStore(database),
    series,
    probes,
    snapshots,
    database,
    clock,
    listDeleted: () => listDeleted(database),
    purgeDeleted: (days = undoDays) => purgeDeleted(database, clock(), days),
    transaction: (work) => database.transaction(work, { durable: true }),
    close: () => {
      if (!database.readOnly) compact(database);
      database.close();
    },
  };
}

/** Less free space than this in a file is left for the next run to use. */
const freeBytesKept = 16_000_000;

/**
 * Gives the disk back what dropped snapshots (40 MB a run) and purged runs left free, when that is more than half of the file: the
 * rest is then quickly written anew.
 */
function compact(database: LabDatabase): void {
  if (!database.isOpen) return;
  const read = (name: string): number => database.get(`PRAGMA ${name}`, (row) => integer(row, name)) ?? 0;
  try {
    const free = read('freelist_count');
    const pages = read('page_count');
    if (free * read('page_size') > freeBytesKept && 2 * free > pages) database.exec('VACUUM');
  } catch (error) {
    // A full disk or a busy reader: the file stays as large as it is, and whole.
    if (!(error instanceof ProblemError)) throw error;
  }
}
