import { type RunLogEntry, longestLog } from '#shared/models/run-log.ts';
import type { RunState } from '#shared/models/run.ts';
import { checksum, verify } from './checksum.ts';
import type { LabDatabase } from './connection.ts';
import { type Row, integer, text, textOrNull } from './row.ts';
import { runState } from './run-record.ts';

/** What befell a run, and the state it is in since; what is told nothing of is null in its entry. */
export interface RunChange {
  readonly state: RunState;
  readonly engine?: string | null;
  readonly checkpoint?: number | null;
  readonly reason?: string | null;
}

/** Adds to a run's log what it has just become. Belongs in the transaction that changes the run. */
export function logChange(
  database: LabDatabase,
  at: Date,
  runId: number,
  { state, engine = null, checkpoint = null, reason = null }: RunChange,
): void {
  const last = database.get(
    `SELECT run.rows AS rows, number, attempt FROM run LEFT JOIN run_event
       ON run_id = run.id AND number = (SELECT max(number) FROM run_event WHERE run_id = run.id)
     WHERE run.id = ?`,
    (row) => ({
      rows: integer(row, 'rows'),
      number: row['number'] === null ? 0 : integer(row, 'number'),
      attempt: row['attempt'] === null ? 0 : integer(row, 'attempt'),
    }),
    runId,
  ) ?? { rows: 0, number: 0, attempt: 0 };
  const entry: RunLogEntry = {
    number: last.number + 1,
    at: at.toISOString(),
    state,
    // Rows that were imported had no trainer.
    attempt: last.attempt + (state === 'running' && engine !== null ? 1 : 0),
    rows: last.rows,
    engine,
    checkpoint,
    reason,
  };
  database.run(
    `INSERT INTO run_event (run_id, number, at, state, attempt, rows, engine, checkpoint, reason, crc32)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    runId,
    entry.number,
    entry.at,
    state,
    entry.attempt,
    entry.rows,
    engine,
    checkpoint,
    reason,
    checksumOf(entry),
  );
  if (entry.number > longestLog)
    database.run('DELETE FROM run_event WHERE run_id = ? AND number <= ?', runId, entry.number - longestLog);
}

/** Oldest first. @throws DamagedRow for an entry that is not what was stored */
export function readLog(database: LabDatabase, runId: number): RunLogEntry[] {
  return database.all(
    'SELECT number, at, state, attempt, rows, engine, checkpoint, reason, crc32 FROM run_event WHERE run_id = ? ORDER BY number',
    (row) => {
      const entry = entryOf(row);
      verify(integer(row, 'crc32'), () => `run ${runId}: entry ${entry.number} of its log is`, partOf(entry));
      return entry;
    },
    runId,
  );
}

/** Whether a row of a damaged lab is an entry as it was stored. */
export function isWholeEntry(row: Row): boolean {
  return integer(row, 'crc32') === checksumOf(entryOf(row));
}

function entryOf(row: Row): RunLogEntry {
  return {
    number: integer(row, 'number'),
    at: text(row, 'at'),
    state: runState(text(row, 'state')),
    attempt: integer(row, 'attempt'),
    rows: integer(row, 'rows'),
    engine: textOrNull(row, 'engine'),
    checkpoint: row['checkpoint'] === null ? null : integer(row, 'checkpoint'),
    reason: textOrNull(row, 'reason'),
  };
}

function checksumOf(entry: RunLogEntry): number {
  return checksum(partOf(entry));
}

/** One text of all of it, so that nothing can move from one field into the next unseen. */
function partOf({ number, at, state, attempt, rows, engine, checkpoint, reason }: RunLogEntry): string {
  return JSON.stringify([number, at, state, attempt, rows, engine, checkpoint, reason]);
}
