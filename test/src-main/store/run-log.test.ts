import { expect, it } from 'vitest';
import { exportLab } from '#main/exchange/export-lab.ts';
import { importLab } from '#main/exchange/import-lab.ts';
import { checkLab } from '#main/store/check-lab.ts';
import type { LabStore } from '#main/store/lab-store.ts';
import { repairLab } from '#main/store/repair-lab.ts';
import { describeEntry, longestLog, missingEntries, stateWords } from '#shared/models/run-log.ts';
import { join } from 'node:path';
import { openTestLab, refusal, temporaryFolder, testStudy } from './lab-fixtures.ts';
import { columnsFrom, provenance } from './store-values.ts';

const names = ['train.accuracy', 'test.accuracy'];

/** A lab of one study, each change of it a minute after the one before. */
function labWithRun(): { readonly store: LabStore; readonly id: number } {
  let minute = 0;
  const clock = (): Date => new Date(Date.UTC(2026, 0, 1, 0, minute++));
  const store = openTestLab(undefined, { clock });
  const study = testStudy({ epochs: 9, seeds: '[0]', late: '[5, 9]' });
  const [{ id }] = store.runs.ensure(store.studies.save(study, 'small.yaml').id, study);
  return { store, id };
}

/** Started, interrupted with four rows, gone on from a checkpoint, finished. */
function trainWithRestart({ store, id }: { readonly store: LabStore; readonly id: number }): void {
  store.runs.start(id, provenance);
  store.series.append(id, 0, names, columnsFrom(names, 0, 4));
  store.runs.interrupt(id, 'It died.');
  store.runs.start(id, provenance, 2);
  store.series.append(id, 4, names, columnsFrom(names, 4, 6));
  store.runs.finish(id, 1);
}

it('keeps every change of state with its time, trainer, checkpoint and reason, and says each in words', () => {
  const lab = labWithRun();
  trainWithRestart(lab);
  const log = lab.store.runs.log(lab.id);
  expect(
    log.map(({ number, state, attempt, rows, checkpoint, reason }) => [
      number,
      state,
      attempt,
      rows,
      checkpoint,
      reason,
    ]),
  ).toEqual([
    [1, 'queued', 0, 0, null, null],
    [2, 'running', 1, 0, null, null],
    [3, 'interrupted', 1, 4, null, 'It died.'],
    [4, 'running', 2, 4, 2, null],
    [5, 'finished', 2, 10, null, null],
  ]);
  const times = log.map(({ at }) => Date.parse(at));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(new Set(times).size).toBe(5);
  const engine = `${provenance.engine} ${provenance.engineVersion}`;
  expect(log.map(describeEntry)).toEqual([
    'It waits for a trainer.',
    `Trainer 1 (${engine}) started from the seed.`,
    'It died.',
    `Trainer 2 (${engine}) started from the checkpoint at epoch 2; rows 0 to 3 were there.`,
    'All 10 rows are there.',
  ]);
  expect(stateWords(log)).toEqual(['queued', 'running', 'interrupted', 'restarted', 'finished']);
});

it('holds what a writer that died left running, and what a person cancelled or tried again', () => {
  const { store, id } = labWithRun();
  store.runs.start(id, provenance);
  store.close();
  const again = openTestLab(store.path);
  again.runs.cancel(id);
  again.runs.retry(id);
  again.runs.fail(id, 'No processes.', 0);
  expect(
    again.runs
      .log(id)
      .slice(2)
      .map(({ state, reason }) => [state, reason]),
  ).toEqual([
    ['interrupted', expect.stringContaining('The program ended')],
    ['cancelled', null],
    ['queued', null],
    ['failed', 'No processes.'],
  ]);
});

it('holds deletion and return, alone and with its study, as they happen', () => {
  const { store, id } = labWithRun();
  store.runs.start(id, provenance);
  store.series.append(id, 0, names, columnsFrom(names, 0, 4));
  store.runs.interrupt(id, 'It died.');
  const { studyId } = store.runs.get(id);
  store.runs.delete(id);
  // A run in its place that has no rows gives way.
  const [{ id: placeholder }] = store.runs.ensure(studyId, store.studies.get(studyId).study);
  store.runs.undelete(id);
  store.studies.delete(studyId);
  store.studies.undelete(studyId);
  const since = store.runs.log(id).slice(3);
  expect(since.map((entry) => [entry.state, entry.rows, describeEntry(entry)])).toEqual([
    ['interrupted', 4, 'Deleted.'],
    [
      'interrupted',
      4,
      `Brought back after its deletion, in the place of run ${placeholder}, which had no rows.`,
    ],
    ['interrupted', 4, 'Deleted with its study.'],
    ['interrupted', 4, 'Brought back with its study.'],
  ]);
  expect(new Set(since.map(({ at }) => at)).size).toBe(4);
  // What befell it is not taken for what it became.
  expect(stateWords(store.runs.log(id))).toEqual([
    'queued',
    'running',
    'interrupted',
    ...Array.from({ length: 4 }, () => 'still interrupted'),
  ]);
  // A refused deletion leaves no trace.
  store.runs.start(id, provenance);
  expect(refusal(() => store.studies.delete(studyId)).code).toBe('bad-argument');
  expect(store.runs.log(id).at(-1)).toMatchObject({ number: 8, state: 'running' });
});

it('holds what `lab repair` did to a run, and nothing where it did nothing', () => {
  const lab = labWithRun();
  trainWithRestart(lab);
  const study = testStudy({ name: 'Other', epochs: 9, seeds: '[0, 1]', late: '[5, 9]' });
  const [torn, running] = lab.store.runs.ensure(lab.store.studies.save(study, 'b.yaml').id, study);
  for (const { id } of [torn, running]) {
    lab.store.runs.start(id, provenance);
    lab.store.series.append(id, 0, names, columnsFrom(names, 0, 4));
    lab.store.series.append(id, 4, names, columnsFrom(names, 4, 2));
  }
  lab.store.runs.interrupt(torn.id, 'It died.');
  lab.store.database.run('UPDATE tail SET crc32 = crc32 + 1 WHERE run_id = ? AND first_epoch = 4', torn.id);
  lab.store.close();
  const { repaired, lost } = repairLab(lab.store.path);
  expect(lost).toContainEqual(
    expect.stringContaining(`Run ${torn.id} (grokking, seed 0): 2 of its 6 rows are lost`),
  );
  const mended = openTestLab(repaired);
  expect(mended.runs.log(torn.id).at(-1)).toMatchObject({
    number: 4,
    state: 'interrupted',
    rows: 4,
    reason: 'By `lab repair`: 2 of its 6 rows are lost, from epoch 4 on. `resume` trains them again.',
  });
  expect(mended.runs.log(running.id).at(-1)).toMatchObject({
    state: 'interrupted',
    reason: 'By `lab repair`: it was training when its lab was damaged.',
  });
  expect(mended.runs.log(lab.id)).toHaveLength(5);
});

it('is written with the change or not at all', () => {
  const { store, id } = labWithRun();
  const before = store.runs.log(id);
  expect(() =>
    store.transaction(() => {
      store.runs.start(id, provenance);
      throw new Error('the disk is full');
    }),
  ).toThrow('the disk is full');
  expect(store.runs.get(id).state).toBe('queued');
  expect(store.runs.log(id)).toEqual(before);
});

it('keeps its last entries, and says how many are gone', () => {
  const { store, id } = labWithRun();
  for (let turn = 0; turn < longestLog; turn++) {
    store.runs.start(id, provenance);
    store.runs.interrupt(id, `Stop ${turn}.`);
  }
  const log = store.runs.log(id);
  expect(log).toHaveLength(longestLog);
  expect(log.at(-1)).toMatchObject({
    number: 2 * longestLog + 1,
    attempt: longestLog,
    reason: `Stop ${longestLog - 1}.`,
  });
  expect(missingEntries(log)).toContain(`${longestLog + 1} earlier entries are gone`);
  expect(missingEntries(log.slice(0, 0))).toBeNull();
});

it('goes with its run into another lab, where it takes the place of what the cell had; one in training arrives as interrupted', () => {
  const lab = labWithRun();
  trainWithRestart(lab);
  const file = join(temporaryFolder(), 'copy.lab');
  exportLab(lab.store, { kind: 'lab' }, file);
  const { store: other, id } = labWithRun();
  importLab(other, file);
  expect(other.runs.log(id)).toEqual(lab.store.runs.log(lab.id));

  const training = labWithRun();
  training.store.runs.start(training.id, provenance);
  const second = join(temporaryFolder(), 'copy.lab');
  exportLab(training.store, { kind: 'lab' }, second);
  const copy = openTestLab(second);
  expect(copy.runs.log(1).map(({ state }) => state)).toEqual(['queued', 'running', 'interrupted']);
});

it('an entry that changed on the disk is refused, found by lab check, and left out by lab repair', () => {
  const lab = labWithRun();
  trainWithRestart(lab);
  lab.store.database.run(`UPDATE run_event SET reason = 'It lied.' WHERE number = 3`);
  expect(refusal(() => lab.store.runs.log(lab.id))).toMatchObject({
    code: 'lab-damaged',
  });
  lab.store.close();
  expect(checkLab(lab.store.path).findings).toEqual([expect.stringContaining('entry 3 of its log')]);
  const { repaired, lost } = repairLab(lab.store.path);
  expect(lost).toEqual([expect.stringContaining('run_event')]);
  const mended = openTestLab(repaired);
  expect(mended.runs.log(lab.id).map(({ number }) => number)).toEqual([1, 2, 4, 5]);
  expect(mended.runs.get(lab.id).state).toBe('finished');
});

it('a run that is not there has no log', () => {
  const { store } = labWithRun();
  expect(refusal(() => store.runs.log(99))).toMatchObject({ code: 'not-found' });
});
