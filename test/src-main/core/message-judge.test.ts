import { describe, expect, it } from 'vitest';
import { MessageJudge, fits } from '#main/core/message-judge.ts';
import { fromTheSeed } from '#main/trainer/checkpoint.ts';
import type { StartingPoint } from '#main/trainer/checkpoint.ts';
import type { TrainerMessage } from '#main/trainer/messages.ts';
import type { EngineReport } from '#shared/models/lab.ts';
import type { Run } from '#shared/models/run.ts';
import { seriesNames } from '#shared/models/series.ts';
import { createOptimizer } from '#shared/science/optimizers.ts';
import { initialWeights } from '#shared/science/random.ts';
import { parseStudy } from '#shared/study/parse-study.ts';
import { provenance, testRepulsion } from '../store/store-values.ts';
import { smallStudy } from './core-fixtures.ts';

const parsed = parseStudy(smallStudy({ epochs: 60 }), 'small.yaml');
if (!parsed.ok) throw new Error('the study of this test is wrong');
const [{ settings }] = parsed.study.conditions;
const names = seriesNames(settings.probes);
const run: Run = {
  id: 1,
  studyId: 1,
  condition: 'base',
  seed: 0,
  settings,
  state: 'queued',
  rows: 0,
  seconds: 0,
  provenance: null,
  problem: null,
};
const engine: EngineReport = { engine: 'plain', version: '1', gigaflops: null, unavailable: null };

const started: TrainerMessage = { type: 'started', provenance };
const finished: TrainerMessage = { type: 'finished', seconds: 1, peakMemoryBytes: 1 };

function rows(firstEpoch: number, count: number): TrainerMessage {
  return { type: 'rows', firstEpoch, names, columns: names.map(() => new Float64Array(count)) };
}

function probe(epoch: number): TrainerMessage {
  return { type: 'probe', result: testRepulsion(epoch) };
}

/** What the judge says of the last of these messages; the ones before must be good. */
function verdict(messages: readonly TrainerMessage[], start: StartingPoint = fromTheSeed): string | null {
  const judge = new MessageJudge(run, engine, start);
  const last = messages.at(-1);
  for (const message of messages.slice(0, -1)) expect(judge.faultOf(message)).toBeNull();
  return last === undefined ? null : judge.faultOf(last);
}

describe('what a trainer may say', () => {
  it('a whole run: start, rows in order, its probes, the end', () => {
    expect(verdict([started, rows(0, 1), probe(0), rows(1, 60), probe(60), finished])).toBeNull();
  });

  it('only what is missing of a run that goes on', () => {
    const start = { checkpoint: null, fromRow: 60, probed: [0] };
    expect(verdict([started, rows(60, 1), probe(60), finished], start)).toBeNull();
    expect(verdict([started, rows(0, 1)], start)).toContain('row 0 where row 60 was due');
    expect(verdict([started, probe(0)], start)).toContain('no probe was due');
  });

  it('that it failed, at any time', () => {
    const failed: TrainerMessage = { type: 'failed', code: 'diverged', message: 'NaN', seconds: 1 };
    expect(verdict([failed])).toBeNull();
    expect(verdict([started, rows(0, 3), failed])).toBeNull();
  });
});

describe('what it may not', () => {
  it.each([
    [[rows(0, 1)], 'rows before it said that it had started'],
    [[finished], 'finished before it said'],
    [[started, started], 'twice'],
    [
      [{ type: 'started', provenance: { ...provenance, engine: 'tensorflow' } }],
      'started tensorflow 1 where plain 1',
    ],
    [
      [{ type: 'started', provenance: { ...provenance, engineVersion: '2' } }],
      'started plain 2 where plain 1',
    ],
    [[started, rows(0, 0)], 'not a table'],
    [[started, rows(0, 1), rows(2, 1)], 'row 2 where row 1 was due'],
    [[started, rows(0, 2), rows(1, 1)], 'row 1 where row 2 was due'],
    [[started, rows(0, 62)], "more rows than the run's 61"],
    [[started, rows(0, 61), probe(0), finished], 'without its probe at epoch 60'],
    [[started, rows(0, 61), probe(0), probe(0)], 'epoch 0, where no probe was due'],
    [[started, { type: 'probing', epoch: 7 }], 'epoch 7, where no probe was due'],
  ] satisfies [TrainerMessage[], string][])('%#: %s', (messages, sentence) => {
    expect(verdict(messages)).toContain(sentence);
  });
});

describe('a checkpoint', () => {
  const weights = initialWeights(7, 16, 0);

  it.each(['adam', 'sgd'] as const)('of this network under %s fits once its window was measured', (kind) => {
    const optimizer = { ...settings.optimizer, kind };
    const own = { ...settings, optimizer };
    const state = { ...createOptimizer(optimizer, weights).state(), step: 20 };
    const checkpoint = { epoch: 20, weights, optimizer: state };
    expect(fits(checkpoint, own, 30)).toBe(true);
    expect(fits(checkpoint, own, 29)).toBe(false);
    expect(fits({ ...checkpoint, epoch: 19 }, own, 30)).toBe(false);
    expect(fits({ ...checkpoint, weights: initialWeights(7, 17, 0) }, own, 30)).toBe(false);
    expect(fits({ ...checkpoint, optimizer: { ...state, moments: state.moments.slice(1) } }, own, 30)).toBe(
      false,
    );
  });
});
