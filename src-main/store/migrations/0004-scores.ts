import type { Migration } from '../migrate.ts';

/**
 * What was measured of a run, kept so that a table of thousands can be filtered and sorted by it without reading their series. All of it
 * can be computed again: `basis` says of which rows and by which detectors, and where that no longer fits, it is.
 * `score_layout` holds a list of measures once, as `series_layout` does for series.
 */
export const scores: Migration = {
  version: 4,
  sql: `
    CREATE TABLE score_layout (
      id INTEGER PRIMARY KEY,
      names TEXT NOT NULL UNIQUE
    ) STRICT;

    CREATE TABLE score (
      run_id INTEGER PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
      basis TEXT NOT NULL,
      layout_id INTEGER NOT NULL REFERENCES score_layout (id),
      data BLOB NOT NULL
    ) STRICT;
  `,
};
