import { openLabFile } from './database.ts';
import { ProbeStore } from './probe-store.ts';
import { RunStore } from './run-store.ts';
import { SeriesStore } from './series-store.ts';
import { SnapshotStore } from './snapshot-store.ts';
import { StudyStore } from './study-store.ts';

export interface LabStore {
  /** Absolute, with links resolved. */
  readonly path: string;
  readonly studies: StudyStore;
  readonly runs: RunStore;
  readonly series: SeriesStore;
  readonly probes: ProbeStore;
  readonly snapshots: SnapshotStore;
  /** All that `work` stores, or none of it. */
  transaction<T>(work: () => T): T;
  close(): void;
}

export interface LabStoreOptions {
  readonly readOnly?: boolean;
  readonly clock?: () => Date;
}

/** Opens a lab. As its only writer it also marks as interrupted what an earlier writer left running when it died. */
export function openLabStore(path: string, options: LabStoreOptions = {}): LabStore {
  const database = openLabFile(path, { readOnly: options.readOnly === true });
  const series = new SeriesStore(database);
  const runs = new RunStore(database, (runId) => series.seal(runId));
  if (!database.readOnly) {
    runs.interruptRunning(
      'The program ended while this run was training. Run the study again to go on with it.',
    );
  }
  return {
    path: database.path,
    studies: new StudyStore(database, options.clock ?? (() => new Date())),
    runs,
    series,
    probes: new ProbeStore(database),
    snapshots: new SnapshotStore(database),
    transaction: (work) => database.transaction(work, { durable: true }),
    close: () => database.close(),
  };
}
