import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { ProblemError } from '#shared/models/problem.ts';
import { backupDaily } from '#main/store/backup.ts';
import { checkLab } from '#main/store/check-lab.ts';
import { newestVersion } from '#main/store/database.ts';
import { openLabStore } from '#main/store/lab-store.ts';
import { type RepairOutcome, repairLab } from '#main/store/repair-lab.ts';
import { type LabContent, contentOf, damagedCopy, randomBelow, sampleLab } from './damaged-labs.ts';
import { openTestLab, refusal, temporaryFolder, testStudy } from './lab-fixtures.ts';
import { columnsFrom, provenance } from './store-values.ts';

const seeds = Array.from({ length: 80 }, (_, seed) => seed);

function read(path: string): LabContent {
  const store = openLabStore(path, { readOnly: true });
  try {
    return contentOf(store);
  } finally {
    store.close();
  }
}

function hash(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** What is left may be less than there was, and must not be anything else. */
function expectNothingElse(left: LabContent, was: LabContent, allowUnfinished: boolean): void {
  for (const [place, run] of left) {
    const before = was.get(place);
    if (before === undefined) continue;
    if (run.state === 'finished') {
      expect(run.names, place).toEqual(before.names);
      expect(run.columns, place).toEqual(before.columns);
      if (run.probes.length > 0) expect(run.probes, place).toEqual(before.probes);
    }
    if (run.state !== 'finished' && allowUnfinished) continue;
    for (const [index, column] of run.columns.entries()) {
      expect(column, place).toEqual(before.columns[index]?.slice(0, column.length));
    }
  }
}

test('a whole lab is found sound, with what it holds, even while it is open elsewhere', async () => {
  const { path } = await sampleLab();
  expect(checkLab(path)).toEqual({
    path,
    sound: true,
    version: newestVersion,
    studies: 2,
    runs: 8,
    rows: 2 * (301 + 301 + 120),
    findings: [],
  });
  openTestLab(path);
  expect(checkLab(path).sound).toBe(true);
});

test('repairing a whole lab loses nothing and leaves it byte for byte', async () => {
  const { path, content } = await sampleLab();
  const before = hash(path);
  const outcome = repairLab(path);
  expect(outcome).toEqual({
    original: path,
    repaired: join(dirname(path), 'test.repaired.lab'),
    recovered: { studies: 2, runs: 8, rows: 2 * (301 + 301 + 120), probes: 12 },
    lost: [],
  });
  expect(hash(path)).toBe(before);
  expect(read(outcome.repaired)).toEqual(content);
  const repaired = openTestLab(outcome.repaired);
  expect(repaired.snapshots.latest(3)).toMatchObject({
    epoch: 100,
    updates: [97, 98, 99].map((step) => new Uint8Array(6000).fill(step)),
  });
  expect(repaired.runs.tags(1)).toEqual(['best']);
  expect(repaired.studies.get(2).note).toBe('For the appendix');
  expect(readdirSync(dirname(path)).filter((name) => name.startsWith('.'))).toEqual([]);
  expect(repairLab(path).repaired).toMatch(/test\.repaired-2\.lab$/);
});

test('wherever a bit flips, check finds it or no finished number changed; repair keeps only what was there', async () => {
  const { path, content } = await sampleLab();
  const outcomes = { sound: 0, repaired: 0, hopeless: 0, complete: 0 };
  for (const seed of seeds) {
    const random = randomBelow(seed);
    const damaged = damagedCopy(path, (bytes) => {
      bytes[random(bytes.length)] ^= 1 << random(8);
    });
    const check = checkLab(damaged);
    if (check.sound) {
      outcomes.sound += 1;
      expectNothingElse(read(damaged), content, true);
      continue;
    }
    const before = hash(damaged);
    const outcome = tryRepair(damaged);
    expect(hash(damaged), `seed ${seed}`).toBe(before);
    if (outcome === null) {
      outcomes.hopeless += 1;
      continue;
    }
    outcomes.repaired += 1;
    expect(checkLab(outcome.repaired).findings, `seed ${seed}`).toEqual([]);
    const left = read(outcome.repaired);
    expectNothingElse(left, content, true);
    const finished = [...content].filter(([, run]) => run.state === 'finished');
    const kept = finished.filter(([place, run]) => left.get(place)?.hash === run.hash);
    if (kept.length === finished.length) outcomes.complete += 1;
    else expect(outcome.lost.length, `seed ${seed}`).toBeGreaterThan(0);
  }
  console.log(`bit flips: ${JSON.stringify(outcomes)}`);
  expect(outcomes.repaired).toBeGreaterThan(40);
  expect(outcomes.hopeless).toBeLessThan(5);
});

function tryRepair(path: string): RepairOutcome | null {
  try {
    return repairLab(path);
  } catch (error) {
    if (error instanceof ProblemError && error.problems[0]?.code === 'lab-damaged') return null;
    throw error;
  }
}

test('wherever a lab is cut off, what is left comes back, bit for bit, and the losses are told', async () => {
  const { path, content } = await sampleLab();
  const size = readFileSync(path).length;
  let most = 0;
  for (const share of [0.02, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.99]) {
    const damaged = damagedCopy(path, (bytes) => bytes.subarray(0, Math.floor(size * share)));
    expect(checkLab(damaged).sound, `${share}`).toBe(false);
    const outcome = tryRepair(damaged);
    if (outcome === null) continue;
    expect(outcome.lost.length).toBeGreaterThan(0);
    const left = read(outcome.repaired);
    expectNothingElse(left, content, false);
    most = Math.max(
      most,
      [...left.values()].filter((run) => run.columns.some((column) => column.length > 0)).length,
    );
  }
  // Of six runs with rows, at least those of the first study are before the last hundredth of the file.
  expect(most).toBeGreaterThanOrEqual(3);
});

test('a page of zeros loses the rows on it and nothing else', async () => {
  const { path, content } = await sampleLab();
  const pages = readFileSync(path).length / 4096;
  let kept = 0;
  for (let page = 1; page < pages; page += 3) {
    const damaged = damagedCopy(path, (bytes) => void bytes.fill(0, page * 4096, (page + 1) * 4096));
    const outcome = tryRepair(damaged);
    if (outcome === null) continue;
    const left = read(outcome.repaired);
    expectNothingElse(left, content, true);
    kept += [...left].filter(([place, run]) => run.hash === content.get(place)?.hash).length / content.size;
  }
  expect(kept / (pages / 3)).toBeGreaterThan(0.7);
});

test('a changed number in a finished run is found, and the run is queued again while the others stay', async () => {
  const { path, content } = await sampleLab();
  const database = new DatabaseSync(path);
  const row = database.prepare('SELECT rowid AS id, data FROM chunk WHERE run_id = 2 AND series = 3').get();
  const data = row?.['data'];
  if (!(data instanceof Uint8Array) || row === undefined) throw new Error('no chunk');
  data[800] ^= 1;
  database.prepare('UPDATE chunk SET data = ? WHERE rowid = ?').run(data, row['id']);
  database.close();
  expect(checkLab(path).findings).toEqual([
    'Run 2, test.loss: the values from epoch 0 on are not what was stored.',
  ]);
  const { repaired, lost } = repairLab(path);
  expect(lost).toEqual([
    '1 row of the table chunk was damaged.',
    'Run 2 (grokking, seed 1): 301 of its 301 rows are lost, from epoch 0 on. It is queued again.',
  ]);
  const left = read(repaired);
  expect(
    [...left]
      .filter(([place, run]) => run.hash !== content.get(place)?.hash)
      .map(([place, run]) => [place, run.state]),
  ).toEqual([['Small, grokking, seed 1', 'queued']]);
});

test.each([
  [`UPDATE run SET rows = 300 WHERE id = 1`, /Run 1 .* has 300 rows; its series hold 301/],
  [
    `DELETE FROM chunk WHERE run_id = 2 AND series = 1 AND number = 0`,
    /Run 2 .* has 301 rows; its series hold 0/,
  ],
  [`DELETE FROM tail WHERE run_id = 3`, /Run 3 .* has 120 rows; its series hold 0/],
  [`UPDATE run SET test_accuracy = 0.5 WHERE id = 1`, /the test.accuracy kept for tables/],
  [`UPDATE probe SET header = '{}' WHERE run_id = 3`, /Run 3: its probe at epoch 0 is not what was stored/],
  [`DELETE FROM probe WHERE run_id = 1 AND epoch = 50`, /Run 1 .*: its probes are not those/],
  [`UPDATE snapshot SET crc32 = 1 WHERE run_id = 3`, /Run 3 .*: its snapshot cannot/],
  [
    `UPDATE update_part SET data = zeroblob(3000) WHERE run_id = 3 AND step = 98`,
    /Run 3 .*: its snapshot cannot/,
  ],
  [`UPDATE update_part SET crc32 = 1 WHERE run_id = 3 AND step = 99`, /Run 3 .*: its snapshot cannot/],
  [`DELETE FROM update_part WHERE run_id = 3 AND step = 97`, /Run 3 .*: its snapshot cannot/],
  [`DELETE FROM update_part WHERE run_id = 3 AND step = 98 AND number = 1`, /Run 3 .*: its snapshot cannot/],
  [`DELETE FROM update_part WHERE run_id = 3 AND step = 98 AND number = 0`, /Run 3 .*: its snapshot cannot/],
  [
    `UPDATE update_part SET step = step + 90 WHERE run_id = 3 AND step IN (97, 98);
     UPDATE update_part SET step = CASE step WHEN 187 THEN 98 ELSE 97 END WHERE run_id = 3 AND step > 180`,
    /Run 3 .*: its snapshot cannot/,
  ],
  [`PRAGMA foreign_keys = OFF; DELETE FROM run WHERE id = 1`, /rows of chunk belong to no run/],
  [`UPDATE condition SET settings = '{"a":1}' WHERE id = 1`, /Column settings, task/],
  [`UPDATE study SET model = '[' WHERE id = 1`, /Study 1: its text, detectors, .* are not what was stored/],
  [
    `UPDATE study SET model = replace(model, '[200,300]', '[201,300]') WHERE id = 1`,
    /Study 1: its text, detectors, .* are not what was stored/,
  ],
  [
    `UPDATE condition SET settings = replace(settings, '0.001', '0.003') WHERE id = 1`,
    /Study 1 \("Small"\): a condition does not train what the study says/,
  ],
  [
    `UPDATE series_layout SET names = replace(names, 'test.loss', 'test.lose')`,
    /names of a run's series are not what was stored/,
  ],
  [
    `UPDATE tail SET data = zeroblob(length(data)) WHERE run_id = 3`,
    /Run 3: the rows from epoch 0 on are not what was stored/,
  ],
  [`DROP INDEX run_place`, /index run_place is missing/],
  [`CREATE TABLE mine (a)`, /mine is not one of a lab/],
])('check finds what %s does, and the repaired lab is sound', async (sql, finding) => {
  const { path, content } = await sampleLab();
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  const check = checkLab(path);
  expect(check.sound).toBe(false);
  expect(check.findings.join('\n')).toMatch(finding);
  const { repaired } = repairLab(path);
  expect(checkLab(repaired).findings).toEqual([]);
  expectNothingElse(read(repaired), content, false);
});

test('a study whose text is lost is put together from its conditions, and its runs stay', async () => {
  const { path, content } = await sampleLab();
  const database = new DatabaseSync(path);
  database.exec(
    `UPDATE study SET model = 'x' WHERE id = 1; PRAGMA foreign_keys = OFF; DELETE FROM study WHERE id = 2`,
  );
  database.close();
  const { repaired, lost } = repairLab(path);
  expect(lost.filter((sentence) => sentence.includes('detectors and late range are lost')).length).toBe(2);
  const left = read(repaired);
  expect(new Set([...left.values()].map((run) => run.hash))).toEqual(
    new Set([...content.values()].map((run) => run.hash)),
  );
  expect([...left.keys()].filter((place) => place.startsWith('Recovered study 2'))).toHaveLength(4);
});

test('a lab whose write-ahead log was deleted is sound without the rows that were only there', async () => {
  const store = openTestLab();
  const study = testStudy();
  const [run] = store.runs.ensure(store.studies.save(study, 'a.yaml').id, study);
  store.runs.start(run.id, provenance);
  const names = ['test.loss'];
  store.series.append(run.id, 0, names, columnsFrom(names, 0, 10));
  store.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  store.series.append(run.id, 10, names, columnsFrom(names, 10, 10));
  const copy = join(temporaryFolder(), 'without-log.lab');
  copyFileSync(store.path, copy);
  expect(checkLab(copy)).toMatchObject({ sound: true, rows: 10 });
  const withLog = join(temporaryFolder(), 'with-log.lab');
  copyFileSync(store.path, withLog);
  copyFileSync(`${store.path}-wal`, `${withLog}-wal`);
  expect(repairLab(withLog).recovered.rows).toBe(20);
});

test('what is no damaged lab is refused: nothing there, another file, a newer lab, one in use, a name that is taken', async () => {
  const folder = temporaryFolder();
  const text = join(folder, 'notes.lab');
  writeFileSync(text, 'study: Headline\n'.repeat(100));
  expect(refusal(() => repairLab(text)).code).toBe('lab-not-sqlite');
  expect(checkLab(text)).toMatchObject({ sound: false, version: null });
  expect(refusal(() => repairLab(join(folder, 'nothing.lab'))).code).toBe('lab-unreadable');
  expect(checkLab(join(folder, 'nothing.lab')).findings[0]).toContain('no such lab');

  const { path } = await sampleLab();
  const newer = join(folder, 'newer.lab');
  copyFileSync(path, newer);
  const database = new DatabaseSync(newer);
  database.exec(`PRAGMA user_version = ${newestVersion + 1}`);
  database.close();
  expect(refusal(() => repairLab(newer)).code).toBe('lab-newer');
  expect(checkLab(newer).findings[0]).toContain('newer Grokscope');

  expect(refusal(() => repairLab(path, text)).code).toBe('export-failed');
  const store = openTestLab(path);
  expect(refusal(() => repairLab(path)).code).toBe('lab-locked');
  store.close();
});

test('an empty or hopeless lab is said to be so, with the backups there are', async () => {
  const { path } = await sampleLab();
  const store = openTestLab(path);
  const backup = await backupDaily(store);
  store.close();
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0, 100, 8192));
  onTestFinished(() => rmSync(path));
  const found = refusal(() => repairLab(path));
  expect(found).toMatchObject({ code: 'lab-damaged', message: expect.stringContaining(backup ?? '-') });
  writeFileSync(path, '');
  expect(refusal(() => repairLab(path)).message).toContain('is empty');
  expect(existsSync(join(dirname(path), 'test.repaired.lab'))).toBe(false);
});
