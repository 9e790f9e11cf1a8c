import type { Migration } from '../migrate.ts';

/**
 * The updates of a run's last steps that its snapshot needs to go on where epochs are slow (decision 15), in parts. How many belong to the
 * snapshot is in its header; `crc32` is of place and data. Snapshots of older labs have none and stay as they are.
 */
export const updates: Migration = {
  version: 6,
  sql: `
    CREATE TABLE update_part (
      run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      number INTEGER NOT NULL,
      data BLOB NOT NULL,
      crc32 INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX update_part_place ON update_part (run_id, step, number);
  `,
};
