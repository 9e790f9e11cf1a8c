import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { exportLab } from '#main/exchange/export-lab.ts';
import { importLab } from '#main/exchange/import-lab.ts';
import { contentHash } from '#main/store/content-hash.ts';
import { applicationId } from '#main/store/lab-header.ts';
import type { LabStore } from '#main/store/lab-store.ts';
import { openTestLab, refusal, temporaryFolder, testStudy } from '../store/lab-fixtures.ts';
import { columnsFrom, provenance, testRepulsion } from '../store/store-values.ts';
import { labWithRows } from './exchange-fixtures.ts';

function target(): string {
  return join(temporaryFolder(), 'out.lab');
}

/** `labWithRows` with tags, notes, a snapshot, and a second study. */
async function fullLab(): Promise<LabStore> {
  const store = labWithRows();
  store.studies.tag(1, 'thesis');
  store.studies.annotate(1, 'For the appendix');
  store.runs.tag(1, 'best');
  store.runs.annotate(1, 'looks odd');
  store.runs.start(3, provenance);
  for (const step of [98, 99]) store.snapshots.saveUpdatePart(3, step, 0, new Uint8Array(900_000).fill(step));
  await store.snapshots.save(3, 100, { at: 100, updates: 2 }, new Uint8Array(1_500_000).fill(9), 98);
  expect(store.snapshots.latest(3)?.updates.map((update) => update?.length)).toEqual([900_000, 900_000]);
  store.runs.interrupt(3, 'Stopped again.');
  const other = testStudy({ name: 'Other' });
  store.runs.ensure(store.studies.save(other, 'b.yaml').id, other);
  return store;
}

/** Everything of a lab that is worth keeping, without ids of studies and conditions. */
function contents(store: LabStore): unknown {
  return store.studies.list().map((record) => ({
    ...record,
    id: null,
    hash: contentHash(store, { kind: 'study', id: record.id }),
    runs: store.runs.list({ studyId: record.id }).map((run) => ({
      ...run,
      id: null,
      studyId: null,
      hash: contentHash(store, { kind: 'run', id: run.id }),
      series: store.series.readMany(run.id, store.series.names(run.id)),
      probes: store.probes.list(run.id),
      snapshot: store.snapshots.latest(run.id),
      tags: store.runs.tags(run.id),
      note: store.runs.note(run.id),
    })),
  }));
}

test('a whole lab exported and imported into an empty one is the same, bit for bit and note for note', async () => {
  const store = await fullLab();
  const file = target();
  expect(exportLab(store, { kind: 'lab' }, file)).toEqual({ file, studies: 2, runs: 8 });
  expect(readdirSync(dirname(file))).toEqual(['out.lab']);
  const other = openTestLab();
  expect(importLab(other, file)).toMatchObject({ studies: [1, 2], equal: 0, notes: [] });
  expect(contents(other)).toEqual(contents(store));
  expect(other.database.get('PRAGMA integrity_check', (row) => row['integrity_check'])).toBe('ok');
});

test('a study or a run goes alone, with its study, into a lab that opens like any other', async () => {
  const store = await fullLab();
  const [study, run] = [target(), target()];
  expect(exportLab(store, { kind: 'study', id: 1 }, study)).toMatchObject({ studies: 1, runs: 4 });
  expect(contents(openTestLab(study))).toEqual([contents(store)].flat().slice(0, 1));
  expect(exportLab(store, { kind: 'run', id: 3 }, run)).toMatchObject({ studies: 1, runs: 1 });
  const alone = openTestLab(run);
  expect(alone.runs.list()).toMatchObject([{ condition: 'control', seed: 0, rows: 120 }]);
  expect(contentHash(alone, { kind: 'run', id: alone.runs.list()[0].id })).toBe(
    contentHash(store, { kind: 'run', id: 3 }),
  );
  expect(refusal(() => exportLab(store, { kind: 'run', id: 99 }, target())).code).toBe('not-found');
});

test('deleted runs are not exported, and one that is training arrives interrupted', () => {
  const store = labWithRows();
  store.runs.delete(1);
  store.runs.start(3, provenance);
  const file = target();
  exportLab(store, { kind: 'lab' }, file);
  expect(openTestLab(file).runs.list()).toMatchObject([
    { seed: 1, state: 'finished' },
    { seed: 0, state: 'interrupted', rows: 120, problem: expect.stringContaining('copied from another lab') },
    { seed: 1, state: 'queued' },
  ]);
});

test('a file that is there is refused, and replaced only when forced', () => {
  const store = labWithRows();
  const file = target();
  writeFileSync(file, 'mine');
  expect(refusal(() => exportLab(store, { kind: 'lab' }, file)).code).toBe('export-failed');
  expect(readFileSync(file, 'utf8')).toBe('mine');
  exportLab(store, { kind: 'lab' }, file, { force: true });
  expect(openTestLab(file, { readOnly: true }).runs.list().length).toBe(4);
});

test('importing a second time adds nothing; missing runs are added, and queued ones filled', async () => {
  const store = await fullLab();
  const file = target();
  exportLab(store, { kind: 'study', id: 1 }, file);
  expect(importLab(store, file)).toEqual({ studies: [], runs: [], equal: 4, notes: [] });

  const partial = openTestLab();
  const study = testStudy({
    name: '"Two, \\"quoted\\" names"',
    epochs: 300,
    late: '[200, 300]',
    seeds: '[0]',
  });
  const record = partial.studies.save(study, 'mine.yaml');
  const queued = partial.runs.ensure(record.id, study);
  const result = importLab(partial, file);
  expect(result).toMatchObject({ studies: [], equal: 0, notes: [] });
  expect(result.runs.length).toBe(4);
  expect(partial.runs.get(queued[0].id)).toMatchObject({ state: 'finished', rows: 301 });
  expect(partial.studies.get(record.id).study.seeds).toEqual([0, 1]);
  expect(contentHash(partial, { kind: 'study', id: record.id })).toBe(
    contentHash(store, { kind: 'study', id: 1 }),
  );
});

test('a run with other numbers goes into a study of another name, with a note, however often it is imported', () => {
  const theirs = labWithRows();
  const file = target();
  exportLab(theirs, { kind: 'lab' }, file);
  const ours = labWithRows();
  ours.runs.reset(2);
  ours.runs.start(2, provenance);
  const names = ['test.loss'];
  ours.series.append(2, 0, names, columnsFrom(names, 5, 301));
  ours.runs.finish(2, 1);
  const before = contentHash(ours, { kind: 'run', id: 2 });
  const result = importLab(ours, file);
  expect(result).toMatchObject({ studies: [2], runs: [5], equal: 3 });
  expect(result.notes).toEqual([
    '1 run of "Two, "quoted" names" differ from those in this lab and are in study 2, "Two, "quoted" names (imported)".',
  ]);
  expect(ours.studies.get(2)).toMatchObject({
    name: 'Two, "quoted" names (imported)',
    study: { name: 'Two, "quoted" names (imported)' },
    note: expect.stringContaining(`Imported from ${basename(file)}: `),
  });
  expect(contentHash(ours, { kind: 'run', id: 2 })).toBe(before);
  expect(contentHash(ours, { kind: 'run', id: 5 })).toBe(contentHash(theirs, { kind: 'run', id: 2 }));
  expect(importLab(ours, file)).toMatchObject({ studies: [], runs: [], equal: 4 });
  expect(ours.studies.list().length).toBe(2);
});

test('a lab of the version before is imported from a copy, and left byte for byte', async () => {
  const { initial } = await import('#main/store/migrations/0001-initial.ts');
  const file = target();
  const old = new DatabaseSync(file);
  old.exec(`${initial.sql}; PRAGMA user_version = 1; PRAGMA application_id = ${applicationId}`);
  const study = testStudy();
  const { source, ...model } = study;
  const { identity } = openTestLab().studies.save(study, 'x');
  old
    .prepare(`INSERT INTO study VALUES (1, 'Small', ?, 'f', ?, ?, '')`)
    .run(identity, JSON.stringify(model), source);
  old
    .prepare(`INSERT INTO condition VALUES (1, 1, 'grokking', ?)`)
    .run(JSON.stringify(study.conditions[0].settings));
  old.exec(`INSERT INTO run VALUES (1, 1, 0, 'queued', 0, NULL, 0, NULL, NULL)`);
  old.close();
  const hash = (): string => createHash('sha256').update(readFileSync(file)).digest('hex');
  const before = hash();
  const store = openTestLab();
  expect(importLab(store, file)).toMatchObject({ studies: [1], runs: [1] });
  expect(store.runs.list()).toMatchObject([{ condition: 'grokking', seed: 0, state: 'queued' }]);
  expect(hash()).toBe(before);
  expect(existsSync(`${file}.before-v2`)).toBe(false);
});

test('a lab is not imported into itself, nor from a file that is none; nothing changes then', () => {
  const store = labWithRows();
  expect(refusal(() => importLab(store, store.path)).code).toBe('bad-argument');
  const file = target();
  writeFileSync(file, 'text, and more of it than a header has: '.repeat(30));
  // Nobody who imports a file can do anything with the command line's own remedy.
  expect(refusal(() => importLab(store, file))).toMatchObject({
    code: 'lab-not-sqlite',
    message: expect.stringMatching(/left as it is: choose a lab file \(\.lab\) that Grokscope wrote\.$/),
  });
  expect(refusal(() => importLab(store, join(dirname(file), 'nowhere.lab'))).code).toBe('lab-unreadable');
  expect(store.studies.list().length).toBe(1);
});

test('the content hash changes with any bit of a series, a probe, the seed, the settings or the provenance', () => {
  const hashes = new Set<string>();
  for (const change of ['none', 'bit', 'probe', 'seed', 'settings', 'provenance']) {
    const store = openTestLab();
    const study = testStudy({
      epochs: change === 'settings' ? 601 : 600,
      seeds: change === 'seed' ? '[9]' : '[0]',
    });
    const [run] = store.runs.ensure(store.studies.save(study, 'a.yaml').id, study);
    store.runs.start(run.id, change === 'provenance' ? { ...provenance, engineVersion: '2' } : provenance);
    const [column] = columnsFrom(['test.loss'], 0, 300);
    if (change === 'bit') new Uint8Array(column.buffer)[1999] ^= 1;
    store.series.append(run.id, 0, ['test.loss'], [column]);
    store.probes.save(run.id, testRepulsion(change === 'probe' ? 6 : 5));
    hashes.add(contentHash(store, { kind: 'run', id: run.id }));
    store.runs.finish(run.id, 1);
    hashes.add(contentHash(store, { kind: 'run', id: run.id }));
  }
  expect(hashes.size).toBe(6);
});
