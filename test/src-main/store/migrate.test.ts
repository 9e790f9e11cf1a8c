import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { Connection, type LabDatabase } from '#main/store/connection.ts';
import { storeOver } from '#main/store/lab-store.ts';
import { type Migration, migrate, schemaVersion } from '#main/store/migrate.ts';
import { migrations } from '#main/store/migrations/all.ts';
import type { Row } from '#main/store/row.ts';
import { logChange, readLog } from '#main/store/run-log.ts';
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
  {
    // A finished run of 252 rows of two series in chunks, and an interrupted one of 2 rows in the tail, with a probe each.
    fill: `
      INSERT INTO study VALUES (7, 'S', 'abc', 's.yaml', '{}', 'study: S', '2026-01-01T00:00:00.000Z');
      INSERT INTO condition VALUES (3, 7, 'control', '{}');
      INSERT INTO series_layout VALUES (1, '["test.loss","test.accuracy"]');
      INSERT INTO run VALUES (11, 3, 0, 'finished', 252, 1, 2.5, NULL, NULL), (12, 3, 1, 'interrupted', 2, 1, 1, NULL, 'Stopped.');
      INSERT INTO chunk VALUES (11, 0, 0, x'${hex(ramp(0, 250))}'), (11, 0, 1, x'${hex(ramp(250, 2))}'),
        (11, 1, 0, x'${hex(ramp(1000, 250))}'), (11, 1, 1, x'${hex(ramp(1250, 2))}');
      INSERT INTO tail VALUES (12, 0, x'${hex(ramp(0.1, 1))}${hex(ramp(0.2, 1))}'), (12, 1, x'${hex(ramp(0.3, 1))}${hex(ramp(0.4, 1))}');
      INSERT INTO probe VALUES (1, 11, 'repulsion', 5, 'h', x'0102'), (2, 12, 'repulsion', 5, 'h', x'0102')`,
    check: (lab) => {
      expect(lab.all('SELECT id, name, identity, note, deleted_at FROM study', plain)).toEqual([
        { id: 7, name: 'S', identity: 'abc', note: '', deleted_at: null },
      ]);
      // Oracle of the digests: their definition in run-digest.ts, written out.
      const finished = {
        series_digest: sha256(
          '["test.loss","test.accuracy"]',
          Buffer.from(hex(ramp(0, 252)) + hex(ramp(1000, 252)), 'hex'),
        ),
        probe_digest: sha256('h', Uint8Array.of(1, 2)),
      };
      const none = { series_digest: null, probe_digest: null };
      expect(
        lab.all(
          `SELECT id, condition_id, seed, state, rows, seconds, test_accuracy, train_accuracy, series_digest, probe_digest,
             attempts FROM run`,
          plain,
        ),
      ).toEqual([
        {
          id: 11,
          condition_id: 3,
          seed: 0,
          state: 'finished',
          rows: 252,
          seconds: 2.5,
          test_accuracy: 1251,
          train_accuracy: null,
          ...finished,
          attempts: 0,
        },
        {
          id: 12,
          condition_id: 3,
          seed: 1,
          state: 'interrupted',
          rows: 2,
          seconds: 1,
          test_accuracy: 0.4,
          train_accuracy: null,
          ...none,
          attempts: 0,
        },
      ]);
      expect(lab.all('SELECT count(*) AS n FROM chunk', plain)).toEqual([{ n: 4 }]);
      expect(lab.all('SELECT count(*) AS n FROM tail', plain)).toEqual([{ n: 2 }]);
      expect(lab.all('SELECT count(*) AS n FROM probe', plain)).toEqual([{ n: 2 }]);
      // The rebuilt tables are still the parents: deleting a study takes everything with it.
      lab.exec('DELETE FROM study');
      expect(lab.all('SELECT count(*) AS n FROM chunk', plain)).toEqual([{ n: 0 }]);
      // A purged run's number does not come back.
      lab.exec(
        `INSERT INTO study (name, identity, file, model, source, created_at) VALUES ('T', 'x', 'f', '{}', '', '')`,
      );
      expect(lab.all('SELECT id FROM study', plain)).toEqual([{ id: 8 }]);
    },
  },
  {
    // An interrupted run of 252 rows with a chunk, a tail, a probe and a snapshot in two parts.
    fill: `
      INSERT INTO study (id, name, identity, file, model, source, created_at)
        VALUES (7, 'S', 'abc', 's.yaml', '{"a":1}', 'study: S', '2026-01-01T00:00:00.000Z');
      INSERT INTO condition VALUES (3, 7, 'control', '{}');
      INSERT INTO series_layout VALUES (1, '["test.loss"]');
      INSERT INTO run (id, condition_id, seed, state, rows, layout_id) VALUES (12, 3, 1, 'interrupted', 252, 1);
      INSERT INTO chunk VALUES (12, 0, 0, x'${hex(ramp(0, 250))}');
      INSERT INTO tail VALUES (12, 250, x'${hex(ramp(250, 2))}');
      INSERT INTO probe VALUES (1, 12, 'repulsion', 5, 'h', x'0102');
      INSERT INTO snapshot VALUES (12, 5, '{"at":5}', 4, ${crcOf('0a0b0c0d')});
      INSERT INTO snapshot_part VALUES (12, 5, 0, x'0a0b'), (12, 5, 1, x'0c0d')`,
    check: (lab) => {
      const crcs = (table: string): unknown[] => lab.all(`SELECT crc32 FROM ${table}`, (row) => row['crc32']);
      // Oracle: the polynomial, bit by bit.
      expect(crcs('chunk')).toEqual([crcOf(hex(ramp(0, 250)))]);
      expect(crcs('tail')).toEqual([crcOf(hex(ramp(250, 2)))]);
      expect(crcs('probe')).toEqual([crcOf('680102')]);
      expect(crcs('series_layout')).toEqual([crcOf(Buffer.from('["test.loss"]').toString('hex'))]);
      expect(crcs('study')).toEqual([crcOf(Buffer.from('{"a":1}study: S').toString('hex'))]);
      expect(crcs('snapshot')).toEqual([crcOf(`0a0b0c0d${Buffer.from('{"at":5}').toString('hex')}`)]);
      expect(lab.all('SELECT id, training FROM run', plain)).toEqual([{ id: 12, training: null }]);
      // What was there is read as before, and the checksums are those the stores want.
      const { series, snapshots } = storeOver(lab, () => new Date());
      expect(series.read(12, 'test.loss')).toEqual(ramp(0, 252));
      expect(series.soundRows(12)).toBe(252);
      expect(snapshots.latest(12)).toEqual({
        epoch: 5,
        header: { at: 5 },
        data: Uint8Array.of(10, 11, 12, 13),
        updates: [],
      });
    },
  },
  {
    fill: `
      INSERT INTO study (id, name, identity, file, model, source, created_at) VALUES (7, 'S', 'abc', 's.yaml', '{}', '', '');
      INSERT INTO condition VALUES (3, 7, 'control', '{}');
      INSERT INTO run (id, condition_id, seed, state) VALUES (11, 3, 0, 'finished')`,
    check: (lab) => {
      // No run has a score yet: each is made when it is first asked for, and goes with its run.
      expect(lab.all('SELECT run_id FROM score', plain)).toEqual([]);
      lab.exec(
        `INSERT INTO score_layout VALUES (1, '["late"]'); INSERT INTO score VALUES (11, '1 all x', 1, x'00')`,
      );
      lab.exec('DELETE FROM run');
      expect(lab.all('SELECT run_id FROM score', plain)).toEqual([]);
    },
  },
  {
    fill: `
      INSERT INTO study (id, name, identity, file, model, source, created_at) VALUES (7, 'S', 'abc', 's.yaml', '{}', '', '');
      INSERT INTO condition VALUES (3, 7, 'control', '{}');
      INSERT INTO run (id, condition_id, seed, state, rows) VALUES (11, 3, 0, 'interrupted', 8)`,
    check: (lab) => {
      // A log that was not kept is not made up; it begins with the next change, and goes with its run.
      expect(readLog(lab, 11)).toEqual([]);
      logChange(lab, new Date(0), 11, { state: 'queued' });
      expect(readLog(lab, 11)).toMatchObject([{ number: 1, state: 'queued', attempt: 0, rows: 8 }]);
      lab.exec('DELETE FROM run');
      expect(lab.all('SELECT run_id FROM run_event', plain)).toEqual([]);
    },
  },
  {
    // An interrupted run with a snapshot of one part, as a program of format 5 leaves it.
    fill: `
      INSERT INTO study (id, name, identity, file, model, source, created_at) VALUES (7, 'S', 'abc', 's.yaml', '{}', '', '');
      INSERT INTO condition VALUES (3, 7, 'control', '{}');
      INSERT INTO run (id, condition_id, seed, state, rows) VALUES (11, 3, 0, 'interrupted', 8);
      INSERT INTO snapshot VALUES (11, 5, '{"at":5}', 2, ${crcOf(`0a0b${Buffer.from('{"at":5}').toString('hex')}`)});
      INSERT INTO snapshot_part VALUES (11, 5, 0, x'0a0b')`,
    check: (lab) => {
      const { snapshots } = storeOver(lab, () => new Date());
      expect(snapshots.latest(11)).toEqual({
        epoch: 5,
        header: { at: 5 },
        data: Uint8Array.of(10, 11),
        updates: [],
      });
      snapshots.saveUpdatePart(11, 4, 0, Uint8Array.of(1));
      expect(lab.all('SELECT run_id, step, number, crc32 FROM update_part', plain)).toEqual([
        { run_id: 11, step: 4, number: 0, crc32: crcOf(`${Buffer.from('4.0 ').toString('hex')}01`) },
      ]);
      lab.exec('DELETE FROM run');
      expect(lab.all('SELECT run_id FROM update_part', plain)).toEqual([]);
    },
  },
  {
    fill: `
      INSERT INTO study (id, name, identity, file, model, source, created_at) VALUES (1, 'S', 'i', 'f', '{}', '', 't');
      INSERT INTO condition (id, study_id, name, settings) VALUES (3, 1, 'c', '{}'), (4, 1, 'd', '{}');
      INSERT INTO run (id, condition_id, seed, state, rows) VALUES (11, 3, 0, 'finished', 8), (12, 4, 0, 'running', 8)`,
    check: (lab) => {
      const kept = (): readonly Row[] => lab.all('SELECT condition_id AS c FROM band', plain);
      expect(kept()).toEqual([]);
      lab.exec("INSERT INTO band VALUES (3, 'test.loss', '[]', x'', 0), (4, 'test.loss', '[]', x'', 0)");
      // More rows change nothing that is kept; fewer rows, and a run that goes, take away what they went into.
      lab.exec('UPDATE run SET rows = 9');
      expect(kept()).toEqual([{ c: 3 }, { c: 4 }]);
      lab.exec('UPDATE run SET rows = 7 WHERE id = 12');
      expect(kept()).toEqual([{ c: 3 }]);
      lab.exec('DELETE FROM run WHERE id = 11');
      expect(kept()).toEqual([]);
      lab.exec("INSERT INTO band VALUES (3, 'test.loss', '[]', x'', 0)");
      lab.exec('DELETE FROM study');
      expect(kept()).toEqual([]);
    },
  },
];

/** CRC-32 (reflected, polynomial 0xEDB88320) as its definition has it. */
function crcOf(hexBytes: string): number {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(hexBytes, 'hex')) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function sha256(...parts: (string | Uint8Array)[]): string {
  return parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
}

function plain(row: Row): Row {
  return { ...row };
}

function ramp(first: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, index) => first + index);
}

function hex(values: Float64Array): string {
  return Buffer.from(values.buffer).toString('hex');
}

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
