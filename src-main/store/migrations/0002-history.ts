import { createHash } from 'node:crypto';
import type { LabDatabase } from '../connection.ts';
import { unpackFloats } from '../float-blob.ts';
import type { Migration } from '../migrate.ts';
import { blob, integer, json, text } from '../row.ts';
import { seriesLayoutSchema } from '../study-schema.ts';

/**
 * What a history needs beyond its numbers: deletion that can be undone, tags, notes, restarts, which studies to go on with, the newest accuracies for a table of
 * thousands of runs, digests of every finished run, and snapshots in parts.
 *
 * `study` and `run` are built anew because a table's UNIQUE cannot be dropped: a deleted row must not keep its place from another.
 * AUTOINCREMENT, so that the number of a purged run never comes back as another run. Snapshots are in parts because one of 40 MB
 * written at once held the host up for 0.25 s; no program of version 1 saved any, so the old table goes.
 */
export const history: Migration = {
  version: 2,
  sql: `
    CREATE TABLE new_study (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL,
      identity TEXT NOT NULL,
      file TEXT NOT NULL,
      model TEXT NOT NULL,
      source TEXT NOT NULL,
      created_at TEXT NOT NULL,
      training TEXT,
      note TEXT NOT NULL DEFAULT '',
      deleted_at TEXT
    ) STRICT;
    INSERT INTO new_study (id, name, identity, file, model, source, created_at)
      SELECT id, name, identity, file, model, source, created_at FROM study;
    DROP TABLE study;
    ALTER TABLE new_study RENAME TO study;
    CREATE UNIQUE INDEX study_place ON study (name, identity) WHERE deleted_at IS NULL;

    CREATE TABLE new_run (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      condition_id INTEGER NOT NULL REFERENCES condition (id) ON DELETE CASCADE,
      seed INTEGER NOT NULL,
      state TEXT NOT NULL
        CHECK (state IN ('queued', 'running', 'finished', 'failed', 'interrupted', 'cancelled')),
      rows INTEGER NOT NULL DEFAULT 0 CHECK (rows >= 0),
      layout_id INTEGER REFERENCES series_layout (id),
      seconds REAL NOT NULL DEFAULT 0,
      provenance TEXT,
      problem TEXT,
      attempts INTEGER NOT NULL DEFAULT 0,
      train_accuracy REAL,
      test_accuracy REAL,
      series_digest TEXT,
      probe_digest TEXT,
      note TEXT NOT NULL DEFAULT '',
      deleted_at TEXT
    ) STRICT;
    INSERT INTO new_run (id, condition_id, seed, state, rows, layout_id, seconds, provenance, problem)
      SELECT id, condition_id, seed, state, rows, layout_id, seconds, provenance, problem FROM run;
    DROP TABLE run;
    ALTER TABLE new_run RENAME TO run;
    CREATE UNIQUE INDEX run_place ON run (condition_id, seed) WHERE deleted_at IS NULL;

    CREATE TABLE study_tag (
      study_id INTEGER NOT NULL REFERENCES study (id) ON DELETE CASCADE,
      tag TEXT NOT NULL,
      PRIMARY KEY (study_id, tag)
    ) STRICT;

    CREATE TABLE run_tag (
      run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      tag TEXT NOT NULL,
      PRIMARY KEY (run_id, tag)
    ) STRICT;

    DROP TABLE snapshot;
    CREATE TABLE snapshot (
      run_id INTEGER PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
      epoch INTEGER NOT NULL,
      header TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      crc32 INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE snapshot_part (
      run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      epoch INTEGER NOT NULL,
      number INTEGER NOT NULL,
      data BLOB NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX snapshot_part_place ON snapshot_part (run_id, epoch, number);
  `,
  fill(database) {
    const runs = database.all(
      `SELECT run.id, rows, state, names FROM run JOIN series_layout ON series_layout.id = layout_id WHERE rows > 0`,
      (row) => ({
        id: integer(row, 'id'),
        rows: integer(row, 'rows'),
        finished: text(row, 'state') === 'finished',
        layout: text(row, 'names'),
      }),
    );
    for (const run of runs) {
      const names = json(run.layout, 'series_layout.names', seriesLayoutSchema);
      const last = (name: string): number | null =>
        newest(database, run.id, names.indexOf(name), names.length);
      database.run(
        'UPDATE run SET train_accuracy = ?, test_accuracy = ?, series_digest = ?, probe_digest = ? WHERE id = ?',
        last('train.accuracy'),
        last('test.accuracy'),
        run.finished ? seriesDigest(database, run.id, run.layout) : null,
        run.finished ? probeDigest(database, run.id) : null,
        run.id,
      );
    }
  },
};

/** The newest value of a series: of the newest batch in the tail where there is one, else of the last chunk. */
function newest(database: LabDatabase, runId: number, series: number, width: number): number | null {
  if (series < 0) return null;
  const batch = database.get(
    'SELECT data FROM tail WHERE run_id = ? ORDER BY first_epoch DESC LIMIT 1',
    (row) => unpackFloats(blob(row, 'data')),
    runId,
  );
  if (batch !== undefined) return batch.at(((series + 1) * batch.length) / width - 1) ?? null;
  const chunk = database.get(
    'SELECT data FROM chunk WHERE run_id = ? AND series = ? ORDER BY number DESC LIMIT 1',
    (row) => unpackFloats(blob(row, 'data')),
    runId,
    series,
  );
  return chunk?.at(-1) ?? null;
}

/** As `run-digest.ts` had it in version 2, over a finished run, which has no tail. */
function seriesDigest(database: LabDatabase, runId: number, layout: string): string {
  const hash = createHash('sha256').update(layout);
  database.all(
    'SELECT data FROM chunk WHERE run_id = ? ORDER BY series, number',
    (row) => hash.update(blob(row, 'data')),
    runId,
  );
  return hash.digest('hex');
}

function probeDigest(database: LabDatabase, runId: number): string {
  const hash = createHash('sha256');
  database.all(
    'SELECT header, data FROM probe WHERE run_id = ? ORDER BY kind, epoch',
    (row) => hash.update(text(row, 'header')).update(blob(row, 'data')),
    runId,
  );
  return hash.digest('hex');
}
