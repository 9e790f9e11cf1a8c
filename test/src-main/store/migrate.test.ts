import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { Connection, type LabDatabase } from '#main/store/connection.ts';
import { type Migration, migrate, schemaVersion } from '#main/store/migrate.ts';
import { migrations } from '#main/store/migrations/all.ts';
import { refusal, temporaryFolder } from './lab-fixtures.ts';

function emptyFile(): LabDatabase {
  const path = join(temporaryFolder(), 'x.lab');
  const connection = new Connection(path, new DatabaseSync(path), false, () => {});
  connection.exec('PRAGMA journal_mode = WAL');
  onTestFinished(() => connection.close());
  return connection;
}

/** What an upgrade must carry over, written as the version before each migration has it. Append an entry with each migration. */
const samples: readonly { readonly fill: string; readonly check: (lab: LabDatabase) => void }[] = [
  {
    fill: 'SELECT 1',
    check: (lab) => expect(lab.all('SELECT id FROM run', (row) => row)).toEqual([]),
  },
];

test('migrations are numbered 1, 2, 3 without a gap, and each has its upgrade test', () => {
  expect(migrations.map((migration) => migration.version)).toEqual(migrations.map((_, index) => index + 1));
  expect(samples.length).toBe(migrations.length);
});

test.each(migrations.map((migration) => [migration.version, migration] as const))(
  'migration %i upgrades a file of the version before it',
  (version, migration) => {
    const lab = emptyFile();
    migrate(lab, migrations.slice(0, version - 1));
    lab.exec(samples[version - 1].fill);
    migrate(lab, [migration]);
    expect(schemaVersion(lab)).toBe(version);
    samples[version - 1].check(lab);
    expect(lab.get('PRAGMA integrity_check', (row) => row['integrity_check'])).toBe('ok');
    expect(lab.all('PRAGMA foreign_key_check', (row) => row)).toEqual([]);
  },
);

// The harness itself, on two migrations made for the purpose.
const first: Migration = { version: 1, sql: 'CREATE TABLE t (a) ' };
const second: Migration = { version: 2, sql: 'ALTER TABLE t ADD COLUMN b; UPDATE t SET b = a + 1' };
const broken: Migration = { version: 2, sql: 'UPDATE t SET a = 0; ALTER TABLE nowhere ADD COLUMN b' };

test('a new file needs no copy; a file with data is copied before it is changed', () => {
  const lab = emptyFile();
  expect(migrate(lab, [first])).toBeNull();
  lab.run('INSERT INTO t VALUES (41)');
  const backup = migrate(lab, [first, second]);
  expect(lab.all('SELECT a, b FROM t', (row) => ({ ...row }))).toEqual([{ a: 41, b: 42 }]);
  expect(backup).toBe(`${lab.path}.before-v2`);
  const copy = new DatabaseSync(backup ?? '', { readOnly: true });
  expect(copy.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
  expect(copy.prepare('SELECT * FROM t').all()).toEqual([{ a: 41 }]);
  copy.close();
});

test('an earlier copy is not overwritten', () => {
  const lab = emptyFile();
  migrate(lab, [first]);
  const earlier = new DatabaseSync(`${lab.path}.before-v2`);
  earlier.exec('CREATE TABLE mine (a)');
  earlier.close();
  expect(migrate(lab, [first, second])).toBe(`${lab.path}.before-v2-2`);
});

test('a migration that fails leaves the version and the data as they were', () => {
  const lab = emptyFile();
  migrate(lab, [first]);
  lab.run('INSERT INTO t VALUES (41)');
  expect(() => migrate(lab, [first, broken])).toThrow(/nowhere/);
  expect(schemaVersion(lab)).toBe(1);
  expect(lab.all('SELECT a FROM t', (row) => row['a'])).toEqual([41]);
});

test('a lab that cannot be copied first is not migrated', () => {
  const lab = emptyFile();
  migrate(lab, [first]);
  // VACUUM INTO cannot run inside a transaction: a real failure of the copy, whoever runs the test.
  const found = lab.transaction(() => refusal(() => migrate(lab, [first, second])));
  expect(found.message).toContain('could not be written');
  expect(schemaVersion(lab)).toBe(1);
  expect(existsSync(`${lab.path}.before-v2`)).toBe(false);
});
