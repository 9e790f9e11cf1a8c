import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { ProblemError } from '#shared/models/problem.ts';
import { backupDaily, listBackups } from '#main/store/backup.ts';
import { newestVersion } from '#main/store/database.ts';
import { applicationId } from '#main/store/lab-header.ts';
import { initial } from '#main/store/migrations/0001-initial.ts';
import { openTestLab, temporaryFolder, testStudy } from './lab-fixtures.ts';
import { columnsFrom, provenance } from './store-values.ts';

const day = 86_400_000;

function labWithClock() {
  let now = new Date('2026-03-01T12:00:00.000Z');
  const store = openTestLab(undefined, { clock: () => now });
  const study = testStudy({ epochs: 100_000, late: '[0, 10]' });
  const [run] = store.runs.ensure(store.studies.save(study, 'a.yaml').id, study);
  store.runs.start(run.id, provenance);
  const pass = (milliseconds: number): void => {
    now = new Date(now.getTime() + milliseconds);
  };
  return { store, id: run.id, pass };
}

test('a copy a day is made beside the lab, with the rows still in its log, and three are kept', async () => {
  const { store, id, pass } = labWithClock();
  const made: (string | null)[] = [];
  for (let epoch = 0; epoch < 5; epoch += 1) {
    store.series.append(id, epoch, ['test.loss'], columnsFrom(['test.loss'], epoch, 1));
    made.push(await backupDaily(store));
    expect(await backupDaily(store)).toBeNull();
    pass(day - 1);
    expect(await backupDaily(store)).toBeNull();
    pass(1);
  }
  expect(made.map((path) => basename(path ?? ''))).toEqual(
    [1, 2, 3, 4, 5].map((date) => `test.lab.backup-2026-03-0${date}`),
  );
  expect(listBackups(store.path)).toEqual(made.slice(2));
  for (const [index, path] of made.slice(2).entries()) {
    const copy = openTestLab(path ?? '', { readOnly: true });
    expect(copy.series.read(id, 'test.loss')).toEqual(columnsFrom(['test.loss'], 0, index + 3)[0]);
  }
});

test('rows go on while the copy is made, and the copy is one consistent state', async () => {
  const { store, id, pass } = labWithClock();
  const names = Array.from({ length: 30 }, (_, index) => `s${index}`);
  store.series.append(id, 0, names, columnsFrom(names, 0, 20_000));
  let rows = 20_000;
  let copied = rows;
  // As many copies as it takes to see rows come while one is made: this thread may stand still for as long as one takes.
  while (copied === rows) {
    pass(day);
    const progress = { done: false };
    const copying = backupDaily(store).finally(() => {
      progress.done = true;
    });
    while (!progress.done) {
      store.series.append(id, rows, names, columnsFrom(names, rows, 1));
      rows += 1;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const copy = openTestLab((await copying) ?? '', { readOnly: true });
    copied = copy.runs.get(id).rows;
    expect(copy.series.readMany(id, names)).toEqual(columnsFrom(names, 0, copied));
  }
  expect(copied).toBeLessThan(rows);
});

test('a copy that cannot be made says so, leaves nothing half-made, and removes no earlier one', async () => {
  const { store, pass } = labWithClock();
  const folder = temporaryFolder();
  const first = await backupDaily(store, folder);
  expect(first).toBe(join(folder, 'test.lab.backup-2026-03-01'));
  pass(2 * day);
  const blocked = { path: join(folder, 'nothing.lab'), clock: store.clock };
  await expect(backupDaily(blocked, folder)).rejects.toThrow(ProblemError);
  expect(readdirSync(folder)).toEqual(['test.lab.backup-2026-03-01']);
});

test('a copy from the future, of a clock that was wrong, does not stop backups', async () => {
  const { store } = labWithClock();
  const wrong = `${store.path}.backup-2031-01-01`;
  writeFileSync(wrong, '');
  utimesSync(wrong, new Date('2031-01-01'), new Date('2031-01-01'));
  expect(await backupDaily(store)).toMatch(/2026-03-01$/);
});

test('a lab of the version before is copied beside itself before it is brought up to date', () => {
  const path = join(temporaryFolder(), 'old.lab');
  const old = new DatabaseSync(path);
  old.exec(`${initial.sql}; PRAGMA user_version = 1; PRAGMA application_id = ${applicationId};
    INSERT INTO study VALUES (1, 'S', 'x', 'f', '{}', '', '')`);
  old.close();
  const said: string[] = [];
  const store = openTestLab(path, {
    onUpgrade(sentence) {
      said.push(sentence);
      // Said while nothing is done yet: a large lab takes a while.
      expect(existsSync(`${path}.before-v2`)).toBe(false);
    },
  });
  expect(said).toEqual([
    expect.stringMatching(new RegExp(`from format 1 to ${newestVersion};.*old\\.lab\\.before-v2\\.$`)),
  ]);
  expect(store.upgraded).toMatch(/from format 1 .*kept in .*old\.lab\.before-v2\.$/);
  expect(store.database.get('SELECT note FROM study', (row) => row['note'])).toBe('');
  store.close();
  const copy = new DatabaseSync(`${path}.before-v2`, { readOnly: true });
  expect(copy.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
  expect(copy.prepare('SELECT * FROM study').all().length).toBe(1);
  copy.close();
  expect(existsSync(join(dirname(path), 'old.lab.before-v2.partial'))).toBe(false);
  expect(openTestLab(path).upgraded).toBeNull();
});
