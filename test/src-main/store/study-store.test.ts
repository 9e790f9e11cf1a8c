import { expect, test } from 'vitest';
import { openTestLab, refusal, testStudy } from './lab-fixtures.ts';

test('a study comes back as it was saved, with its text word for word', () => {
  const at = new Date('2026-03-01T12:34:56.789Z');
  const store = openTestLab(undefined, { clock: () => at });
  const study = testStudy();
  const record = store.studies.save(study, 'small.yaml');
  expect(record).toEqual({
    id: 1,
    name: 'Small',
    identity: expect.stringMatching(/^[0-9a-f]{64}$/),
    study,
    createdAt: '2026-03-01T12:34:56.789Z',
    file: 'small.yaml',
    training: null,
    deletedAt: null,
    note: '',
    tags: [],
  });
  store.close();
  const again = openTestLab(store.path, { readOnly: true });
  expect(again.studies.list()).toEqual([record]);
});

test('saving what trains the same renews text, seeds and late range, and keeps the record and its runs', () => {
  const store = openTestLab();
  const first = testStudy({ seeds: '0..1' });
  const { id, identity } = store.studies.save(first, 'a.yaml');
  const runs = store.runs.ensure(id, first);
  const changed = testStudy({ seeds: '0..3', late: '[300, 500]' });
  const record = store.studies.save(changed, 'b.yaml');
  expect(record).toMatchObject({ id, identity, file: 'b.yaml', study: changed });
  const more = store.runs.ensure(id, changed);
  expect(more.length).toBe(8);
  expect(more.filter((run) => run.seed < 2)).toEqual(runs);
});

test('a study that trains anything else is another record, under the same name', () => {
  const store = openTestLab();
  const one = store.studies.save(testStudy(), 'a.yaml');
  const other = store.studies.save(testStudy({ epochs: 601 }), 'a.yaml');
  expect(other.id).not.toBe(one.id);
  expect(other.identity).not.toBe(one.identity);
  expect(store.studies.match(testStudy({ epochs: 601 }))).toEqual(other);
  expect(store.studies.match(testStudy({ epochs: 602 }))).toBeNull();
});

test('a study is found by name, id, another case, or the beginning of its name', () => {
  const store = openTestLab();
  const headline = store.studies.save(testStudy({ name: 'Headline' }), 'headline.yaml');
  const sweep = store.studies.save(testStudy({ name: 'Eta sweep' }), 'eta.yaml');
  for (const [wanted, record] of [
    ['Headline', headline],
    ['headline', headline],
    [String(sweep.id), sweep],
    ['eta', sweep],
    ['HEAD', headline],
  ] as const) {
    expect(store.studies.find(wanted)).toEqual(record);
  }
});

test('a name wins over an id, and an exact name over the beginning of a longer one', () => {
  const store = openTestLab();
  store.studies.save(testStudy({ name: 'Headline' }), 'a.yaml');
  const numbered = store.studies.save(testStudy({ name: '"1"' }), 'b.yaml');
  store.studies.save(testStudy({ name: 'Headline long' }), 'c.yaml');
  expect(store.studies.find('1')).toEqual(numbered);
  expect(store.studies.find('Headline').file).toBe('a.yaml');
});

test('an unknown study is refused with what there is; an ambiguous one with what it could mean', () => {
  const store = openTestLab();
  expect(refusal(() => store.studies.find('x')).message).toContain('holds none yet');
  store.studies.save(testStudy({ name: 'Eta sweep' }), 'eta.yaml');
  store.studies.save(testStudy({ name: 'Eta control' }), 'control.yaml');
  const unknown = refusal(() => store.studies.find('gamma'));
  expect(unknown.code).toBe('not-found');
  expect(unknown.message).toMatch(/"gamma".*Eta sweep.*Eta control/);
  const several = refusal(() => store.studies.find('eta'));
  expect(several.code).toBe('bad-argument');
  expect(several.message).toMatch(/1 "Eta sweep".*2 "Eta control".*Give the id/);
  expect(refusal(() => store.studies.find('')).code).toBe('not-found');
  expect(refusal(() => store.studies.get(77)).code).toBe('not-found');
});

test('a lab opened for reading refuses a study', () => {
  const store = openTestLab();
  store.close();
  const reader = openTestLab(store.path, { readOnly: true });
  expect(refusal(() => reader.studies.save(testStudy(), 'a.yaml')).code).toBe('lab-read-only');
});

test('what a study is to be trained with survives the end of the program, until it is taken back or the study is deleted', () => {
  const store = openTestLab();
  const { id } = store.studies.save(testStudy(), 'a.yaml');
  store.studies.setTraining(id, 'plain');
  store.close();
  const again = openTestLab(store.path);
  expect(again.studies.get(id).training).toBe('plain');
  again.studies.delete(id);
  expect(again.studies.listDeleted()).toMatchObject([{ id, training: null, deletedAt: expect.any(String) }]);
  expect(again.studies.undelete(id)).toMatchObject({ training: null, deletedAt: null });
  again.studies.setTraining(id, 'tensorflow');
  again.studies.setTraining(id, null);
  expect(again.studies.get(id).training).toBeNull();
});
