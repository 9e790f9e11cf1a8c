import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { BandBook } from '#main/core/band-book.ts';
import type { LabStore } from '#main/store/lab-store.ts';
import { openLabStore } from '#main/store/lab-store.ts';
import { bandOf } from '#shared/figures/band.ts';
import { openTestLab, testStudy } from '../store/lab-fixtures.ts';
import { cellValue, provenance } from '../store/store-values.ts';

const name = 'test.loss';
const names = ['test.accuracy', name];

interface Lab {
  readonly store: LabStore;
  readonly studyId: number;
  /** Of `grokking`. */
  readonly runIds: readonly number[];
  readonly others: readonly number[];
}

function lab(): Lab {
  const store = openTestLab();
  const study = testStudy({ seeds: '0..4' });
  const studyId = store.studies.save(study, 'small.yaml').id;
  const runs = store.runs.ensure(studyId, study);
  const of = (wanted: string): number[] =>
    runs.filter(({ condition }) => condition === wanted).map(({ id }) => id);
  return { store, studyId, runIds: of('grokking'), others: of('control') };
}

/** Of a run at an epoch, with ties, both zeros and gaps among them. */
function value(runId: number, epoch: number): number {
  if ((runId + epoch) % 7 === 0) return epoch % 2 === 0 ? 0 : -0;
  return cellValue(runId, epoch);
}

function rowsOf(runId: number, from: number, to: number): Float64Array {
  return Float64Array.from({ length: to - from }, (_, index) => value(runId, from + index));
}

function append({ store }: Lab, runId: number, to: number): void {
  const from = store.series.rows(runId);
  if (from === 0) store.runs.start(runId, provenance);
  const values = rowsOf(runId, from, to);
  store.series.append(runId, from, names, [values.map((each) => -each), values]);
}

/** The bits of the statistics, so that NaN, 0 and -0 count as what they are. */
function bits(band: { median: Float64Array; q1: Float64Array; q3: Float64Array; counts: Int32Array }) {
  const { median, q1, q3, counts } = band;
  return [median, q1, q3, counts].map((part) => Buffer.from(part.slice().buffer).toString('hex'));
}

function expected(runIds: readonly number[], rows: readonly number[]) {
  return bits(bandOf(runIds.map((id, index) => rowsOf(id, 0, rows[index]))));
}

/** By more than a piece may take: another turn comes after each run. */
function everyLookIsLater(): void {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
  onTestFinished(() => void vi.restoreAllMocks());
}

// Oracle: the statistics that the window's worker computes of the same rows.
describe('bands of a study', () => {
  it('are those of all points, bit for bit, of runs of different lengths and of conditions apart', async () => {
    const made = lab();
    const { store, studyId, runIds, others } = made;
    const rows = [520, 250, 1, 333];
    for (const [index, count] of rows.entries()) append(made, runIds[index], count);
    append(made, others[2], 40);
    const [grokking, control] = await new BandBook(store).read({ studyId, name });
    expect(grokking.condition).toBe('grokking');
    expect(grokking.runs).toEqual(rows.map((count, index) => ({ id: runIds[index], rows: count })));
    expect(bits(grokking)).toEqual(expected(runIds.slice(0, 4), rows));
    expect(control).toMatchObject({ condition: 'control', runs: [{ id: others[2], rows: 40 }] });
    expect(bits(control)).toEqual(expected([others[2]], [40]));
  });

  it('are asked for by condition, and absent where no run has the series', async () => {
    const made = lab();
    append(made, made.runIds[0], 10);
    const book = new BandBook(made.store);
    const { studyId } = made;
    expect(await book.read({ studyId, name, conditions: ['control'] })).toEqual([]);
    expect(await book.read({ studyId, name, conditions: ['grokking', 'no such'] })).toHaveLength(1);
    expect(await book.read({ studyId, name: 'gram.rho' })).toEqual([]);
    await expect(book.read({ studyId: studyId + 1, name })).rejects.toThrow(/study/);
  });

  it('are kept in the lab: asked for again, by another program too, no row is read', async () => {
    const made = lab();
    const { store, studyId, runIds } = made;
    for (const id of runIds) append(made, id, 300);
    const [first] = await new BandBook(store).read({ studyId, name });
    store.close();
    const reader = openLabStore(store.path, { readOnly: true });
    try {
      const read = vi.spyOn(reader.series, 'read');
      expect(await new BandBook(reader).read({ studyId, name })).toEqual([first]);
      expect(read).not.toHaveBeenCalled();
    } finally {
      reader.close();
    }
  });

  it('grow by the rows that came: no epoch that has not changed is read again', async () => {
    const made = lab();
    const { store, studyId, runIds } = made;
    const three = runIds.slice(0, 3);
    for (const id of three) append(made, id, 300);
    const book = new BandBook(store);
    await book.read({ studyId, name });
    append(made, three[0], 420);
    append(made, three[2], 310);
    const read = vi.spyOn(store.series, 'read');
    const [grown] = await book.read({ studyId, name });
    expect(read.mock.calls.map(([id, , range]) => [id, range])).toEqual([
      [three[0], [300, 419]],
      [three[2], [300, 309]],
    ]);
    expect(bits(grown)).toEqual(expected(three, [420, 300, 310]));
  });

  it('are made anew when runs join or leave, and when a run loses rows and gets as many others', async () => {
    const made = lab();
    const { store, studyId, runIds } = made;
    const book = new BandBook(store);
    const read = async () => bits((await book.read({ studyId, name }))[0]);
    for (const id of runIds.slice(0, 3)) append(made, id, 30);
    await read();
    append(made, runIds[3], 20);
    expect(await read()).toEqual(expected(runIds.slice(0, 4), [30, 30, 30, 20]));

    store.runs.interrupt(runIds[0], 'stopped');
    store.runs.delete(runIds[0]);
    expect(await read()).toEqual(expected(runIds.slice(1, 4), [30, 30, 20]));

    store.series.truncate(runIds[1], 10);
    const other = Float64Array.from({ length: 20 }, (_, index) => 1000 + index);
    store.series.append(runIds[1], 10, names, [other, other]);
    const lines = [runIds[1], runIds[2], runIds[3]].map((id, index) => rowsOf(id, 0, [10, 30, 20][index]));
    lines[0] = Float64Array.of(...lines[0], ...other);
    expect(await read()).toEqual(bits(bandOf(lines)));
  });

  it('begin anew when a run loses rows while they are computed', async () => {
    const made = lab();
    const { store, studyId, runIds } = made;
    for (const id of runIds) append(made, id, 300);
    everyLookIsLater();
    const asked = new BandBook(store).read({ studyId, name });
    await nextTurn();
    store.series.truncate(runIds[0], 100);
    const [band] = await asked;
    expect(bits(band)).toEqual(expected(runIds, [100, 300, 300, 300, 300]));
  });

  it('let rows and other clients come between their pieces', async () => {
    const made = lab();
    const { store, studyId, runIds } = made;
    for (const id of runIds) append(made, id, 300);
    everyLookIsLater();
    const done = vi.fn();
    const asked = new BandBook(store).read({ studyId, name }).finally(done);
    // Five runs, and three pieces of a hundred epochs.
    for (let turn = 0; turn < 8; turn++) {
      expect(done).not.toHaveBeenCalled();
      await nextTurn();
    }
    await asked;
  });

  it('are computed again where the disk damaged what was kept, and go with the runs they are of', async () => {
    const made = lab();
    const { store, studyId, runIds } = made;
    for (const id of runIds) append(made, id, 50);
    const book = new BandBook(store);
    await book.read({ studyId, name });
    const kept = (): unknown => store.database.get('SELECT count(*) AS n FROM band', ({ n }) => n);
    store.database.run("UPDATE band SET data = CAST(x'00' || substr(data, 2) AS BLOB)");
    const [band] = await book.read({ studyId, name });
    expect(bits(band)).toEqual(expected(runIds, [50, 50, 50, 50, 50]));
    expect(kept()).toBe(1);
    store.database.run('DELETE FROM run WHERE id = ?', runIds[0]);
    expect(kept()).toBe(0);
  });
});
