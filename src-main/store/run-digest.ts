import { createHash } from 'node:crypto';
import type { LabDatabase } from './connection.ts';
import { packFloats } from './float-blob.ts';
import { blob, text } from './row.ts';
import type { SeriesStore } from './series-store.ts';

/**
 * What a finished run keeps of its numbers in `run.series_digest` and `run.probe_digest`: a bit that flips on the disk inside a number,
 * which SQLite cannot see, is found by `checkLab`.
 */
export interface RunDigest {
  /** SHA-256 (hex) of the names of its series as JSON, then every series as little-endian float64 in their order. */
  readonly series: string;
  /** SHA-256 (hex) of every probe's header and blob, by epoch. */
  readonly probes: string;
}

/** It does not depend on how rows were batched or packed. */
export function runDigest(database: LabDatabase, series: SeriesStore, runId: number): RunDigest {
  return { series: seriesDigest(series, runId, series.names(runId)), probes: probeDigest(database, runId) };
}

/** @param names what the run's series are called; only their number must be that of the run's layout */
export function seriesDigest(series: SeriesStore, runId: number, names: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(names));
  for (const column of series.readMany(runId, series.names(runId))) hash.update(packFloats([column]));
  return hash.digest('hex');
}

export function probeDigest(database: LabDatabase, runId: number): string {
  const hash = createHash('sha256');
  database.all(
    'SELECT header, data FROM probe WHERE run_id = ? ORDER BY kind, epoch',
    (row) => hash.update(text(row, 'header')).update(blob(row, 'data')),
    runId,
  );
  return hash.digest('hex');
}
