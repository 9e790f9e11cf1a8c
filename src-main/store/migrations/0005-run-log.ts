import type { Migration } from '../migrate.ts';

/**
 * Every change of a run's state with time, trainer and reason, written in the transaction of the change itself. A run keeps the last 200;
 * `number` counts on. Each entry has its checksum (decision 7). Runs of older labs begin theirs with their next change.
 */
export const runLog: Migration = {
  version: 5,
  sql: `
    CREATE TABLE run_event (
      run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      number INTEGER NOT NULL,
      at TEXT NOT NULL,
      state TEXT NOT NULL
        CHECK (state IN ('queued', 'running', 'finished', 'failed', 'interrupted', 'cancelled')),
      attempt INTEGER NOT NULL,
      rows INTEGER NOT NULL,
      engine TEXT,
      checkpoint INTEGER,
      reason TEXT,
      crc32 INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX run_event_place ON run_event (run_id, number);
  `,
};
