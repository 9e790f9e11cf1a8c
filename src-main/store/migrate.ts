import { existsSync } from 'node:fs';
import { problem } from '#shared/models/problem.ts';
import type { LabDatabase } from './connection.ts';
import { copyLab } from './copy-lab.ts';
import { isDiskFull } from './disk-full.ts';
import { DamagedRow, integer, text } from './row.ts';

/** One step of the schema. Released migrations are never edited: a change of the schema is a new one. */
export interface Migration {
  /** The user_version the file has afterwards: 1, 2, 3, ... without a gap. */
  readonly version: number;
  readonly sql: string;
  /** Fills what SQL cannot compute, in the same transaction. */
  fill?(database: LabDatabase): void;
}

/** A lab that is brought to a newer format. */
export interface Upgrade {
  readonly from: number;
  readonly to: number;
  /** The lab as it was. */
  readonly copy: string;
}

export function schemaVersion(database: LabDatabase): number {
  return database.get('PRAGMA user_version', (row) => integer(row, 'user_version')) ?? 0;
}

/**
 * Brings an open file to the newest schema, each migration in a transaction of its own. A file that already held data is first
 * copied to `x.lab.before-vN` by VACUUM INTO, which also carries what is still in the write-ahead log.
 * @param announce called before that, since a large lab takes a while
 * @returns the path of the copy, or null when none was needed
 */
export function migrate(
  database: LabDatabase,
  migrations: readonly Migration[],
  announce: (upgrade: Upgrade) => void = () => undefined,
): string | null {
  const from = schemaVersion(database);
  const missing = migrations.filter((migration) => migration.version > from);
  const first = missing[0];
  if (first === undefined) return null;
  const backup = from === 0 ? null : freeName(`${database.path}.before-v${first.version}`);
  if (backup !== null) {
    announce({ from, to: schemaOf(missing), copy: backup });
    backUp(database, backup);
  }
  // A table is rebuilt by dropping the old one, which with keys enforced would delete every row that refers to it.
  // The pragma does nothing inside a transaction (https://sqlite.org/lang_altertable.html#otheralter).
  database.exec('PRAGMA foreign_keys = OFF');
  try {
    for (const migration of missing) apply(database, migration);
  } finally {
    database.exec('PRAGMA foreign_keys = ON');
  }
  return backup;
}

function apply(database: LabDatabase, migration: Migration): void {
  database.transaction(
    () => {
      database.exec(migration.sql);
      migration.fill?.(database);
      const [orphan] = database.all('PRAGMA foreign_key_check', (row) => text(row, 'table'));
      if (orphan !== undefined) throw new DamagedRow(`${orphan} refers to rows that are not there`);
      database.exec(`PRAGMA user_version = ${migration.version}`);
    },
    { durable: true },
  );
}

function schemaOf(missing: readonly Migration[]): number {
  return Math.max(...missing.map(({ version }) => version));
}

function freeName(wanted: string): string {
  let free = wanted;
  for (let copy = 2; existsSync(free); copy += 1) free = `${wanted}-${copy}`;
  return free;
}

function backUp(database: LabDatabase, target: string): void {
  try {
    copyLab(database, target);
  } catch (error) {
    const reason = isDiskFull(error)
      ? 'the disk is full'
      : error instanceof Error
        ? error.message
        : String(error);
    throw problem(
      'lab-read-only',
      `${database.path}: must be brought to a newer format, and the copy made first could not be written to ${target} (${reason}). The lab is unchanged: make room or permit writing there.`,
    );
  }
}
