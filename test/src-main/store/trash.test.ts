import { expect, test } from 'vitest';
import { openTestLab, refusal, testStudy } from './lab-fixtures.ts';
import { columnsFrom, provenance, testRepulsion } from './store-values.ts';

const day = 86_400_000;

/** A lab with two studies of four runs each, the first run finished, and a clock that the test sets. */
function labWithClock() {
  let now = new Date('2026-03-01T12:00:00.000Z');
  const store = openTestLab(undefined, { clock: () => now });
  const study = testStudy();
  const id = store.studies.save(study, 'a.yaml').id;
  const runs = store.runs.ensure(id, study);
  const other = testStudy({ name: 'Other' });
  store.runs.ensure(store.studies.save(other, 'b.yaml').id, other);
  store.runs.start(runs[0].id, provenance);
  store.series.append(runs[0].id, 0, ['test.loss'], columnsFrom(['test.loss'], 0, 300));
  store.probes.save(runs[0].id, testRepulsion(3));
  store.runs.finish(runs[0].id, 1);
  const pass = (milliseconds: number): void => {
    now = new Date(now.getTime() + milliseconds);
  };
  return { store, study, id, runs, pass };
}

test('a deleted run is nowhere to be seen, and comes back as it was', () => {
  const { store, runs } = labWithClock();
  const before = store.runs.list();
  const [run] = runs;
  store.runs.delete(run.id);
  expect(store.runs.list().map(({ id }) => id)).toEqual(before.slice(1).map(({ id }) => id));
  expect(store.table.page().total).toBe(7);
  expect(refusal(() => store.runs.get(run.id))).toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('is deleted'),
  });
  expect(store.listDeleted()).toEqual([
    {
      kind: 'run',
      id: run.id,
      name: 'Small, grokking, seed 0',
      deletedAt: '2026-03-01T12:00:00.000Z',
      runs: 1,
    },
  ]);
  expect(store.runs.undelete(run.id)).toMatchObject({ state: 'finished', rows: 300 });
  expect(store.runs.list()).toEqual(before);
  expect(store.listDeleted()).toEqual([]);
});

test('ensure puts a new run in the place of a deleted one, which can then only come back over an empty one', () => {
  const { store, study, id, runs } = labWithClock();
  store.runs.delete(runs[0].id);
  const again = store.runs.ensure(id, study);
  expect(again.map((run) => run.id)).toEqual([9, ...runs.slice(1).map((run) => run.id)]);
  expect(again[0]).toMatchObject({ state: 'queued', rows: 0 });
  store.runs.start(9, provenance);
  expect(refusal(() => store.runs.undelete(runs[0].id))).toMatchObject({
    code: 'bad-argument',
    message: expect.stringMatching(/run 9 has taken its place \(grokking, seed 0\)/),
  });
  store.runs.interrupt(9, 'Stopped.');
  expect(store.runs.undelete(runs[0].id).rows).toBe(300);
  expect(store.runs.ensure(id, study).map((run) => run.id)).toEqual(runs.map((run) => run.id));
});

test('a deleted study takes its runs out of sight, is not matched or found, and brings them back', () => {
  const { store, study, id, runs } = labWithClock();
  const records = store.studies.list();
  store.runs.delete(runs[3].id);
  store.studies.delete(id);
  expect(store.studies.list().map((record) => record.name)).toEqual(['Other']);
  expect(store.runs.list({ studyId: id })).toEqual([]);
  expect(store.studies.match(study)).toBeNull();
  expect(refusal(() => store.studies.find('Small')).code).toBe('not-found');
  expect(refusal(() => store.studies.get(id)).code).toBe('not-found');
  expect(store.listDeleted()).toMatchObject([{ kind: 'study', id, name: 'Small', runs: 3 }]);
  store.studies.undelete(id);
  expect(store.studies.list()).toEqual(records);
  expect(store.runs.list({ studyId: id }).length).toBe(3);
});

test('a study saved again after its deletion is a new one, and the old one then stays deleted', () => {
  const { store, study, id } = labWithClock();
  store.studies.delete(id);
  const again = store.studies.save(study, 'a.yaml');
  expect(again.id).not.toBe(id);
  expect(store.runs.ensure(again.id, study).every((run) => run.state === 'queued')).toBe(true);
  expect(refusal(() => store.studies.undelete(id)).message).toContain(`study ${again.id} is the same one`);
});

test('what is training is not deleted', () => {
  const { store, id, runs } = labWithClock();
  store.runs.start(runs[1].id, provenance);
  expect(refusal(() => store.runs.delete(runs[1].id)).code).toBe('bad-argument');
  expect(refusal(() => store.studies.delete(id)).message).toContain(`Run ${runs[1].id} (grokking, seed 1)`);
  expect(store.runs.list({ studyId: id }).length).toBe(4);
});

test('after 30 days, and not before, what was deleted is gone with all it held, and its number never comes back', () => {
  const { store, study, id, runs, pass } = labWithClock();
  store.runs.delete(runs[0].id);
  pass(day);
  store.studies.delete(2);
  pass(29 * day - 1);
  expect(store.purgeDeleted()).toEqual({ studies: 0, runs: 0 });
  pass(1);
  expect(store.purgeDeleted()).toEqual({ studies: 0, runs: 1 });
  expect(refusal(() => store.runs.undelete(runs[0].id)).code).toBe('not-found');
  for (const table of ['chunk', 'tail', 'probe']) {
    expect(store.database.all(`SELECT * FROM ${table}`, (row) => row)).toEqual([]);
  }
  pass(day);
  expect(store.purgeDeleted()).toEqual({ studies: 1, runs: 4 });
  expect(refusal(() => store.studies.undelete(2)).code).toBe('not-found');
  expect(store.runs.ensure(id, study)[0].id).toBe(9);
});
