import { crc32 } from 'node:zlib';
import type { Migration } from '../migrate.ts';
import { integer, text } from '../row.ts';

/**
 * A checksum beside everything that holds numbers (decision 7), so that a bit that flips on the disk is found in a run that is not
 * finished too; and `run.training`, the engine of a run that is to be trained by itself, without the rest of its study.
 *
 * `crc32` in SQL is ours (`connection.ts`). A snapshot's checksum, which covered its data alone, takes in its header now: a CRC can be
 * carried on from where it ended.
 */
export const checksums: Migration = {
  version: 3,
  sql: `
    ALTER TABLE chunk ADD COLUMN crc32 INTEGER NOT NULL DEFAULT 0;
    UPDATE chunk SET crc32 = crc32(data);
    ALTER TABLE tail ADD COLUMN crc32 INTEGER NOT NULL DEFAULT 0;
    UPDATE tail SET crc32 = crc32(data);
    ALTER TABLE probe ADD COLUMN crc32 INTEGER NOT NULL DEFAULT 0;
    UPDATE probe SET crc32 = crc32(header, data);
    ALTER TABLE series_layout ADD COLUMN crc32 INTEGER NOT NULL DEFAULT 0;
    UPDATE series_layout SET crc32 = crc32(names);
    ALTER TABLE study ADD COLUMN crc32 INTEGER NOT NULL DEFAULT 0;
    UPDATE study SET crc32 = crc32(model, source);
    ALTER TABLE run ADD COLUMN training TEXT;
  `,
  fill(database) {
    const snapshots = database.all('SELECT run_id, header, crc32 FROM snapshot', (row) => ({
      runId: integer(row, 'run_id'),
      crc: crc32(text(row, 'header'), integer(row, 'crc32')),
    }));
    for (const { runId, crc } of snapshots)
      database.run('UPDATE snapshot SET crc32 = ? WHERE run_id = ?', crc, runId);
  },
};
