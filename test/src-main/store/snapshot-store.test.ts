import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openTestLab, testStudy } from './lab-fixtures.ts';

function labWithRun() {
  const store = openTestLab();
  const study = testStudy();
  return { store, id: store.runs.ensure(store.studies.save(study, 'a.yaml').id, study)[0].id };
}

test('the newest snapshot comes back with its header and bytes, and is gone when dropped', () => {
  const { store, id } = labWithRun();
  expect(store.snapshots.latest(id)).toBeNull();
  store.snapshots.save(id, 10, { layers: ['W'] }, Uint8Array.of(1, 2));
  const header = { step: 20, names: ['W', null], nested: { on: true } };
  store.snapshots.save(id, 20, header, Uint8Array.of(0, 255, 7));
  expect(store.snapshots.latest(id)).toEqual({ epoch: 20, header, data: Uint8Array.of(0, 255, 7) });
  store.snapshots.drop(id);
  expect(store.snapshots.latest(id)).toBeNull();
});

test('renewing a large snapshot many times does not grow the lab: the space is used again', () => {
  const { store, id } = labWithRun();
  const data = new Uint8Array(4_000_000);
  for (let epoch = 0; epoch < 10; epoch += 1) store.snapshots.save(id, epoch, null, data.fill(epoch));
  expect(store.snapshots.latest(id)?.data).toEqual(data);
  store.close();
  expect(statSync(store.path).size).toBeLessThan(2.2 * data.length);
});
