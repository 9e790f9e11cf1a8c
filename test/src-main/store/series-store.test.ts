import { statSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LabStore } from '#main/store/lab-store.ts';
import { chunkEpochs } from '#main/store/chunk-epochs.ts';
import { blob } from '#main/store/row.ts';
import { openTestLab, refusal, testStudy } from './lab-fixtures.ts';
import { columnsFrom, processorTime, provenance } from './store-values.ts';

const names = ['train.loss', 'test.loss', 'spectrum.W.ratio23'];

/** A lab with running runs, closed at the test's end. */
function runningLab(): { store: LabStore; ids: number[] } {
  const store = openTestLab();
  const study = testStudy({ epochs: 100_000, late: '[0, 10]' });
  const runs = store.runs.ensure(store.studies.save(study, 'a.yaml').id, study);
  for (const run of runs) store.runs.start(run.id, provenance);
  return { store, ids: runs.map((run) => run.id) };
}

function bytes(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

test('whatever the batches, every series reads back bit for bit, whole and in any range, finished or not', () => {
  const { store, ids } = runningLab();
  const batch = fc.integer({ min: 1, max: 2.4 * chunkEpochs });
  fc.assert(
    fc.property(fc.array(batch, { minLength: 1, maxLength: 6 }), fc.nat(), fc.nat(), (sizes, a, b) => {
      store.runs.interrupt(ids[0], 'again');
      store.runs.reset(ids[0]);
      store.runs.start(ids[0], provenance);
      let rows = 0;
      for (const size of sizes) {
        store.series.append(ids[0], rows, names, columnsFrom(names, rows, size));
        rows += size;
      }
      const check = (): void => {
        const whole = columnsFrom(names, 0, rows);
        expect(store.series.readMany(ids[0], names)).toEqual(whole);
        const [first, last] = [Math.min(a % rows, b % rows), Math.max(a % rows, b % rows)];
        for (const [index, name] of names.entries()) {
          expect(store.series.read(ids[0], name, [first, last])).toEqual(whole[index].slice(first, last + 1));
        }
      };
      check();
      store.runs.finish(ids[0], 1);
      check();
      store.runs.reset(ids[0]);
      store.runs.start(ids[0], provenance);
    }),
    { numRuns: 40, seed: 1 },
  );
});

test('NaN, infinities, -0 and subnormals keep their bits', () => {
  const { store, ids } = runningLab();
  const special = Float64Array.of(Number.NaN, Infinity, -Infinity, -0, 5e-324, 0.1 + 0.2, Number.MAX_VALUE);
  store.series.append(ids[0], 0, ['test.loss'], [special]);
  expect(bytes(store.series.read(ids[0], 'test.loss'))).toEqual(bytes(special));
  store.runs.finish(ids[0], 1);
  expect(bytes(store.series.read(ids[0], 'test.loss'))).toEqual(bytes(special));
});

test('a range is both ends included and clipped to the rows there are', () => {
  const { store, ids } = runningLab();
  store.series.append(ids[0], 0, ['test.loss'], [Float64Array.from({ length: 300 }, (_, epoch) => epoch)]);
  const read = (range: [number, number]) => [...store.series.read(ids[0], 'test.loss', range)];
  expect(read([248, 251])).toEqual([248, 249, 250, 251]);
  expect(read([298, 500])).toEqual([298, 299]);
  expect(read([-5, 1])).toEqual([0, 1]);
  expect(read([300, 400])).toEqual([]);
  expect(read([5, 4])).toEqual([]);
});

test('runs with series of their own do not disturb each other', () => {
  const { store, ids } = runningLab();
  const few = ['test.loss'];
  for (let epoch = 0; epoch < 600; epoch += 50) {
    store.series.append(ids[0], epoch, names, columnsFrom(names, epoch, 50));
    store.series.append(ids[1], epoch, few, columnsFrom(few, epoch, 50));
  }
  expect(store.series.names(ids[0])).toEqual(names);
  expect(store.series.names(ids[1])).toEqual(few);
  expect(store.series.names(ids[2])).toEqual([]);
  expect(store.series.readMany(ids[0], names)).toEqual(columnsFrom(names, 0, 600));
  expect(store.series.readMany(ids[1], few)).toEqual(columnsFrom(few, 0, 600));
});

test('rows that do not continue the run, change its series, or come when it is not running are bugs: nothing is stored', () => {
  const { store, ids } = runningLab();
  const rows = columnsFrom(names, 0, 10);
  store.series.append(ids[0], 0, names, rows);
  expect(() => store.series.append(ids[0], 11, names, rows)).toThrow(/has 10 rows; the next epoch is not 11/);
  expect(() => store.series.append(ids[0], 0, names, rows)).toThrow(/has 10 rows/);
  expect(() => store.series.append(ids[0], 10, names.toReversed(), rows)).toThrow(/has the series/);
  expect(() => store.series.append(ids[0], 10, names.slice(1), rows)).toThrow(/as many columns/);
  expect(() => store.series.append(ids[0], 10, names, [...rows.slice(1), new Float64Array(3)])).toThrow(
    /one length/,
  );
  expect(() => store.series.append(ids[1], 0, ['a', 'a', 'b'], rows)).toThrow(/named twice/);
  store.runs.finish(ids[0], 1);
  expect(() => store.series.append(ids[0], 10, names, rows)).toThrow(/is finished/);
  expect(store.runs.get(ids[0]).rows).toBe(10);
  expect(store.series.readMany(ids[0], names)).toEqual(rows);
});

test('a transaction that is undone leaves no rows and no list of names behind', () => {
  const { store, ids } = runningLab();
  expect(() =>
    store.transaction(() => {
      store.series.append(ids[0], 0, names, columnsFrom(names, 0, 300));
      expect(store.series.names(ids[0])).toEqual(names);
      throw new Error('undo');
    }),
  ).toThrow('undo');
  expect(store.runs.get(ids[0]).rows).toBe(0);
  const others = ['test.accuracy'];
  store.series.append(ids[1], 0, others, columnsFrom(others, 0, 5));
  expect(store.series.names(ids[1])).toEqual(others);
  expect(store.series.names(ids[0])).toEqual([]);
});

test('wherever a run is truncated, the rows before it keep their bits and new rows go on there', () => {
  const { store, ids } = runningLab();
  const sizes = fc.integer({ min: 1, max: 3 * chunkEpochs });
  fc.assert(
    fc.property(sizes, sizes, fc.nat(), (first, second, cut) => {
      const rows = first + second;
      store.series.append(ids[0], 0, names, columnsFrom(names, 0, first));
      store.series.append(ids[0], first, names, columnsFrom(names, first, second));
      const kept = cut % (rows + 1);
      store.series.truncate(ids[0], kept);
      expect(store.series.rows(ids[0])).toBe(kept);
      if (kept > 0) expect(store.series.readMany(ids[0], names)).toEqual(columnsFrom(names, 0, kept));
      store.series.append(ids[0], kept, names, columnsFrom(names, kept, 300));
      expect(store.series.readMany(ids[0], names)).toEqual(columnsFrom(names, 0, kept + 300));
      store.series.truncate(ids[0], 0);
      expect(store.series.names(ids[0])).toEqual([]);
    }),
    { numRuns: 40, seed: 2 },
  );
  expect(() => store.series.truncate(ids[0], 1)).toThrow(/has 0 rows/);
  store.runs.finish(ids[0], 1);
  expect(() => store.series.truncate(ids[0], 0)).toThrow(/finished/);
});

test('a series a run does not have is refused with those it has', () => {
  const { store, ids } = runningLab();
  store.series.append(ids[0], 0, names, columnsFrom(names, 0, 1));
  expect(refusal(() => store.series.read(ids[0], 'gram.rho'))).toMatchObject({
    code: 'not-found',
    message: expect.stringMatching(/gram\.rho.*train\.loss, test\.loss/),
  });
});

test('10,000 epochs of 40 series in batches of 3 rows take seconds and little more than their bytes', () => {
  const { store, ids } = runningLab();
  const wide = Array.from({ length: 40 }, (_, index) => `series.${index}`);
  const batch = columnsFrom(wide, 0, 3);
  const milliseconds = processorTime(() => {
    for (let epoch = 0; epoch < 9999; epoch += 3) store.series.append(ids[0], epoch, wide, batch);
    store.runs.finish(ids[0], 1);
  });
  const seconds = milliseconds / 1000;
  store.close();
  const raw = 9999 * 40 * 8;
  const size = statSync(store.path).size;
  console.log(
    `append: ${seconds.toFixed(2)} s for 3,333 batches; file ${(size / raw).toFixed(3)} of the raw bytes`,
  );
  expect(seconds).toBeLessThan(20);
  expect(size / raw).toBeLessThan(1.15);
});

test('one flipped bit of a chunk or of the tail is refused on reading, whatever the state of the run, and the rows before it are known to be sound', () => {
  const { store, ids } = runningLab();
  const [id] = ids;
  store.series.append(id, 0, names, columnsFrom(names, 0, chunkEpochs * 2 + 7));
  store.series.append(id, chunkEpochs * 2 + 7, names, columnsFrom(names, chunkEpochs * 2 + 7, 5));
  expect(store.series.soundRows(id)).toBe(chunkEpochs * 2 + 12);
  const flips = [
    [`tail WHERE first_epoch = ${chunkEpochs * 2 + 7}`, chunkEpochs * 2 + 7],
    ['chunk WHERE series = 1 AND number = 1', chunkEpochs],
    ['chunk WHERE series = 0 AND number = 0', 0],
  ] as const;
  for (const [place, sound] of flips) {
    const [table, where] = place.split(' WHERE ');
    const data = store.database.get(`SELECT data FROM ${place} AND run_id = ${id}`, (row) =>
      blob(row, 'data'),
    );
    if (data === undefined) throw new Error(`nothing at ${place}`);
    data[data.length - 1] ^= 1;
    store.database.run(`UPDATE ${table} SET data = ? WHERE ${where} AND run_id = ?`, data, id);
    expect(store.series.soundRows(id)).toBe(sound);
    expect(refusal(() => store.series.readMany(id, names)).message).toMatch(
      /from epoch \d+ on are not what was stored/,
    );
  }
  store.series.truncate(id, 0);
  expect(store.series.rows(id)).toBe(0);
});
