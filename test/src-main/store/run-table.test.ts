import { expect, test } from 'vitest';
import { openTestLab, refusal, testStudy } from './lab-fixtures.ts';
import { provenance } from './store-values.ts';

const names = ['train.accuracy', 'train.loss', 'test.accuracy'];

/** Study 1 "Small" with runs 1..4 (grokking 0, 1; control 0, 1), study 2 "Éta sweep" with 5..8. Runs 1, 2 and 5 have rows. */
function filledLab() {
  const store = openTestLab();
  const small = testStudy();
  store.runs.ensure(store.studies.save(small, 'small.yaml').id, small);
  const sweep = testStudy({ name: 'Éta sweep' });
  store.runs.ensure(store.studies.save(sweep, 'eta.yaml').id, sweep);
  for (const [id, accuracies] of [
    [1, [0.1, 0.5]],
    [2, [0.2, 0.9]],
    [5, [0.3, 0.7, Number.NaN]],
  ] as const) {
    store.runs.start(id, provenance);
    const test = Float64Array.from(accuracies);
    store.series.append(id, 0, names, [test.map((value) => value / 2), test, test]);
  }
  store.runs.finish(1, 2.5);
  return store;
}

const ids = (page: { readonly rows: readonly { readonly id: number }[] }): number[] =>
  page.rows.map(({ id }) => id);

test('a row shows a run with its study, and the accuracies of its newest row', () => {
  const store = filledLab();
  store.runs.tag(1, 'paper');
  store.runs.tag(1, 'a, "b"');
  store.runs.annotate(1, 'looks odd');
  expect(store.table.page({ limit: 1 })).toEqual({
    total: 8,
    rows: [
      {
        id: 1,
        studyId: 1,
        studyName: 'Small',
        settings: testStudy().conditions[0].settings,
        provenance,
        condition: 'grokking',
        seed: 0,
        state: 'finished',
        rows: 2,
        seconds: 2.5,
        trainAccuracy: 0.25,
        testAccuracy: 0.5,
        problem: null,
        restarts: 0,
        note: 'looks odd',
        tags: ['a, "b"', 'paper'],
      },
    ],
  });
  expect(store.table.row(1)).toEqual(store.table.page({ limit: 1 }).rows[0]);
  expect(refusal(() => store.table.row(99)).code).toBe('not-found');
  expect(store.table.page({ offset: 4, limit: 1 }).rows[0]).toMatchObject({ id: 5, testAccuracy: null });
});

test('the accuracies follow every batch, a truncation and a reset', () => {
  const store = filledLab();
  const accuracy = () => store.table.page({ offset: 1, limit: 1 }).rows[0].testAccuracy;
  expect(accuracy()).toBe(0.9);
  store.series.truncate(2, 1);
  expect(accuracy()).toBe(0.2);
  store.series.append(
    2,
    1,
    names,
    [0.1, 0.2, 0.95].map((value) => Float64Array.of(value)),
  );
  expect(accuracy()).toBe(0.95);
  store.runs.interrupt(2, 'Stopped.');
  store.runs.reset(2);
  expect(accuracy()).toBeNull();
});

test('pages are filtered by study, condition, state and tag together, and count what fits', () => {
  const store = filledLab();
  store.runs.tag(3, 'paper');
  store.runs.tag(7, 'paper');
  expect(ids(store.table.page({ studyId: 2 }))).toEqual([5, 6, 7, 8]);
  expect(ids(store.table.page({ condition: 'control', studyId: 1 }))).toEqual([3, 4]);
  expect(ids(store.table.page({ states: ['running', 'failed'] }))).toEqual([2, 5]);
  expect(store.table.page({ states: [] }).total).toBe(0);
  expect(store.runs.countStates(1)).toEqual([
    { state: 'finished', count: 1 },
    { state: 'queued', count: 2 },
    { state: 'running', count: 1 },
  ]);
  expect(ids(store.table.page({ tag: 'paper', studyId: 2 }))).toEqual([7]);
  expect(store.table.page({ states: ['queued'], offset: 2, limit: 2 })).toMatchObject({
    total: 5,
    rows: [{ id: 6 }, { id: 7 }],
  });
});

test('they are sorted by any column in either direction, runs without a value last', () => {
  const store = filledLab();
  expect(ids(store.table.page({ sort: 'testAccuracy', descending: true })).slice(0, 2)).toEqual([2, 1]);
  expect(ids(store.table.page({ sort: 'testAccuracy' })).slice(0, 2)).toEqual([1, 2]);
  expect(ids(store.table.page({ sort: 'seed', studyId: 1 }))).toEqual([1, 3, 2, 4]);
  expect(ids(store.table.page({ sort: 'rows', descending: true, limit: 1 }))).toEqual([5]);
  expect(ids(store.table.page({ sort: 'study', descending: true, limit: 1 }))).toEqual([8]);
});

test('words are looked for in study, condition, notes and tags, upper and lower case alike, beyond ASCII too', () => {
  const store = filledLab();
  store.runs.annotate(4, 'a spike at EPOCH 100%');
  store.runs.tag(6, 'Später');
  store.studies.tag(2, 'thesis');
  const found = (text: string) => ids(store.table.page({ text }));
  expect(found('éTA')).toEqual([5, 6, 7, 8]);
  expect(found('control small')).toEqual([3, 4]);
  expect(found('100% epoch')).toEqual([4]);
  expect(found('SPÄTER')).toEqual([6]);
  expect(found('thesis control')).toEqual([7, 8]);
  expect(found('_')).toEqual([]);
  expect(found('  ').length).toBe(8);
});

test('studies are found by words, tags and the states of their runs', () => {
  const store = filledLab();
  store.studies.annotate(1, 'For the appendix');
  store.studies.tag(2, 'thesis');
  const found = (query: object) => store.studies.search(query).map(({ id }) => id);
  expect(found({ text: 'APPENDIX small' })).toEqual([1]);
  expect(found({ text: 'control' })).toEqual([1, 2]);
  expect(found({ text: 'eta.yaml' })).toEqual([2]);
  expect(found({ tag: 'thesis' })).toEqual([2]);
  expect(found({ state: 'finished' })).toEqual([1]);
  expect(found({ state: 'failed' })).toEqual([]);
  expect(store.studies.get(2).tags).toEqual(['thesis']);
  expect(store.studies.get(1).note).toBe('For the appendix');
});

test('a tag is put on once and taken off; one that is empty, long or of two lines is refused', () => {
  const store = filledLab();
  store.runs.tag(1, ' paper ');
  store.runs.tag(1, 'paper');
  expect(store.runs.tags(1)).toEqual(['paper']);
  store.runs.untag(1, 'paper');
  expect(store.runs.tags(1)).toEqual([]);
  for (const tag of ['  ', 'x'.repeat(61), 'a\nb']) {
    expect(refusal(() => store.studies.tag(1, tag)).code).toBe('bad-argument');
  }
  expect(refusal(() => store.runs.tag(99, 'paper')).code).toBe('not-found');
});
