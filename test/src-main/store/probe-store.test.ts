import { expect, test } from 'vitest';
import { openTestLab, refusal, testStudy } from './lab-fixtures.ts';
import { testRepulsion } from './store-values.ts';
import { DatabaseSync } from 'node:sqlite';

function labWithRuns() {
  const store = openTestLab();
  const study = testStudy();
  const runs = store.runs.ensure(store.studies.save(study, 'a.yaml').id, study);
  return { store, id: runs[0].id, other: runs[1].id };
}

test('probes come back as they were measured, NaN and infinities included, in the order of their epochs', () => {
  const { store, id, other } = labWithRuns();
  for (const epoch of [175, 0, 50]) store.probes.save(id, testRepulsion(epoch));
  store.probes.save(other, testRepulsion(1));
  expect(store.probes.list(id)).toEqual([testRepulsion(0), testRepulsion(50), testRepulsion(175)]);
  expect(store.probes.list(other)).toEqual([testRepulsion(1)]);
});

test('a probe measured again at its epoch replaces the first', () => {
  const { store, id } = labWithRuns();
  store.probes.save(id, testRepulsion(50));
  const again = { ...testRepulsion(50), ridges: [] };
  store.probes.save(id, again);
  expect(store.probes.list(id)).toEqual([again]);
});

test('a probe whose blob was cut is damage, not numbers', () => {
  const { store, id } = labWithRuns();
  store.probes.save(id, testRepulsion(50));
  store.close();
  const database = new DatabaseSync(store.path);
  database.exec('UPDATE probe SET data = substr(data, 1, 40)');
  database.close();
  const reader = openTestLab(store.path, { readOnly: true });
  expect(refusal(() => reader.probes.list(id)).code).toBe('lab-damaged');
});

test('probes are dropped from an epoch on, that one included, and only of that run', () => {
  const { store, id, other } = labWithRuns();
  for (const epoch of [0, 50, 100]) store.probes.save(id, testRepulsion(epoch));
  store.probes.save(other, testRepulsion(100));
  store.probes.dropFrom(id, 50);
  expect(store.probes.epochs(id)).toEqual([0]);
  expect(store.probes.epochs(other)).toEqual([100]);
});
