import { describe, expect, it } from 'vitest';
import { MessageJudge, fits } from '#main/core/message-judge.ts';
import { fromTheSeed } from '#main/trainer/checkpoint.ts';
import type { StartingPoint, TrainingState } from '#main/trainer/checkpoint.ts';
import { UpdateJudge } from '#main/core/update-judge.ts';
import type { TrainerMessage, UpdatePart } from '#main/trainer/messages.ts';
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

function part(step: number, change: Partial<UpdatePart> = {}): UpdatePart {
  return { type: 'update-part', step, number: 0, data: new Float32Array(336), ...change };
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

const weights = initialWeights(7, 16, 0);

function stateAt(epoch: number): TrainingState {
  const optimizer = { ...createOptimizer(settings.optimizer, weights).state(), step: epoch };
  return { epoch, weights, optimizer };
}

function checkpoint(epoch: number, updates: number): TrainerMessage {
  return { type: 'checkpoint', checkpoint: { ...stateAt(epoch), updates } };
}

function updatesOf(from: number, to: number): UpdatePart[] {
  return Array.from({ length: to - from }, (_, index) => part(from + index));
}

function fitsWith(updates: number, rows: number, epoch = 20): boolean {
  return fits(stateAt(epoch), updates, settings, rows);
}

describe('a checkpoint', () => {
  it.each(['adam', 'sgd'] as const)('of this network under %s fits once its window was measured', (kind) => {
    const optimizer = { ...settings.optimizer, kind };
    const own = { ...settings, optimizer };
    const state = { ...createOptimizer(optimizer, weights).state(), step: 20 };
    const checkpoint = { epoch: 20, weights, optimizer: state };
    expect(fits(checkpoint, 0, own, 30)).toBe(true);
    expect(fits(checkpoint, 0, own, 29)).toBe(false);
    expect(fits({ ...checkpoint, epoch: 19 }, 0, own, 30)).toBe(false);
    expect(fits({ ...checkpoint, weights: initialWeights(7, 17, 0) }, 0, own, 30)).toBe(false);
    const moments = state.moments.slice(1);
    expect(fits({ ...checkpoint, optimizer: { ...state, moments } }, 0, own, 30)).toBe(false);
  });

  it('fits before, with the updates that the rows since do not make again', () => {
    expect(fitsWith(10, 20)).toBe(true);
    expect(fitsWith(10, 19)).toBe(false);
    expect(fitsWith(9, 20)).toBe(false);
    expect(fitsWith(9, 21)).toBe(true);
    expect(fitsWith(1.5, 30)).toBe(false);
    expect(fitsWith(-1, 31)).toBe(false);
    // The window of the first rows is of all steps.
    expect(fitsWith(4, 4, 4)).toBe(true);
    expect(fitsWith(3, 4, 4)).toBe(false);
    expect(fitsWith(5, 4, 4)).toBe(false);
  });
});

describe('an update', () => {
  it('may come once its row has, in any order, for a checkpoint that has all it needs', () => {
    expect(verdict([started, rows(0, 1), part(0)])).toBeNull();
    expect(verdict([started, rows(0, 1), part(1)])).toContain('step 1 before row 1');
    expect(verdict([started, rows(0, 20), ...updatesOf(10, 20).toReversed(), checkpoint(20, 10)])).toBeNull();
    expect(verdict([started, rows(0, 20), ...updatesOf(11, 20), checkpoint(20, 10)])).toContain(
      'without the update of step 10',
    );
    // Those that were there for the one before count for the next, those it dropped do not.
    const first = [
      started,
      rows(0, 20),
      ...updatesOf(10, 20),
      checkpoint(20, 10),
      rows(20, 5),
      ...updatesOf(20, 25),
    ];
    expect(verdict([...first, checkpoint(25, 10)])).toBeNull();
    const again = [rows(25, 10), ...updatesOf(25, 35), checkpoint(35, 10)];
    expect(verdict([...first, checkpoint(25, 10), ...again])).toBeNull();
    const later = [...first, checkpoint(25, 10), checkpoint(20, 10)];
    expect(verdict(later)).not.toBeNull();
  });

  it('of the checkpoint that a run goes on from is there already', () => {
    const updates = Array.from({ length: 10 }, () => [new Float32Array(224), new Float32Array(112)]);
    const start = { checkpoint: { ...stateAt(20), updates }, fromRow: 20, probed: [0] };
    expect(verdict([started, rows(20, 2), ...updatesOf(20, 22), checkpoint(22, 10)], start)).toBeNull();
    expect(verdict([started, rows(20, 2), ...updatesOf(21, 22), checkpoint(22, 10)], start)).toContain(
      'step 20',
    );
  });

  it('must be whole, of this network, and of a step there was; and there are not more than two windows of them', () => {
    const begun = [started, rows(0, 60)];
    expect(verdict([...begun, part(3, { number: 1 })])).toContain(
      'part 1 of the update of step 3 where part 0',
    );
    expect(verdict([...begun, part(-1)])).toContain('step -1');
    expect(verdict([...begun, part(0.5)])).toContain('step 0.5');
    expect(verdict([...begun, part(3, { data: new Float32Array(335) })])).toContain('335 numbers');
    expect(verdict([...begun, part(3, { data: new Float32Array(0) })])).toContain('0 numbers');
    expect(verdict([...begun, ...updatesOf(0, 20)])).toBeNull();
    expect(verdict([...begun, ...updatesOf(0, 21)])).toContain('21 updates without a checkpoint');
  });

  it('of more than one part comes in order, and counts when its last one is there', () => {
    const wide = { ...settings, network: { ...settings.network, width: 20_000 } };
    const judge = new UpdateJudge(wide, fromTheSeed);
    // 3 x 7 x 20,000 numbers.
    const first = part(0, { data: new Float32Array(250_000) });
    expect(judge.partFault(first)).toBeNull();
    const second = { ...first, number: 1, data: new Float32Array(170_000) };
    expect(judge.partFault({ ...second, step: 1 })).toContain('part 1 of the update of step 1 where');
    expect(judge.partFault({ ...first, step: 1 })).toContain('where part 1 of that of step 0 was due');
    expect(
      judge.checkpointFault({ epoch: 1, weights, optimizer: { step: 1, moments: [] }, updates: 1 }),
    ).toContain('without the update of step 0');
    expect(judge.partFault(second)).toBeNull();
    expect(
      judge.checkpointFault({ epoch: 1, weights, optimizer: { step: 1, moments: [] }, updates: 1 }),
    ).toBeNull();
  });
});
