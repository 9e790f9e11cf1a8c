import type { Migration } from '../migrate.ts';

/**
 * Statistics over a condition's runs of one series, kept so that a large study is drawn without reading every row of it. All of it can be
 * computed again: `runs` says of which runs and how many rows of each, and where that no longer fits, it is.
 *
 * The triggers take away what rows that are gone went into: others may come in their place, and as many. A migration that builds `run`
 * anew has to make them again.
 */
export const bands: Migration = {
  version: 7,
  sql: `
    CREATE TABLE band (
      condition_id INTEGER NOT NULL REFERENCES condition (id) ON DELETE CASCADE,
      series TEXT NOT NULL,
      runs TEXT NOT NULL,
      data BLOB NOT NULL,
      crc32 INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX band_place ON band (condition_id, series);

    CREATE TRIGGER band_of_purged_run AFTER DELETE ON run
    BEGIN DELETE FROM band WHERE condition_id = OLD.condition_id; END;

    CREATE TRIGGER band_of_lost_rows AFTER UPDATE OF rows ON run WHEN NEW.rows < OLD.rows
    BEGIN DELETE FROM band WHERE condition_id = OLD.condition_id; END;
  `,
};
