import type { Migration } from '../migrate.ts';

/**
 * Studies, their conditions and runs; series packed in chunks; probes; snapshots.
 *
 * `series_layout` holds a list of series names once, however many runs share it; a chunk names a series by its position there.
 * `chunk` holds up to 250 consecutive epochs of one series as little-endian float64: 2,000 bytes, so that two fill a page of 4,096
 * (256 epochs would leave half of each page empty). `tail` holds the newest batches, every series of a few epochs a row,
 * until they make full chunks: a batch then writes one small row, not one chunk a series.
 */
export const initial: Migration = {
  version: 1,
  sql: `
    CREATE TABLE study (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      identity TEXT NOT NULL,
      file TEXT NOT NULL,
      model TEXT NOT NULL,
      source TEXT NOT NULL,
      created_at TEXT NOT NULL,
      UNIQUE (name, identity)
    ) STRICT;

    CREATE TABLE condition (
      id INTEGER PRIMARY KEY,
      study_id INTEGER NOT NULL REFERENCES study (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      settings TEXT NOT NULL,
      UNIQUE (study_id, name)
    ) STRICT;

    CREATE TABLE series_layout (
      id INTEGER PRIMARY KEY,
      names TEXT NOT NULL UNIQUE
    ) STRICT;

    CREATE TABLE run (
      id INTEGER PRIMARY KEY,
      condition_id INTEGER NOT NULL REFERENCES condition (id) ON DELETE CASCADE,
      seed INTEGER NOT NULL,
      state TEXT NOT NULL
        CHECK (state IN ('queued', 'running', 'finished', 'failed', 'interrupted', 'cancelled')),
      rows INTEGER NOT NULL DEFAULT 0 CHECK (rows >= 0),
      layout_id INTEGER REFERENCES series_layout (id),
      seconds REAL NOT NULL DEFAULT 0,
      provenance TEXT,
      problem TEXT,
      UNIQUE (condition_id, seed)
    ) STRICT;

    CREATE TABLE chunk (
      run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      series INTEGER NOT NULL,
      number INTEGER NOT NULL,
      data BLOB NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX chunk_place ON chunk (run_id, series, number);

    CREATE TABLE tail (
      run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      first_epoch INTEGER NOT NULL,
      data BLOB NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX tail_place ON tail (run_id, first_epoch);

    CREATE TABLE probe (
      id INTEGER PRIMARY KEY,
      run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      kind TEXT NOT NULL,
      epoch INTEGER NOT NULL,
      header TEXT NOT NULL,
      data BLOB NOT NULL,
      UNIQUE (run_id, kind, epoch)
    ) STRICT;

    CREATE TABLE snapshot (
      run_id INTEGER PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
      epoch INTEGER NOT NULL,
      header TEXT NOT NULL,
      data BLOB NOT NULL
    ) STRICT;
  `,
};
