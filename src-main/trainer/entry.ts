// The training process: one run, then the end. It talks to its host and never touches the disk.
import { ProblemError } from '#shared/models/problem.ts';
import { seriesNames } from '#shared/models/series.ts';
import type { Provenance } from '#shared/models/run.ts';
import { appVersion } from '../version.ts';
import { createBreather } from './breather.ts';
import { CheckpointKeeper } from './checkpoint.ts';
import type { Due, StartingPoint, StepUpdate } from './checkpoint.ts';
import { createEngine } from './engines/create-engine.ts';
import type { Engine } from './engines/engine.ts';
import { openHostPort } from './host-port.ts';
import { inspectEngine } from './inspect-engine.ts';
import type { RunSpec, TrainerMessage, TrainerRequest } from './messages.ts';
import { replayMatrix } from './replay-matrix.ts';
import { RowBatcher } from './row-batcher.ts';
import { tellStage } from './tell-stage.ts';
import { DivergedError, engineTask, replay, train } from './train.ts';
import type { TrainingListener } from './train.ts';
import { countParts, partOf, roomForParts } from './update-parts.ts';

/** Often enough to be told to stop and to be watched, too seldom to cost anything. */
const batchMilliseconds = 100;
/** A checkpoint of the headline task has 5 MB, an update 1.7 MB; from a trainer that waits until they are written they take a fraction of a second. */
const checkpointTiming = { interval: 4_000, mostLost: 10_000, delivery: 1_000 };

const host = openHostPort(process);
const { send } = host;

function provenance(engine: Engine): Provenance {
  return {
    engine: engine.name,
    engineVersion: engine.version,
    threads: Number(process.env.TF_NUM_INTRAOP_THREADS ?? 1),
    platform: `${process.platform} ${process.arch}`,
    nodeVersion: process.version,
    appVersion,
  };
}

/**
 * Messages that are written are garbage, of which V8 lets 32 MB lie before it looks. A look at what is young takes a millisecond; before they are written
 * it would only make them old, and then they stay for longer.
 */
function dropWritten(): void {
  globalThis.gc?.({ type: 'minor' });
}

async function trainRun(spec: RunSpec, engine: Engine, start: StartingPoint): Promise<void> {
  const batcher = new RowBatcher(
    seriesNames(spec.settings.probes),
    batchMilliseconds,
    () => performance.now(),
    send,
  );
  const breathe = createBreather(batchMilliseconds, host);
  const window = spec.settings.probes.spectrum?.window ?? 0;
  // A probe that is stored is not made again: what it took is no work that could be lost.
  let probes = 0;
  let probingSince = 0;
  const keeper = new CheckpointKeeper(checkpointTiming, window, () => performance.now() - probes, start);
  const listener: TrainingListener = {
    row: (epoch, values) => batcher.add(epoch, values),
    probing: (epoch) => {
      batcher.flush();
      send({ type: 'probing', epoch });
      // 20 MB of the engine's, for the headline task: V8 would not look before it takes more.
      globalThis.gc?.();
      probingSince = performance.now();
    },
    probe: (result) => {
      send({ type: 'probe', result });
      // The probe's 45 MB.
      globalThis.gc?.();
      probes += performance.now() - probingSince;
    },
    beforeStep: (epoch, capture, updateOf) => {
      const due = keeper.offer(epoch, capture);
      return due === null ? undefined : deliver(due, updateOf);
    },
    breathe,
  };

  const room = roomForParts(spec.settings);

  async function deliver(
    { updatesOf, checkpoint }: Due,
    updateOf: (step: number) => StepUpdate,
  ): Promise<void> {
    // The rows that belong to it go first.
    batcher.flush();
    for (const step of updatesOf) {
      const update = updateOf(step);
      for (let number = 0; number < countParts(update); number++) {
        send({ type: 'update-part', step, number, data: partOf(update, number, room) });
        // One at a time: a window has 35 MB, which a host that is busy would let pile up here.
        await host.written();
      }
      dropWritten();
    }
    if (checkpoint === null) return;
    send({ type: 'checkpoint', checkpoint });
    // It is serialized by now.
    keeper.giveBack(checkpoint);
    await host.written();
    dropWritten();
  }

  try {
    await train(spec, engine, listener, start);
  } finally {
    batcher.flush();
  }
}

/** The news comes with every breath, so that the host can tell a long way from a hang. */
function replayProbe(spec: RunSpec, engine: Engine, epoch: number): ReturnType<typeof replay> {
  const breathe = createBreather(batchMilliseconds, host);
  const say = tellStage(send);
  return replay(
    spec,
    engine,
    epoch,
    (done) => {
      const pause = breathe();
      return pause && say('training', done);
    },
    () => say('inverting', epoch),
  );
}

async function answer(request: TrainerRequest): Promise<void> {
  if (request.type === 'inspect') {
    send({ type: 'inspected', ...inspectEngine(request.engine, request.measure, request.work) });
    return;
  }
  const engine = createEngine(request.spec.engine, engineTask(request.spec));
  send({ type: 'started', provenance: provenance(engine) });
  if (request.type === 'train') await trainRun(request.spec, engine, request.start);
  else if (request.type === 'matrix')
    await replayMatrix(request.spec, engine, request, send, createBreather(batchMilliseconds, host));
  else send({ type: 'probe', result: await replayProbe(request.spec, engine, request.epoch) });
  engine.dispose();
}

async function perform(request: TrainerRequest): Promise<void> {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const last = await answer(request).then(
    (): TrainerMessage => ({
      type: 'finished',
      seconds: seconds(),
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    }),
    (error: unknown): TrainerMessage => ({ type: 'failed', ...explain(error), seconds: seconds() }),
  );
  host.sendLast(last);
}

function explain(error: unknown): { code: string; message: string } {
  if (error instanceof ProblemError) return { code: error.problems[0].code, message: error.message };
  if (error instanceof DivergedError) return { code: 'diverged', message: error.message };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'trainer-bug', message: `The trainer stopped on an error it did not expect: ${message}` };
}

host.onRequest((request) => void perform(request));
// Ctrl-C is the host's to handle; a trainer ends when its host does.
process.on('SIGINT', () => undefined);
