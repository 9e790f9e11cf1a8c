import { createHash } from 'node:crypto';
import { readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { ProblemError } from '#shared/models/problem.ts';
import { migrations } from '#main/store/migrations/all.ts';
import { openLabFile } from '#main/store/database.ts';
import { applicationId } from '#main/store/lab-header.ts';
import { openTestLab, refusal, temporaryFolder, testStudy } from './lab-fixtures.ts';
import { columnsFrom, provenance } from './store-values.ts';

function hash(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function sqliteFile(path: string, sql: string): string {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  return path;
}

/** A lab with one run of `rows` rows, closed. */
function filledLab(path: string, rows: number): string {
  const store = openTestLab(path);
  const study = testStudy();
  const [run] = store.runs.ensure(store.studies.save(study, 'small.yaml').id, study);
  store.runs.start(run.id, provenance);
  store.series.append(run.id, 0, ['test.loss'], columnsFrom(['test.loss'], 0, rows));
  store.close();
  return path;
}

test('a lab is made where there is none, with its missing folders, and is known by its application id', () => {
  const path = join(temporaryFolder(), 'a', 'b', 'new.lab');
  openLabFile(path).close();
  const database = new DatabaseSync(path, { readOnly: true });
  expect(database.prepare('PRAGMA application_id').get()).toEqual({ application_id: applicationId });
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: migrations.length });
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  expect(
    database
      .prepare(`SELECT count(*) AS n FROM pragma_table_list WHERE strict = 0 AND name NOT LIKE 'sqlite_%'`)
      .get(),
  ).toEqual({ n: 0 });
  database.close();
});

test('an empty file becomes a lab', () => {
  const path = join(temporaryFolder(), 'empty.lab');
  writeFileSync(path, '');
  const lab = openLabFile(path);
  expect(lab.all('SELECT name FROM study', (row) => row)).toEqual([]);
  lab.close();
});

test.each([
  ['text', Buffer.from('study: Headline\n'.repeat(100))],
  ['binary noise', Buffer.from(Array.from({ length: 9000 }, (_, i) => (i * 7919) % 251))],
  ['a few bytes', Buffer.from([1, 2, 3])],
])('a file of %s is refused as not SQLite and left as it is, by writers and readers', (_, bytes) => {
  const path = join(temporaryFolder(), 'notes.lab');
  writeFileSync(path, bytes);
  for (const readOnly of [false, true]) {
    const found = refusal(() => openLabFile(path, { readOnly }));
    expect(found.code).toBe('lab-not-sqlite');
    expect(found.message).toContain(path);
  }
  expect(readFileSync(path)).toEqual(bytes);
});

test("another program's SQLite file is refused and left byte for byte", () => {
  const path = sqliteFile(
    join(temporaryFolder(), 'photos.db'),
    'CREATE TABLE photo (a); PRAGMA user_version = 1',
  );
  const before = hash(path);
  const found = refusal(() => openLabFile(path));
  expect(found.code).toBe('lab-not-sqlite');
  expect(found.message).toContain('not a Grokscope lab');
  expect(hash(path)).toBe(before);
});

test('a lab of a newer version is refused, untouched byte for byte, even with rows in its write-ahead log', () => {
  const path = join(temporaryFolder(), 'newer.lab');
  openLabFile(path).close();
  const newer = new DatabaseSync(path);
  newer.exec('PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 99; CREATE TABLE future (a)');
  const [file, log] = [hash(path), hash(`${path}-wal`)];
  const found = refusal(() => openLabFile(path));
  expect(found.code).toBe('lab-newer');
  expect(found.message).toMatch(/format 99.*update Grokscope/);
  expect([hash(path), hash(`${path}-wal`)]).toEqual([file, log]);
  newer.close();
});

test('a folder in the place of the lab, and a file in the place of its folder, are refused with what to do', () => {
  const folder = temporaryFolder();
  expect(refusal(() => openLabFile(folder))).toMatchObject({
    code: 'lab-unreadable',
    message: expect.stringContaining('history.lab'),
  });
  writeFileSync(join(folder, 'file'), '');
  expect(refusal(() => openLabFile(join(folder, 'file', 'x.lab'))).code).toBe('lab-unreadable');
});

test('reading a lab that is not there is refused, and does not make it', () => {
  const path = join(temporaryFolder(), 'none.lab');
  expect(refusal(() => openLabFile(path, { readOnly: true })).code).toBe('lab-unreadable');
  expect(refusal(() => openLabFile(path, { readOnly: true })).message).toContain(path);
});

test('a truncated lab is refused as damaged', () => {
  const path = filledLab(join(temporaryFolder(), 'cut.lab'), 3000);
  truncateSync(path, 3 * 4096);
  expect(refusal(() => openLabFile(path)).code).toBe('lab-damaged');
});

test('whatever page of a lab is overwritten, opening and reading it gives the rows or a problem, never a crash', () => {
  const whole = readFileSync(filledLab(join(temporaryFolder(), 'whole.lab'), 1200));
  const folder = temporaryFolder();
  const codes = new Set<string>();
  for (let page = 0; page * 4096 < whole.length; page += 1) {
    const bytes = Buffer.from(whole);
    bytes.fill(0xa5, page * 4096 + (page === 0 ? 100 : 0), (page + 1) * 4096);
    const path = join(folder, `${page}.lab`);
    writeFileSync(path, bytes);
    try {
      const store = openTestLab(path);
      for (const run of store.runs.list()) if (run.rows > 0) store.series.read(run.id, 'test.loss');
      store.studies.list();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      codes.add(error.problems[0]?.code ?? '');
    }
  }
  expect([...codes]).toEqual(['lab-damaged']);
});

test('a row that does not hold what the schema promises is named as damage, with its column', () => {
  const path = filledLab(join(temporaryFolder(), 'edited.lab'), 10);
  sqliteFile(path, `UPDATE condition SET settings = '{"task": 1}'`);
  const store = openTestLab(path, { readOnly: true });
  expect(refusal(() => store.runs.list())).toMatchObject({
    code: 'lab-damaged',
    message: expect.stringMatching(/settings, task/),
  });
});

test('a symbolic link and its target are one lab with one writer', () => {
  const folder = temporaryFolder();
  openTestLab(join(folder, 'real.lab'));
  symlinkSync(join(folder, 'real.lab'), join(folder, 'link.lab'));
  expect(refusal(() => openLabFile(join(folder, 'link.lab'))).code).toBe('lab-locked');
});

test('a full database file refuses rows as disk-full and keeps those already written', () => {
  const store = openTestLab();
  const study = testStudy();
  const [run] = store.runs.ensure(store.studies.save(study, 'small.yaml').id, study);
  store.runs.start(run.id, provenance);
  store.close();
  const lab = openLabFile(store.path);
  lab.exec('PRAGMA max_page_count = 40');
  lab.run('CREATE TABLE filler (a)');
  let written = 0;
  const found = refusal(() => {
    for (;;) {
      lab.transaction(() => lab.run('INSERT INTO filler VALUES (zeroblob(3000))'));
      written += 1;
    }
  });
  expect(found.code).toBe('disk-full');
  expect(written).toBeGreaterThan(0);
  expect(lab.get('SELECT count(*) AS n FROM filler', (row) => row['n'])).toBe(written);
  lab.close();
});

test('an inner transaction that fails undoes its own writes only; an outer one undoes all', () => {
  const lab = openLabFile(join(temporaryFolder(), 't.lab'));
  lab.exec('CREATE TABLE t (a)');
  const values = () => lab.all('SELECT a FROM t', (row) => row['a']);
  lab.transaction(() => {
    lab.run('INSERT INTO t VALUES (1)');
    expect(() =>
      lab.transaction(() => {
        lab.run('INSERT INTO t VALUES (2)');
        throw new Error('inner');
      }),
    ).toThrow('inner');
  });
  expect(values()).toEqual([1]);
  expect(() =>
    lab.transaction(() => {
      lab.transaction(() => lab.run('INSERT INTO t VALUES (3)'));
      throw new Error('outer');
    }),
  ).toThrow('outer');
  expect(values()).toEqual([1]);
  lab.close();
});
