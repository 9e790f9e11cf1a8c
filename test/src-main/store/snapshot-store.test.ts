import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { LabStore } from '#main/store/lab-store.ts';
import { snapshotPartBytes } from '#main/store/snapshot-store.ts';
import { openTestLab, testStudy } from './lab-fixtures.ts';
import { columnsFrom, provenance } from './store-values.ts';

function labWithRun() {
  const store = openTestLab();
  const study = testStudy({ epochs: 100_000, late: '[0, 10]' });
  const [run] = store.runs.ensure(store.studies.save(study, 'a.yaml').id, study);
  store.runs.start(run.id, provenance);
  return { store, id: run.id };
}

/** Bytes of which no two parts are alike. */
function large(parts: number, seed: number): Uint8Array {
  return Uint8Array.from({ length: parts * snapshotPartBytes + 17 }, (_, index) => (index * 7 + seed) % 251);
}

test('the newest snapshot comes back with its header and bytes, and is gone when dropped', async () => {
  const { store, id } = labWithRun();
  expect(store.snapshots.latest(id)).toBeNull();
  await store.snapshots.save(id, 10, { layers: ['W'] }, Uint8Array.of(1, 2));
  const header = { step: 20, names: ['W', null], nested: { on: true } };
  expect(await store.snapshots.save(id, 20, header, large(2, 0))).toBe(true);
  expect(store.snapshots.latest(id)).toEqual({ epoch: 20, header, data: large(2, 0), updates: [] });
  store.snapshots.drop(id);
  expect(store.snapshots.latest(id)).toBeNull();
});

test('rows are stored between the parts of a large snapshot, and the one before counts until the last part is there', async () => {
  const { store, id } = labWithRun();
  await store.snapshots.save(id, 1, null, Uint8Array.of(1));
  const saving = store.snapshots.save(id, 2, null, large(5, 1));
  let between = 0;
  for (; store.snapshots.latest(id)?.epoch === 1; between += 1) {
    store.series.append(id, between, ['test.loss'], columnsFrom(['test.loss'], between, 1));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await saving).toBe(true);
  expect(between).toBeGreaterThanOrEqual(5);
  expect(store.snapshots.latest(id)?.data).toEqual(large(5, 1));
});

test('a run keeps one snapshot, and none once it is finished', async () => {
  const { store, id } = labWithRun();
  for (const epoch of [1, 2, 3]) await store.snapshots.save(id, epoch, null, large(1, epoch));
  const parts = () => store.database.all('SELECT epoch FROM snapshot_part', (row) => row['epoch']);
  expect(parts()).toEqual([3, 3]);
  store.runs.finish(id, 1);
  expect(store.snapshots.latest(id)).toBeNull();
  expect(parts()).toEqual([]);
});

test('a save that its run’s end, a newer one or the end of the program overtakes leaves nothing behind', async () => {
  const { store, id } = labWithRun();
  const parts = () => store.database.all('SELECT DISTINCT epoch FROM snapshot_part', (row) => row['epoch']);
  const old = store.snapshots.save(id, 1, null, large(3, 1));
  const newer = store.snapshots.save(id, 2, null, large(3, 2));
  expect(await old).toBe(false);
  expect(await newer).toBe(true);
  expect(parts()).toEqual([2]);
  const overtaken = store.snapshots.save(id, 3, null, large(3, 3));
  store.runs.interrupt(id, 'Its trainer died.');
  expect(await overtaken).toBe(false);
  expect(parts()).toEqual([2]);
  const cut = store.snapshots.save(id, 4, null, large(3, 4));
  store.close();
  expect(await cut).toBe(false);
  const again = openTestLab(store.path);
  expect(again.database.all('SELECT DISTINCT epoch FROM snapshot_part', (row) => row['epoch'])).toEqual([2]);
  expect(again.snapshots.latest(id)?.data).toEqual(large(3, 2));
});

test('a snapshot whose bytes changed on the disk is not gone on from', async () => {
  const { store, id } = labWithRun();
  await store.snapshots.save(id, 1, null, large(1, 1));
  store.close();
  const database = new DatabaseSync(store.path);
  const [part] = database.prepare('SELECT rowid AS id, data FROM snapshot_part').all();
  const data = part['data'];
  if (!(data instanceof Uint8Array)) throw new Error('no blob');
  data[1000] ^= 4;
  database.prepare('UPDATE snapshot_part SET data = ? WHERE rowid = ?').run(data, part['id']);
  database.close();
  expect(openTestLab(store.path).snapshots.latest(id)).toBeNull();
});

test('renewing a large snapshot many times does not grow the lab, and it shrinks again once the run is finished', async () => {
  const { store, id } = labWithRun();
  for (let epoch = 0; epoch < 5; epoch += 1) await store.snapshots.save(id, epoch, null, large(20, epoch));
  expect(statSync(store.path).size).toBeLessThan(2.3 * 20 * snapshotPartBytes);
  store.runs.finish(id, 1);
  store.close();
  expect(statSync(store.path).size).toBeLessThan(snapshotPartBytes);
});

/** What there is of updates, whichever run's. */
function steps(store: LabStore): unknown[] {
  return store.database.all('SELECT DISTINCT step FROM update_part ORDER BY step', (row) => row['step']);
}

function update(step: number): Uint8Array {
  return Uint8Array.of(step, step, step, step + 1);
}

/** In two parts each. */
function send(store: LabStore, id: number, ...sent: number[]): void {
  for (const step of sent) {
    store.snapshots.saveUpdatePart(id, step, 0, update(step).slice(0, 3));
    store.snapshots.saveUpdatePart(id, step, 1, update(step).slice(3));
  }
}

describe('updates', () => {
  test('belong to the snapshot that says how many, and go when a newer one needs them no more', async () => {
    const { store, id } = labWithRun();
    send(store, id, 7, 9, 8);
    await store.snapshots.save(id, 10, { updates: 3 }, Uint8Array.of(1), 7);
    expect(store.snapshots.latest(id)?.updates).toEqual([update(7), update(8), update(9)]);
    // They come for the next one while this one still counts.
    send(store, id, 11, 10, 12);
    expect(store.snapshots.latest(id)?.updates).toEqual([update(7), update(8), update(9)]);
    const saving = store.snapshots.save(id, 12, { updates: 3 }, large(3, 1), 9);
    expect(steps(store)).toEqual([7, 8, 9, 10, 11, 12]);
    await saving;
    expect(store.snapshots.latest(id)?.updates).toEqual([update(9), update(10), update(11)]);
    expect(steps(store)).toEqual([9, 10, 11, 12]);
    // Epochs are fast again.
    await store.snapshots.save(id, 90, { updates: 0 }, Uint8Array.of(1));
    expect(store.snapshots.latest(id)?.updates).toEqual([]);
    expect(steps(store)).toEqual([]);
  });

  test('that came for a snapshot which never did go with their trainer, and with a host that died', async () => {
    const { store, id } = labWithRun();
    send(store, id, 8, 9);
    await store.snapshots.save(id, 10, { updates: 2 }, Uint8Array.of(1), 8);
    send(store, id, 10, 11);
    store.runs.interrupt(id, 'Its trainer died.');
    expect(steps(store)).toEqual([8, 9]);
    store.runs.start(id, provenance);
    send(store, id, 10);
    const cut = store.snapshots.save(id, 11, { updates: 2 }, large(3, 1), 9);
    store.close();
    expect(await cut).toBe(false);
    const again = openTestLab(store.path);
    expect(steps(again)).toEqual([8, 9]);
    expect(again.snapshots.latest(id)?.updates).toEqual([update(8), update(9)]);
  });

  test('of a run without a snapshot go with its trainer; all go when it is finished or reset', async () => {
    const { store, id } = labWithRun();
    send(store, id, 1, 2);
    store.runs.interrupt(id, 'Its trainer died.');
    expect(steps(store)).toEqual([]);
    for (const end of [() => store.runs.finish(id, 1), () => store.runs.reset(id)]) {
      store.runs.start(id, provenance);
      send(store, id, 2, 3);
      await store.snapshots.save(id, 3, { updates: 1 }, Uint8Array.of(1), 2);
      if (end.toString().includes('reset')) store.runs.interrupt(id, 'Stopped.');
      expect(steps(store)).toContain(2);
      end();
      expect(steps(store)).toEqual([]);
      store.runs.reset(id);
    }
  });

  test('that are sent again take the place of those that were there', async () => {
    const { store, id } = labWithRun();
    send(store, id, 4);
    store.database.run('UPDATE update_part SET data = zeroblob(1)');
    await store.snapshots.save(id, 5, { updates: 1 }, Uint8Array.of(1), 4);
    expect(store.snapshots.latest(id)?.updates).toEqual([null]);
    send(store, id, 4);
    expect(store.snapshots.latest(id)?.updates).toEqual([update(4)]);
    store.database.run('DELETE FROM update_part WHERE number = 0');
    expect(store.snapshots.latest(id)?.updates).toEqual([null]);
  });
});
