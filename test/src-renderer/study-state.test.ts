import { describe, expect, it } from 'vitest';
import type { RunSummary } from '#shared/models/lab.ts';
import type { RunState } from '#shared/models/run.ts';
import { cellWords, seedCellText } from '../../src-renderer/seed-cell.ts';
import { availableActions } from '../../src-renderer/study-actions.ts';
import { tallyOf } from '../../src-renderer/study-tally.ts';
import { fakeCore } from '../contract/fake-core.ts';
import { quickStudy } from '../contract/quick-study.ts';

const core = fakeCore();
core.createStudy(quickStudy, 'quick.yaml');
const [someRun] = core.listRuns({}).runs;
const epochs = someRun.settings.epochs;
const run = (state: RunState, rows: number): RunSummary => ({ ...someRun, state, rows });

describe('what can be done to a study', () => {
  const states = { queued: 0, running: 0, finished: 0, failed: 0, interrupted: 0, cancelled: 0 };
  it.each([
    ['that was never started', { queued: 4 }, true, ['Start', 'Cancel']],
    ['that trains', { queued: 2, running: 2 }, false, ['Pause', 'Cancel']],
    ['whose last runs train', { running: 1, finished: 3 }, false, ['Pause', 'Cancel']],
    ['that waits for a free trainer', { queued: 4 }, false, ['Pause', 'Cancel']],
    ['that was paused', { queued: 1, interrupted: 2, finished: 1 }, true, ['Resume', 'Cancel']],
    ['that was cancelled', { cancelled: 3, finished: 1 }, false, ['Retry']],
    ['some of which failed', { failed: 1, finished: 3 }, false, ['Retry']],
    ['that is finished', { finished: 4 }, false, []],
  ])('%s', (_, some, paused, labels) => {
    const actions = availableActions({ states: { ...states, ...some }, paused });
    expect(actions.map(({ label }) => label)).toStrictEqual(labels);
  });
});

describe('a cell of the seed grid', () => {
  it.each([
    ['queued', 0, undefined, ''],
    ['running', 1, undefined, `${Math.floor(100 / (epochs + 1))}%`],
    ['running', epochs, null, `${Math.floor((100 * epochs) / (epochs + 1))}%`],
    ['finished', epochs + 1, undefined, ''],
    ['finished', epochs + 1, null, '\u2013'],
    ['finished', epochs + 1, 0, '0'],
    ['finished', epochs + 1, 174, '174'],
  ] as const)('%s with %d rows and the detector at %s shows "%s"', (state, rows, fire, text) => {
    expect(seedCellText(run(state, rows), fire)).toBe(text);
  });

  it('says the same in words', () => {
    const where = `${someRun.condition}, seed ${someRun.seed}`;
    expect(cellWords(run('finished', epochs + 1), 'lock-in', 174, null)).toBe(
      `${where}: finished, lock-in fired at epoch 174`,
    );
    expect(cellWords({ ...run('failed', 3), problem: 'Out of memory.' }, null, undefined, null)).toBe(
      `${where}: failed, 3 of ${epochs + 1} rows (${Math.floor(300 / (epochs + 1))}%), Out of memory.`,
    );
  });
});

describe('how far a study is', () => {
  const progress = {
    studyId: 1,
    runsDone: 0,
    runsFailed: 0,
    runsTotal: 3,
    rowsDone: 0,
    rowsTotal: 0,
    rowsPerSecond: 40,
    secondsLeft: 12,
  };
  const runs = [run('finished', epochs + 1), run('failed', 5), run('running', 7)];

  it('is counted from its runs', () => {
    expect(tallyOf(runs, progress)).toStrictEqual({
      finished: 1,
      failed: 1,
      total: 3,
      rowsDone: epochs + 13,
      rowsTotal: 3 * (epochs + 1),
      rowsPerSecond: 40,
      secondsLeft: 12,
    });
  });

  it('has no speed once nothing trains, whatever was said last', () => {
    expect(tallyOf(runs.slice(0, 2), progress)).toMatchObject({ rowsPerSecond: null, secondsLeft: null });
  });
});
