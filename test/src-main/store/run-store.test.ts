import { expect, test } from 'vitest';
import type { Run } from '#shared/models/run.ts';
import type { LabStore } from '#main/store/lab-store.ts';
import { openTestLab, refusal, testStudy } from './lab-fixtures.ts';
import { columnsFrom, processorTime, provenance, testRepulsion } from './store-values.ts';

function labWithRuns(): { store: LabStore; runs: Run[] } {
  const store = openTestLab();
  const study = testStudy({ seeds: '[4294967295, 3]' });
  return { store, runs: store.runs.ensure(store.studies.save(study, 'a.yaml').id, study) };
}

test('every cell of the grid is one queued run with its condition’s settings, conditions first, however often ensured', () => {
  const { store, runs } = labWithRuns();
  const study = testStudy({ seeds: '[4294967295, 3]' });
  expect(runs.map((run) => [run.condition, run.seed, run.state])).toEqual([
    ['grokking', 4294967295, 'queued'],
    ['grokking', 3, 'queued'],
    ['control', 4294967295, 'queued'],
    ['control', 3, 'queued'],
  ]);
  for (const run of runs) {
    expect(run.settings).toEqual(study.conditions.find(({ name }) => name === run.condition)?.settings);
    expect(run).toMatchObject({ rows: 0, seconds: 0, provenance: null, problem: null });
  }
  expect(store.runs.ensure(runs[0].studyId, study)).toEqual(runs);
});

test('runs are filtered by study, condition and state together', () => {
  const { store, runs } = labWithRuns();
  const other = testStudy({ name: 'Other' });
  store.runs.ensure(store.studies.save(other, 'b.yaml').id, other);
  store.runs.start(runs[1].id, provenance);
  expect(store.runs.list().length).toBe(8);
  expect(store.runs.list({ studyId: 1 })).toEqual(runs.map((run) => store.runs.get(run.id)));
  expect(
    store.runs.list({ studyId: 1, condition: 'grokking', state: 'queued' }).map((run) => run.id),
  ).toEqual([runs[0].id]);
  expect(store.runs.list({ studyId: 9 })).toEqual([]);
});

test('a run goes queued, running, finished, and keeps its provenance and seconds', () => {
  const { store, runs } = labWithRuns();
  expect(store.runs.start(runs[0].id, provenance)).toMatchObject({ state: 'running', provenance });
  expect(store.runs.finish(runs[0].id, 12.5)).toMatchObject({
    state: 'finished',
    seconds: 12.5,
    provenance,
    problem: null,
  });
});

test('an interrupted run goes on with its rows, and the seconds of its attempts add up', () => {
  const { store, runs } = labWithRuns();
  const { id } = runs[0];
  store.runs.start(id, provenance);
  store.series.append(id, 0, ['test.loss'], columnsFrom(['test.loss'], 0, 10));
  expect(store.runs.interrupt(id, 'Stopped by Ctrl-C.', 2)).toMatchObject({
    state: 'interrupted',
    problem: 'Stopped by Ctrl-C.',
    rows: 10,
  });
  expect(store.runs.start(id, provenance)).toMatchObject({ state: 'running', rows: 10, problem: null });
  expect(store.runs.finish(id, 3).seconds).toBe(5);
});

test('rows of two engines never mix: another engine must reset first', () => {
  const { store, runs } = labWithRuns();
  const { id } = runs[0];
  store.runs.start(id, provenance);
  store.series.append(id, 0, ['test.loss'], columnsFrom(['test.loss'], 0, 10));
  store.runs.interrupt(id, 'Stopped.');
  const other = { ...provenance, engine: 'tensorflow' } as const;
  expect(() => store.runs.start(id, other)).toThrow(/reset it first/);
  store.runs.reset(id);
  expect(store.runs.start(id, other).provenance).toEqual(other);
});

test('a reset run has no rows, probes, snapshot, seconds or provenance left, and its neighbour keeps its own', async () => {
  const { store, runs } = labWithRuns();
  for (const { id } of runs.slice(0, 2)) {
    store.runs.start(id, provenance);
    store.series.append(id, 0, ['test.loss'], columnsFrom(['test.loss'], 0, 600));
    store.probes.save(id, testRepulsion(50));
    await store.snapshots.save(id, 50, {}, Uint8Array.of(1));
    store.runs.fail(id, 'loss is NaN at epoch 600', 1);
  }
  store.runs.countRestart(runs[0].id);
  expect(store.runs.reset(runs[0].id)).toEqual(runs[0]);
  expect(store.table.row(runs[0].id).restarts).toBe(0);
  expect(store.series.names(runs[0].id)).toEqual([]);
  expect(store.probes.list(runs[0].id)).toEqual([]);
  expect(store.snapshots.latest(runs[0].id)).toBeNull();
  expect(store.series.read(runs[1].id, 'test.loss').length).toBe(600);
  expect(store.probes.list(runs[1].id).length).toBe(1);
});

test('transitions that make no sense are bugs: they throw and change nothing', () => {
  const { store, runs } = labWithRuns();
  const { id } = runs[0];
  expect(() => store.runs.finish(id, 1)).toThrow(/is queued/);
  expect(() => store.runs.interrupt(id, 'x')).toThrow(/is queued/);
  store.runs.start(id, provenance);
  expect(() => store.runs.start(id, provenance)).toThrow(/is running/);
  expect(() => store.runs.reset(id)).toThrow(/is running/);
  store.runs.finish(id, 1);
  const finished = store.runs.get(id);
  expect(() => store.runs.start(id, provenance)).toThrow(/is finished/);
  expect(() => store.runs.fail(id, 'x', 1)).toThrow(/is finished/);
  expect(store.runs.get(id)).toEqual(finished);
});

test('a cancelled run keeps its rows and can be started again', () => {
  const { store, runs } = labWithRuns();
  const { id } = runs[0];
  store.runs.start(id, provenance);
  store.series.append(id, 0, ['test.loss'], columnsFrom(['test.loss'], 0, 10));
  expect(store.runs.cancel(id, 2)).toMatchObject({ state: 'cancelled', rows: 10, seconds: 2, problem: null });
  expect(store.runs.start(id, provenance)).toMatchObject({ state: 'running', rows: 10 });
  expect(store.runs.cancel(runs[1].id)).toMatchObject({ state: 'cancelled', rows: 0 });
  store.runs.finish(id, 1);
  expect(() => store.runs.cancel(id)).toThrow(/is finished/);
});

test('a run that is retried keeps all it has, with a snapshot and without: no committed row goes before the same one could come again', async () => {
  const { store, runs } = labWithRuns();
  for (const { id } of runs.slice(0, 2)) {
    store.runs.start(id, provenance);
    store.series.append(id, 0, ['test.loss'], columnsFrom(['test.loss'], 0, 10));
    for (let death = 0; death < 3; death++) store.runs.countRestart(id);
  }
  await store.snapshots.save(runs[0].id, 5, {}, Uint8Array.of(1));
  for (const { id } of runs.slice(0, 2)) store.runs.fail(id, 'Its trainer died three times.', 1);
  for (const { id } of runs.slice(0, 2)) {
    expect(store.runs.retry(id)).toMatchObject({ state: 'queued', rows: 10, problem: null, provenance });
    expect(store.series.read(id, 'test.loss')).toEqual(columnsFrom(['test.loss'], 0, 10)[0]);
  }
  expect(store.snapshots.latest(runs[0].id)?.epoch).toBe(5);
  expect(runs.slice(0, 2).map(({ id }) => store.table.row(id).restarts)).toEqual([3, 3]);
  expect(() => store.runs.retry(runs[0].id)).toThrow(/is queued/);
});

test('what a dead writer left running is interrupted when the next writer opens the lab, and not by a reader', () => {
  const { store, runs } = labWithRuns();
  store.runs.start(runs[0].id, provenance);
  store.close();
  const reader = openTestLab(store.path, { readOnly: true });
  expect(reader.runs.get(runs[0].id).state).toBe('running');
  reader.close();
  expect(reader.recovered).toBe(0);
  const writer = openTestLab(store.path);
  expect(writer.recovered).toBe(1);
  expect(writer.runs.get(runs[0].id)).toMatchObject({ state: 'interrupted', provenance });
  expect(writer.runs.get(runs[1].id)).toMatchObject({ state: 'queued', problem: null });
});

test('a run that is not there is refused', () => {
  expect(refusal(() => openTestLab().runs.get(5))).toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('run 5'),
  });
});

// architecture.md: a lab of 10,000 runs opens in 1 s.
test('a lab of 10,000 runs opens and lists in 1 s', () => {
  const store = openTestLab();
  const study = testStudy({ seeds: '0..4999' });
  store.runs.ensure(store.studies.save(study, 'a.yaml').id, study);
  store.close();
  const milliseconds = processorTime(() => {
    expect(openTestLab(store.path).runs.list().length).toBe(10_000);
  });
  expect(milliseconds).toBeLessThan(1000);
});

test('the seconds by which a study is foretold are means of finished runs alone, a condition each', () => {
  const store = openTestLab();
  const study = testStudy({ epochs: 3, seeds: '0..3', late: '[1, 3]' });
  const { id } = store.studies.save(study, 'small.yaml');
  const [first, second, third, fourth] = store.runs.ensure(id, study);
  const names = ['test.loss'];
  for (const [run, seconds] of [
    [first, 2],
    [second, 4],
    [third, 0],
  ] as const) {
    store.runs.start(run.id, provenance);
    store.series.append(run.id, 0, names, columnsFrom(names, 0, 4));
    store.runs.finish(run.id, seconds);
  }
  store.runs.start(fourth.id, provenance);
  store.runs.fail(fourth.id, 'It broke.', 100);
  expect(store.runs.meanSeconds()).toEqual([{ settings: first.settings, seconds: 3 }]);
});
