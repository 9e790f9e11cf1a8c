import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSeries, thin } from '#main/core/read-series.ts';
import { openTestLab, testStudy } from '../store/lab-fixtures.ts';
import { cellValue, columnsFrom, provenance } from '../store/store-values.ts';

const anyValue = fc.oneof(
  fc.double(),
  fc.integer({ min: -3, max: 3 }).map(Number),
  fc.constant(Number.NaN),
  fc.constantFrom(Infinity, -Infinity, -0),
);
const series = fc
  .array(anyValue, { minLength: 1, maxLength: 300 })
  .map((values) => Float64Array.from(values));
const seeded = { seed: 2026, numRuns: 500 };

/** Bit for bit, NaN included. */
function same(left: number, right: number): boolean {
  return Object.is(left, right);
}

describe('a thinned series', () => {
  it('has at most the points asked for, each of them a stored one at its epoch, in order', () => {
    const property = fc.property(
      series,
      fc.nat(1000),
      fc.integer({ min: 2, max: 320 }),
      (values, first, points) => {
        const thinned = thin(values, first, points);
        const epochs = thinned.epochs ?? Float64Array.from(values, (_, index) => first + index);
        expect(thinned.values.length).toBe(epochs.length);
        expect(thinned.values.length).toBeLessThanOrEqual(points);
        let before = first - 1;
        for (const [index, epoch] of epochs.entries()) {
          expect(epoch).toBeGreaterThan(before);
          before = epoch;
          expect(same(thinned.values[index], values[epoch - first])).toBe(true);
        }
        expect(before).toBeLessThan(first + values.length);
      },
    );
    fc.assert(property, seeded);
  });

  it('keeps the smallest and the largest value of every stretch: what is drawn reaches as high and as low', () => {
    const property = fc.property(series, fc.integer({ min: 2, max: 320 }), (values, points) => {
      const { epochs, values: kept } = thin(values, 0, points);
      if (epochs === null) {
        expect(values.length).toBeLessThanOrEqual(points);
        expect(kept).toEqual(values);
        return;
      }
      // The oracle cuts the epochs into the same number of stretches and looks at each by itself.
      const stretches = Math.floor(points / 2);
      for (let stretch = 0; stretch < stretches; stretch++) {
        const from = Math.floor((stretch * values.length) / stretches);
        const to = Math.floor(((stretch + 1) * values.length) / stretches);
        const numbers = [...values.subarray(from, to)].filter((value) => !Number.isNaN(value));
        const drawn = [...kept].filter((_, index) => epochs[index] >= from && epochs[index] < to);
        expect(drawn.length).toBeGreaterThan(0);
        if (numbers.length === 0) expect(drawn).toEqual([Number.NaN]);
        else {
          // == rather than ===-like Object.is: 0 and -0 are drawn alike.
          expect(Math.min(...drawn) === Math.min(...numbers)).toBe(true);
          expect(Math.max(...drawn) === Math.max(...numbers)).toBe(true);
        }
      }
    });
    fc.assert(property, seeded);
  });
});

describe('a window of a run', () => {
  const names = ['train.accuracy', 'test.accuracy', 'test.loss'];

  function labWithRows(rows: number): {
    store: ReturnType<typeof openTestLab>;
    runId: number;
    empty: number;
  } {
    const store = openTestLab();
    const study = testStudy();
    const [run, other] = store.runs.ensure(store.studies.save(study, 'small.yaml').id, study);
    store.runs.start(run.id, provenance);
    store.series.append(run.id, 0, names, columnsFrom(names, 0, rows));
    return { store, runId: run.id, empty: other.id };
  }

  it('holds the range asked for, both ends included, and says how many points are stored there', () => {
    const { store, runId } = labWithRows(400);
    const [window] = readSeries(store, { runIds: [runId], name: 'test.loss', range: [240, 260] });
    expect([window.first, window.epochs]).toEqual([240, null]);
    expect([...window.values]).toEqual(Array.from({ length: 21 }, (_, index) => cellValue(2, 240 + index)));
    expect(window.stored).toBe(21);
    const [thinned] = readSeries(store, { runIds: [runId], name: 'test.loss', points: 40 });
    expect(thinned.stored).toBe(400);
    expect(thinned.epochs?.length).toBeLessThanOrEqual(40);
    expect(thinned.first).toBe(thinned.epochs?.[0]);
  });

  it('is empty beyond the last row, and absent where a run has no such series', () => {
    const { store, runId, empty } = labWithRows(10);
    expect(readSeries(store, { runIds: [runId], name: 'test.loss', range: [10, 20] })).toEqual([
      { runId, name: 'test.loss', first: 10, epochs: null, values: new Float64Array(), stored: 0 },
    ]);
    expect(
      readSeries(store, { runIds: [empty, runId], name: 'test.loss' }).map((window) => window.runId),
    ).toEqual([runId]);
    expect(readSeries(store, { runIds: [runId], name: 'gram.rho' })).toEqual([]);
  });
});
