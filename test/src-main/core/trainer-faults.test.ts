import { describe, expect, it } from 'vitest';
import { examineEngines } from '#main/core/examine-engines.ts';
import type { Patience } from '#main/core/patience.ts';
import type { TrainerRequest } from '#main/trainer/messages.ts';
import { contentHash } from '#main/store/content-hash.ts';
import { faultyTrainers, startsOf } from '../../faults/faulty-trainer.ts';
import type { Fault, FaultKind, FaultPlan } from '../../faults/faulty-trainer.ts';
import { temporaryFolder } from '../store/lab-fixtures.ts';
import { openCore, smallStudy, undisturbedHash } from './core-fixtures.ts';
import type { OpenedCore } from './core-fixtures.ts';

const text = smallStudy();

function planned(faults: Record<number, readonly Fault[]>, changes: Partial<FaultPlan> = {}): FaultPlan {
  return { folder: temporaryFolder(), faults, checkpointEvery: 15, pace: 0, ...changes };
}

interface Trained extends OpenedCore {
  readonly studyId: number;
}

/** None is taken for hung: a busy machine lets a process stand still for long. */
const patient: Patience = () => 10 * 60_000;

/** The first trainer of a kind hangs here, once it has been heard: only that one is taken for hung, after eight seconds. */
function impatientOfFirst(type: TrainerRequest['type']): Patience {
  let first: TrainerRequest | null = null;
  let heard = false;
  return (request, computing) => {
    if (request.type === type) first ??= request;
    if (request === first && heard) return 8000;
    heard ||= request === first;
    return patient(request, computing);
  };
}

async function train(plan: FaultPlan, study = text, patience = patient): Promise<Trained> {
  const opened = openCore({ trainers: faultyTrainers(plan), patience, workers: 2 });
  const { id: studyId } = opened.core.createStudy(study, 'small.yaml');
  await opened.core.startStudy(studyId, { engine: 'plain' });
  await opened.core.settled(studyId);
  return { ...opened, studyId };
}

describe('a trainer that dies', () => {
  it('is started again from its last checkpoint, up to three times, and the run is the same to the last bit', async () => {
    const plan = planned({
      0: [
        { epoch: 50, kind: 'dies' },
        { epoch: 51, kind: 'dies' },
        { epoch: 100, kind: 'dies' },
      ],
    });
    const { core, store, studyId, events } = await train(plan);
    const [run] = core.listRuns({ studyId }).runs;
    expect(run).toMatchObject({ state: 'finished', rows: 121, problem: null, restarts: 3 });
    expect(contentHash(store, { kind: 'study', id: studyId })).toBe(await undisturbedHash(text));
    const starts = startsOf(plan, 0);
    expect(starts).toHaveLength(4);
    expect(starts[0]).toEqual({ fromRow: 0, checkpoint: null });
    // Every third one went on from a checkpoint, behind the rows by the window at least.
    for (const { fromRow, checkpoint } of starts.slice(1)) {
      expect(checkpoint).toBeGreaterThan(0);
      expect(fromRow - (checkpoint ?? 0)).toBeGreaterThanOrEqual(10);
    }
    // Its log says the same: four trainers, and from which checkpoint each went on.
    const log = core.runLog(run.id);
    const trainers = log.filter(({ state }) => state === 'running');
    expect(trainers.map(({ attempt, checkpoint }) => [attempt, checkpoint])).toEqual(
      starts.map(({ checkpoint }, index) => [index + 1, checkpoint]),
    );
    const deaths = log.filter(({ state }) => state === 'interrupted');
    expect(deaths.map(({ reason }) => reason)).toEqual(Array(3).fill(expect.stringContaining('SIGKILL')));
    expect(log.map(({ state }) => state).slice(0, 2)).toEqual(['queued', 'running']);
    expect(log.at(-1)).toMatchObject({ state: 'finished', attempt: 4, rows: 121 });
    const states = events.flatMap((event) => (event.type === 'run' ? [event.state] : []));
    expect(states).toEqual([
      'running',
      'interrupted',
      'running',
      'interrupted',
      'running',
      'interrupted',
      'running',
      'finished',
    ]);
  });

  it('a fourth time fails the run with the reason; starting the study goes on from its checkpoint', async () => {
    const deaths = [50, 60, 70, 80].map((epoch): Fault => ({ epoch, kind: 'dies' }));
    const plan = planned({ 0: deaths });
    const { core, store, studyId } = await train(plan);
    const [failed] = core.listRuns({ studyId }).runs;
    expect(failed.state).toBe('failed');
    expect(failed.problem).toMatch(/SIGKILL.*fourth trainer/);
    expect(failed.rows).toBeGreaterThan(50);
    expect(core.getStudy(studyId).states).toMatchObject({ failed: 1, running: 0, queued: 0 });
    await core.startStudy(studyId, { engine: 'plain' });
    await core.settled(studyId);
    expect(core.getRun(failed.id)).toMatchObject({ state: 'finished', rows: 121, problem: null });
    expect(startsOf(plan, 0).at(-1)).toMatchObject({ fromRow: failed.rows });
    expect(contentHash(store, { kind: 'study', id: studyId })).toBe(await undisturbedHash(text));
  });
});

it('a trainer whose epochs are slow loses few of them each time it dies, and the run is the same to the last bit', async () => {
  const deaths = [23, 47, 80].map((epoch): Fault => ({ epoch, kind: 'dies' }));
  const plan = planned({ 0: deaths }, { checkpointEvery: 4, mostLost: 9 });
  const { core, store, studyId, events } = await train(plan);
  const [run] = core.listRuns({ studyId }).runs;
  expect(run).toMatchObject({ state: 'finished', rows: 121, restarts: 3 });
  const starts = startsOf(plan, 0);
  expect(starts).toHaveLength(4);
  // The window alone has ten steps, which they would have to take again otherwise. A checkpoint that is just being stored is lost.
  const lost = starts.slice(1).map(({ fromRow, checkpoint }) => fromRow - (checkpoint ?? 0));
  expect(Math.min(...lost)).toBeLessThan(9);
  expect(Math.max(...lost)).toBeLessThan(9 + 4);
  expect(events.filter(({ type }) => type === 'notice')).toEqual([]);
  expect(contentHash(store, { kind: 'study', id: studyId })).toBe(await undisturbedHash(text));
});

it('a run that failed with no checkpoint keeps its rows when it is started again, and goes on with the first it lacks', async () => {
  const plan = planned({}, { checkpointEvery: 1e6, pace: 5 });
  const { core, store, events, heard } = openCore({ trainers: faultyTrainers(plan) });
  const { id: studyId } = core.createStudy(text, 'small.yaml');
  const [{ id }] = core.listRuns({ studyId }).runs;
  const far = heard((event) => event.type === 'rows' && event.firstEpoch >= 60);
  await core.startStudy(studyId, { engine: 'plain' });
  await far;
  await core.pauseStudy(studyId);
  const { rows } = store.runs.fail(id, 'Four trainers died.', 0);
  expect(store.snapshots.latest(id)).toBeNull();
  await core.startStudy(studyId, { engine: 'plain' });
  await core.settled(studyId);
  expect(startsOf(plan, 0)).toEqual([
    { fromRow: 0, checkpoint: null },
    { fromRow: rows, checkpoint: null },
  ]);
  const told = events.flatMap((event) => (event.type === 'rows' ? [event.firstEpoch] : []));
  expect(told).toEqual(Array.from({ length: 121 }, (_, epoch) => epoch));
  expect(core.runLog(id).map((entry) => entry.rows)).toEqual([0, 0, rows, rows, rows, rows, 121]);
  expect(contentHash(store, { kind: 'study', id: studyId })).toBe(await undisturbedHash(text));
});

it('rows of another version of the engine are dropped before a run goes on, with a warning that says so', async () => {
  const { core, store, events } = openCore();
  const { id: studyId } = core.createStudy(text, 'small.yaml');
  const [{ id }] = core.listRuns({ studyId }).runs;
  const old = { engine: 'plain', engineVersion: '0.0', threads: 1, platform: '', nodeVersion: '' } as const;
  store.runs.start(id, { ...old, appVersion: '0' });
  store.series.append(id, 0, ['test.accuracy'], [Float64Array.of(0.5)]);
  store.runs.interrupt(id, 'It died.');
  await core.startStudy(studyId, { engine: 'plain' });
  await core.settled(studyId);
  const notices = events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
  expect(notices).toEqual([
    expect.stringMatching(/its 1 rows were of plain 0.0 .*dropped; it trains from its seed/),
  ]);
  expect(core.runLog(id).map(({ reason }) => reason)).toContainEqual(
    expect.stringContaining('rows were dropped'),
  );
  expect(contentHash(store, { kind: 'study', id: studyId })).toBe(await undisturbedHash(text));
});

it('the seconds of an attempt are committed with each checkpoint, so that a host that dies loses no more, and count once', async () => {
  const started = performance.now();
  const plan = planned({}, { pace: 20 });
  const { core, store, heard } = openCore({ trainers: faultyTrainers(plan) });
  const { id: studyId } = core.createStudy(text, 'small.yaml');
  await core.startStudy(studyId, { engine: 'plain' });
  const [{ id }] = core.listRuns({ studyId }).runs;
  await heard((event) => event.type === 'rows' && event.firstEpoch >= 60);
  const halfWay = store.runs.get(id);
  expect(halfWay.state).toBe('running');
  expect(halfWay.seconds).toBeGreaterThan(0);
  await core.pauseStudy(studyId);
  const { seconds } = store.runs.get(id);
  expect(seconds).toBeGreaterThan(halfWay.seconds);
  expect(seconds).toBeLessThan((performance.now() - started) / 1000);
});

const kinds: readonly [FaultKind, RegExp][] = [
  ['hangs', /nothing for 8 s/],
  ['sends an object of no known kind', /a message that is not one/],
  ['sends text', /a message that is not one/],
  ['skips a row', /row 41 where row 40 was due/],
  ['sends a row again', /row 40 where row 41 was due/],
  ['sends other series', /rows of other series/],
  ['sends columns of two lengths', /not a table/],
  ['starts twice', /twice that it had started/],
  ['answers what nobody asked', /a question nobody asked/],
  ['finishes early', /finished after 40 of 121 rows/],
  ['probes where no probe is due', /epoch 40, where no probe was due/],
  ['sends a checkpoint of another network', /no run like this could go on from/],
  ['sends a checkpoint of an epoch to come', /no run like this could go on from/],
  ['sends a checkpoint without an update it needs', /epoch 40 without the update of step 30/],
  ['sends an update of a step to come', /an update of step 41 before row 41/],
  ['sends half an update', /168 numbers of an update where 336 were due/],
];

describe('a trainer that misbehaves is replaced, says why, and costs no row and no other run', () => {
  it.each(kinds)('%s', async (kind, reason) => {
    const study = smallStudy({ seeds: '[0, 1]' });
    const plan = planned({ 0: [{ epoch: 40, kind }] });
    // The first is that of seed 0.
    const { core, store, studyId, events } = await train(
      plan,
      study,
      kind === 'hangs' ? impatientOfFirst('train') : patient,
    );
    const problems = events.flatMap((event) =>
      event.type === 'run' && event.state === 'interrupted' ? [event.problem] : [],
    );
    expect(problems).toEqual([expect.stringMatching(reason)]);
    expect(startsOf(plan, 0)).toHaveLength(2);
    expect(startsOf(plan, 1)).toHaveLength(1);
    expect(core.getStudy(studyId).states).toMatchObject({ finished: 2 });
    expect(events.filter(({ type }) => type === 'notice')).toEqual([]);
    expect(contentHash(store, { kind: 'study', id: studyId })).toBe(await undisturbedHash(study));
  });
});

describe('a trainer that hangs outside training', () => {
  it('while it loads its engine: another takes its place, and the study trains', async () => {
    const limits = [8000];
    const { core, store } = openCore({
      trainers: faultyTrainers(planned({}, { hangsLoading: 1 })),
      patience: () => limits.shift() ?? 60_000,
    });
    const { id: studyId } = core.createStudy(text, 'small.yaml');
    await core.startStudy(studyId, { engine: 'plain' });
    await core.settled(studyId);
    expect(limits).toEqual([]);
    expect(core.getStudy(studyId).states).toMatchObject({ finished: 1 });
    expect(contentHash(store, { kind: 'study', id: studyId })).toBe(await undisturbedHash(text));
  });

  it('each time it loads its engine: starting the study fails with the reason and what to do, and nothing trains', async () => {
    const trainers = faultyTrainers(planned({}, { hangsLoading: 99 }));
    const { core } = openCore({ trainers, patience: () => 1000 });
    const { id } = core.createStudy(text, 'small.yaml');
    await expect(core.startStudy(id, { engine: 'plain' })).rejects.toThrow(
      /sent nothing for 1 s and was stopped.* 3 trainers in a row that loaded the plain engine: .*doctor/,
    );
    expect(core.getStudy(id)).toMatchObject({ paused: true, states: { queued: 1 } });
  });

  it('each time it loads an engine: the doctor asks each engine once, and says which hung and what to do', async () => {
    const plan = planned({}, { hangsLoading: 99 });
    const limits: TrainerRequest[] = [];
    const patience: Patience = (request) => {
      limits.push(request);
      return 500;
    };
    const reports = await examineEngines(faultyTrainers(plan), { measure: true, patience });
    expect(reports.map(({ unavailable }) => unavailable)).toEqual(
      ['native', 'wasm', 'tensorflow', 'plain'].map((engine) =>
        expect.stringMatching(
          new RegExp(
            `sent nothing for 1 s and was stopped.* the ${engine} engine was loaded .*--engine NAME`,
          ),
        ),
      ),
    );
    expect(limits.map((request) => request.type === 'inspect' && request.engine)).toEqual([
      'native',
      'wasm',
      'tensorflow',
      'plain',
    ]);
  });

  it('while it computes a probe again: the question fails with the reason and what to do, the next one is answered', async () => {
    const { core, studyId } = await train(
      planned({}, { hangsReplaying: 1 }),
      text,
      impatientOfFirst('replay'),
    );
    const [{ id }] = core.listRuns({ studyId }).runs;
    await expect(core.replay(id, 60)).rejects.toThrow(/sent nothing for 8 s and was stopped.*ask .* again/);
    expect(await core.replay(id, 60)).toMatchObject({ stored: 'identical' });
  });

  it('while it inverts a matrix: its process is ended and the question fails with the reason and what to do, the next one is answered', async () => {
    const { core, studyId } = await train(
      planned({}, { hangsInverting: 1 }),
      text,
      impatientOfFirst('matrix'),
    );
    const query = { runId: core.listRuns({ studyId }).runs[0].id, epoch: 60, ridge: 0.01 };
    await expect(core.prepareMatrix(query)).rejects.toThrow(
      /sent nothing for 8 s and was stopped.*ask .* again/,
    );
    expect(core.matrixState(query)).toMatchObject({ state: 'absent' });
    expect(await core.prepareMatrix(query)).toMatchObject({ width: 16 });
  });
});

it('a trainer that cannot be started fails its run, with the reason, and says so of a cancelled one too', async () => {
  const trainers = faultyTrainers(planned({}));
  const { core } = openCore({
    trainers: {
      start(request, onMessage, onEnd) {
        if (request.type === 'inspect') return trainers.start(request, onMessage, onEnd);
        setImmediate(() => onEnd('There are no processes left.'));
        return { kill: () => undefined };
      },
    },
  });
  const { id } = core.createStudy(text, 'small.yaml');
  await core.cancelStudy(id);
  const [run] = core.listRuns({ studyId: id }).runs;
  expect(run.state).toBe('cancelled');
  await core.startStudy(id, { engine: 'plain' });
  await core.settled(id);
  expect(core.getRun(run.id)).toMatchObject({
    state: 'failed',
    problem: expect.stringContaining('There are no processes left. It was the fourth trainer'),
  });
});
