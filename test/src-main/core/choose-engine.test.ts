import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { chooseEngine } from '#main/core/choose-engine.ts';
import type { Trainers } from '#main/core/trainers.ts';
import type { TrainerMessage, TrainerRequest } from '#main/trainer/messages.ts';
import { nodeTrainers } from '#main/hosts/node-trainers.ts';
import type { EngineName, Run } from '#shared/models/run.ts';
import { contentHash } from '#main/store/content-hash.ts';
import { hasNative } from '../trainer/available-engines.ts';
import { referenceSettings } from '../trainer/reference-runs.ts';
import { openCore, smallStudy, undisturbedHash } from './core-fixtures.ts';

/** Milliseconds an engine takes for an epoch, or that it does not load. */
type Machine = Readonly<Partial<Record<EngineName, number>>>;

/** Trainers on a machine of known speed; `asked` gathers what they were asked. */
function trainersOf(machine: Machine, asked: TrainerRequest[] = []): Trainers {
  return {
    start(request, onMessage, onEnd) {
      asked.push(request);
      const { engine } = request.type === 'inspect' ? request : request.spec;
      const milliseconds = machine[engine];
      const answer: TrainerMessage =
        milliseconds === undefined
          ? { type: 'failed', code: 'engine-unavailable', message: `No ${engine} here.`, seconds: 0 }
          : { type: 'inspected', version: '1', gigaflops: 1, epochMilliseconds: milliseconds };
      onMessage(answer);
      setImmediate(() => onEnd(null));
      return { kill: () => undefined };
    },
  };
}

function runsOf(size: 'small' | 'headline', changes: Partial<Run> = {}): Run[] {
  const settings = referenceSettings(size, { epochs: 600, gramEvery: 5 });
  const run: Run = {
    id: 1,
    studyId: 1,
    condition: 'grokking',
    seed: 0,
    settings,
    state: 'queued',
    rows: 0,
    seconds: 0,
    provenance: null,
    problem: null,
    ...changes,
  };
  return [run, { ...run, id: 2, seed: 1 }];
}

const trainedOn = (engine: EngineName): Partial<Run> => ({
  rows: 100,
  state: 'interrupted',
  provenance: { engine, engineVersion: '1', threads: 1, platform: '', nodeVersion: '', appVersion: '' },
});

describe('auto', () => {
  it.each([
    [
      { tensorflow: 75, wasm: 61 },
      'wasm: measured on this task just now, wasm 61 ms an epoch, tensorflow 75 ms',
    ],
    [
      { tensorflow: 61, wasm: 75 },
      'tensorflow: measured on this task just now, tensorflow 61 ms an epoch, wasm 75 ms',
    ],
    [
      { tensorflow: 61, native: 40 },
      'native: measured on this task just now, native 40 ms an epoch, tensorflow 61 ms',
    ],
    [{ wasm: 61 }, 'wasm: No native here. No tensorflow here.'],
    [{ native: 40 }, 'native: No tensorflow here.'],
    [{ plain: 900 }, 'plain: No native here. No wasm here. No tensorflow here.'],
  ])('on long work is what is faster on this machine (%j), and says so', async (machine, reason) => {
    const chosen = await chooseEngine(trainersOf({ plain: 900, ...machine }), 'auto', runsOf('headline'));
    expect(chosen.reason).toBe(reason);
    expect(reason.startsWith(chosen.report.engine)).toBe(true);
  });

  it('races on the work itself: its task, and its share of Grams', async () => {
    const asked: TrainerRequest[] = [];
    await chooseEngine(trainersOf({ tensorflow: 2, native: 1, wasm: 2 }, asked), 'auto', runsOf('headline'));
    // The kernels once: wasm computes what native does.
    expect(asked).toMatchObject([{ engine: 'native' }, { engine: 'tensorflow' }]);
    for (const request of asked) {
      expect(request).toMatchObject({ type: 'inspect', measure: true, work: { gramShare: 121 / 601 } });
      expect(request).toMatchObject({
        work: { settings: { task: { modulus: 71 }, network: { width: 2048 } } },
      });
    }
  });

  it('does not wait for an engine that does not come, and tells that it measures', async () => {
    // The clock too: how long the second is waited for depends on how long the first took.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { start } = trainersOf({ native: 40 });
    const killed: string[] = [];
    const trainers: Trainers = {
      start(request, onMessage, onEnd) {
        if (request.type !== 'inspect' || request.engine !== 'tensorflow')
          return start(request, onMessage, onEnd);
        return {
          kill() {
            killed.push(request.engine);
            onEnd('The trainer process was ended by SIGKILL.');
          },
        };
      },
    };
    const onRace = vi.fn<() => void>();
    const choice = chooseEngine(trainers, 'auto', runsOf('headline'), onRace);
    expect(onRace).toHaveBeenCalledOnce();
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await choice).toMatchObject({
      report: { engine: 'native' },
      reason: 'native: tensorflow was not ready and measured within 30 s.',
    });
    expect(killed).toEqual(['tensorflow']);
  });

  it('on short work starts at once, without a race', async () => {
    const asked: TrainerRequest[] = [];
    const { report } = await chooseEngine(
      trainersOf({ tensorflow: 1, native: 2, wasm: 2 }, asked),
      'auto',
      runsOf('small'),
    );
    expect(report.engine).toBe('native');
    expect(asked).toMatchObject([{ type: 'inspect', engine: 'native', measure: false }]);
  });

  it('goes on with the engine of the runs so far, unfinished ones first, whatever is faster', async () => {
    const runs = [
      ...runsOf('headline', { ...trainedOn('tensorflow'), state: 'finished', rows: 601 }),
      ...runsOf('headline', trainedOn('plain')),
    ];
    const machine = trainersOf({ tensorflow: 1, wasm: 2, plain: 900 });
    expect((await chooseEngine(machine, 'auto', runs)).reason).toBe('plain: its runs so far are of it');
    const finished = await chooseEngine(machine, 'auto', runs.slice(0, 2));
    expect(finished.report.engine).toBe('tensorflow');
  });

  it('looks for another where the engine of the runs so far does not load', async () => {
    const runs = runsOf('headline', trainedOn('tensorflow'));
    expect((await chooseEngine(trainersOf({ wasm: 9 }), 'auto', runs)).report.engine).toBe('wasm');
  });
});

describe('a study started with auto', () => {
  it('that was stopped under another engine goes on under it, bit for bit, and tells why', async () => {
    const opened = openCore();
    const study = smallStudy({ seeds: '[0, 1]' });
    const { id } = opened.core.createStudy(study, 'small.yaml');
    const paused = opened.at(
      (event) => event.type === 'rows',
      () => opened.core.pauseStudy(id),
    );
    await opened.core.startStudy(id, { engine: 'plain' });
    await paused;
    await opened.core.startStudy(id, { engine: 'auto' });
    await opened.core.settled(id);
    expect(opened.events).toContainEqual({
      type: 'notice',
      level: 'info',
      message: 'Small: engine plain: its runs so far are of it.',
    });
    expect(contentHash(opened.store, { kind: 'study', id })).toBe(await undisturbedHash(study));
  });

  it('trains on the kernels when it is short, with that in every run’s provenance', async () => {
    const { core, store } = openCore({ trainers: nodeTrainers });
    const { id } = core.createStudy(smallStudy({ epochs: 20 }).replace('[0, 60]', '[0]'), 'small.yaml');
    await core.startStudy(id, { engine: 'auto' });
    await core.settled(id);
    expect(store.runs.list({ studyId: id }).map(({ provenance }) => provenance?.engine)).toEqual([
      hasNative ? 'native' : 'wasm',
    ]);
  });
});

it('retrying many runs loads their engine once', async () => {
  const inspected: TrainerRequest[] = [];
  const { core } = openCore({
    trainers: {
      start(request, onMessage, onEnd) {
        if (request.type === 'inspect') inspected.push(request);
        return nodeTrainers.start(request, onMessage, onEnd);
      },
    },
  });
  const { id } = core.createStudy(
    smallStudy({ epochs: 3, seeds: '0..5' }).replace('[0, 60]', '[0]'),
    'small.yaml',
  );
  await core.cancelStudy(id);
  await core.retryRuns(core.listRuns({ studyId: id }).runs.map((run) => run.id));
  expect(inspected).toHaveLength(1);
  await core.settled(id);
  expect(core.getStudy(id).states.finished).toBe(6);
});
