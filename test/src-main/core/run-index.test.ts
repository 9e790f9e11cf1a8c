import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RunIndex } from '#main/core/run-index.ts';
import type { LabStore } from '#main/store/lab-store.ts';
import { problem } from '#shared/models/problem.ts';
import type { RunTable, RunTableQuery } from '#shared/models/run-table.ts';
import { parseStudy } from '#shared/study/parse-study.ts';
import { openTestLab, refusal } from '../store/lab-fixtures.ts';
import { provenance } from '../store/store-values.ts';

// Time stands still: an answer scores what it has time for, and on a busy machine that may be one run.
beforeEach(() => void vi.spyOn(performance, 'now').mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

const names = ['train.accuracy', 'train.loss', 'test.accuracy', 'gram.rho'];

function study(name: string, threshold = 0.5) {
  const parsed = parseStudy(
    `study: ${name}
task: { kind: modular-addition, modulus: 7 }
split: { train: 30 }
network: { width: 16 }
optimizer: { learningRate: 0.01, weightDecay: 0.0005 }
epochs: 4
seeds: 0..1
conditions:
  grokking: {}
  control: { optimizer: { weightDecay: 0 } }
detectors:
  half: { kind: level, series: test.accuracy, threshold: ${threshold} }
late: [3, 4]
`,
    'x.yaml',
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.study;
}

/** Runs 1..4: grokking 0, 1, control 0, 1. Test accuracy rises to `run * 0.2`, and rho has a gap in its last row. */
function filled(store: LabStore = openTestLab()): LabStore {
  const first = study('First');
  store.runs.ensure(store.studies.save(first, 'first.yaml').id, first);
  for (const { id } of store.runs.list()) {
    store.runs.start(id, provenance);
    const rising = Float64Array.from({ length: 5 }, (_, epoch) => (id * 0.2 * (epoch + 1)) / 5);
    const rho = Float64Array.of(id, id, id, id / 10, Number.NaN);
    store.series.append(id, 0, names, [rising, rising, rising, rho]);
    store.runs.finish(id, 10 - id);
  }
  return store;
}

function asked(index: RunIndex, query: RunTableQuery): { ids: number[]; table: RunTable } {
  const table = index.table(query);
  return { table, ids: [...table.ids] };
}

const values = ({ columns }: RunTable, place = 0): (number | string | null)[] => {
  const column = columns[place];
  return column.kind === 'number'
    ? [...column.values]
    : Array.from(column.values, (word) => column.words[word] ?? null);
};

test('every run is in the table, newest first, with any setting and any measure', () => {
  const index = new RunIndex(filled(), () => {});
  const { ids, table } = asked(index, {
    columns: ['condition', 'optimizer.weightDecay', 'half', 'test.accuracy', 'gram.rho', 'late', 'place'],
  });
  expect(ids).toEqual([4, 3, 2, 1]);
  expect([table.total, table.pending]).toEqual([4, 0]);
  expect(values(table, 0)).toEqual(['control', 'control', 'grokking', 'grokking']);
  expect(values(table, 1)).toEqual([0, 0, 0.0005, 0.0005]);
  // By hand: run r passes 0.5 at the first epoch e with 0.04 r (e + 1) >= 0.5.
  expect(values(table, 2)).toEqual([3, 4, Number.NaN, Number.NaN]);
  expect(values(table, 3)[0]).toBeCloseTo(0.8, 12);
  // The newest value there is: the last row has none.
  expect(values(table, 4)).toEqual([0.4, expect.closeTo(0.3, 12), 0.2, 0.1]);
  expect(values(table, 5)[0]).toEqual(Number.NaN);
  expect(values(table, 6)).toEqual([1, 1, 0, 0]);
});

test('runs are filtered by settings, measures, states and words together', () => {
  const store = filled();
  store.runs.tag(2, 'odd');
  store.runs.tag(2, 'paper');
  store.runs.annotate(3, 'Spike at 100');
  const index = new RunIndex(store, () => {});
  const found = (where: string) => asked(index, { where }).ids.toSorted();
  expect(found('weightDecay > 0')).toEqual([1, 2]);
  expect(found('half < 10')).toEqual([3, 4]);
  expect(found('half = none')).toEqual([1, 2]);
  expect(found('half <= 3 control')).toEqual([4]);
  expect(found('tag = odd')).toEqual([2]);
  expect(found('tag = odd tag = paper')).toEqual([2]);
  expect(found('tag = none')).toEqual([1, 3, 4]);
  expect(found('SPIKE first')).toEqual([3]);
  expect(found('not control')).toEqual([1, 2]);
  expect(found('state != finished')).toEqual([]);
  expect(asked(index, { where: 'seed = 1', studyId: 9 }).ids).toEqual([]);
  expect(refusal(() => index.table({ where: 'halff < 3' }))).toEqual({
    code: 'bad-argument',
    message: 'No run has "halff": did you mean half?',
  });
  expect(refusal(() => index.table({ columns: ['nothing like it'] })).code).toBe('bad-argument');
});

test('they are sorted by any column in either direction, those without a value last', () => {
  const index = new RunIndex(filled(), () => {});
  const sorted = (by: string, descending: boolean) => asked(index, { sort: { by, descending } }).ids;
  expect(sorted('half', false)).toEqual([4, 3, 1, 2]);
  expect(sorted('half', true)).toEqual([3, 4, 2, 1]);
  expect(sorted('seconds', false)).toEqual([4, 3, 2, 1]);
  expect(sorted('condition', false)).toEqual([3, 4, 1, 2]);
});

test('what changes in the lab changes the table: rows, detectors, tags, deletion', () => {
  const store = filled();
  const index = new RunIndex(store, () => {});
  const half = () => values(asked(index, { columns: ['half'], sort: { by: 'id', descending: false } }).table);
  expect(half()).toEqual([Number.NaN, Number.NaN, 4, 3]);
  store.studies.save(study('First', 0.3), 'first.yaml');
  // By hand, as above, with 0.3.
  expect(half()).toEqual([Number.NaN, 3, 2, 1]);
  store.runs.delete(4);
  expect(half()).toEqual([Number.NaN, 3, 2]);
  store.runs.reset(3);
  expect(half()).toEqual([Number.NaN, 3, Number.NaN]);
  store.runs.start(3, provenance);
  const low = Float64Array.of(0.1, 0.9);
  store.series.append(3, 0, names, [low, low, low, low]);
  expect(half()).toEqual([Number.NaN, 3, 1]);
});

test('scores are kept in the lab, and made again where they no longer fit', () => {
  const store = openTestLab();
  const read = vi.spyOn(filled(store).series, 'readMany');
  const columns = ['half'];
  new RunIndex(store, () => {}).table({ columns });
  expect(read).toHaveBeenCalledTimes(4);
  new RunIndex(store, () => {}).table({ columns });
  expect(read).toHaveBeenCalledTimes(4);
  store.runs.reset(1);
  expect(store.scores.get(1)).toBeNull();
});

test('what is scored behind an answer is in the next one, also where it cannot be kept', async () => {
  const store = filled();
  vi.spyOn(store.scores, 'keep').mockImplementation(() => {
    throw problem('disk-full', 'The disk is full.');
  });
  // Each look at the clock is a long time after the one before it: an answer has time for one score.
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 100));
  const told = new Promise((resolve) => {
    const index = new RunIndex(store, () => resolve(asked(index, { where: 'gram.rho > 0' })));
    expect(asked(index, { where: 'gram.rho > 0' }).table.pending).toBeGreaterThan(0);
  });
  expect(await told).toMatchObject({ ids: [4, 3, 2, 1], table: { pending: 0 } });
});
