import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { appVersion } from '#main/version.ts';
import { compileCache } from '#main/hosts/compile-cache.ts';
import { forkTrainers } from '#main/hosts/node-trainers.ts';
import type { Trainers } from '#main/core/trainers.ts';
import { CheckpointKeeper } from '#main/trainer/checkpoint.ts';
import type { TrainingState } from '#main/trainer/checkpoint.ts';
import { createEngine } from '#main/trainer/engines/create-engine.ts';
import { openHostPort } from '#main/trainer/host-port.ts';
import { inspectEngine } from '#main/trainer/inspect-engine.ts';
import type { TrainerMessage, TrainerRequest } from '#main/trainer/messages.ts';
import { replayMatrix } from '#main/trainer/replay-matrix.ts';
import { tellStage } from '#main/trainer/tell-stage.ts';
import { engineTask, replay, train } from '#main/trainer/train.ts';
import { countParts, partOf } from '#main/trainer/update-parts.ts';
import { seriesNames } from '#shared/models/series.ts';

/** What a trainer does wrong instead of sending the row of its epoch. */
export type FaultKind =
  | 'dies'
  | 'hangs'
  | 'sends an object of no known kind'
  | 'sends text'
  | 'skips a row'
  | 'sends a row again'
  | 'sends other series'
  | 'sends columns of two lengths'
  | 'starts twice'
  | 'answers what nobody asked'
  | 'finishes early'
  | 'probes where no probe is due'
  | 'sends a checkpoint of another network'
  | 'sends a checkpoint of an epoch to come'
  | 'sends a checkpoint without an update it needs'
  | 'sends an update of a step to come'
  | 'sends half an update';

export interface Fault {
  readonly epoch: number;
  readonly kind: FaultKind;
}

export interface FaultPlan {
  readonly folder: string;
  /** Of a run's first trainer, its second, ...; by seed. Trainers beyond these behave. */
  readonly faults: Readonly<Record<number, readonly Fault[]>>;
  /** Epochs between checkpoints. */
  readonly checkpointEvery: number;
  /**
   * Epochs that a kill may cost; as many as the window has, and those between two checkpoints, by default. With less, checkpoints take
   * updates along, as they do where epochs are slow.
   */
  readonly mostLost?: number;
  /** Milliseconds a row takes at least. */
  readonly pace: number;
  /** So many trainers hang while they load their engine; the next ones behave. */
  readonly hangsLoading?: number;
  /** So many trainers hang once they have begun to compute something again; the next ones behave. */
  readonly hangsReplaying?: number;
  /** So many trainers hang while they invert a matrix; the next ones behave. */
  readonly hangsInverting?: number;
}

const startSchema = z.object({ fromRow: z.number(), checkpoint: z.number().nullable() });

/** Where each trainer of a seed was told to go on, in the order of their starts. */
export function startsOf(plan: FaultPlan, seed: number): z.infer<typeof startSchema>[] {
  const file = startsFile(plan, seed);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => startSchema.parse(JSON.parse(line)));
}

/** Real processes on the real training loop, which keep checkpoints by the epoch and misbehave as planned. */
export function faultyTrainers(plan: FaultPlan): Trainers {
  const script = path.join(plan.folder, 'trainer.ts');
  writeFileSync(
    script,
    `import { serveFaults } from ${JSON.stringify(import.meta.filename)};\nserveFaults(${JSON.stringify(plan)});\n`,
  );
  return forkTrainers(script, { NODE_COMPILE_CACHE: compileCache });
}

/** The process itself. */
export function serveFaults(plan: FaultPlan): void {
  const { send, sendLast, onRequest } = openHostPort(process);
  onRequest((request) => void answer(request));

  async function answer(request: TrainerRequest): Promise<void> {
    if (request.type === 'inspect') {
      if (countOf('loading') <= (plan.hangsLoading ?? 0)) hang();
      send({ type: 'inspected', ...inspectEngine(request.engine, false) });
    } else if (request.type === 'train') await trainWithFaults(request);
    else if (request.type === 'replay') await replayWithFaults(request);
    else await replayMatrixWithFaults(request);
    sendLast({ type: 'finished', seconds: 0.25, peakMemoryBytes: 0 });
  }

  /** Which one of its kind this process is, from 1. */
  function countOf(kind: string): number {
    const file = path.join(plan.folder, `${kind}.jsonl`);
    appendFileSync(file, '{}\n');
    return readFileSync(file, 'utf8').trim().split('\n').length;
  }

  async function replayWithFaults({
    spec,
    epoch,
  }: Extract<TrainerRequest, { type: 'replay' }>): Promise<void> {
    const hangs = countOf('replaying') <= (plan.hangsReplaying ?? 0);
    const engine = createEngine(spec.engine, engineTask(spec));
    const result = await replay(
      spec,
      engine,
      epoch,
      async (done) => {
        if (done % 10 === 0) await tellStage(send)('training', done);
        if (done === epoch / 2 && hangs) hang();
      },
      () => undefined,
    );
    send({ type: 'probe', result });
  }

  function replayMatrixWithFaults({
    spec,
    ...where
  }: Extract<TrainerRequest, { type: 'matrix' }>): Promise<void> {
    const engine = createEngine(spec.engine, engineTask(spec));
    // Asked for once the host has heard that it inverts.
    if (countOf('inverting') <= (plan.hangsInverting ?? 0)) Object.assign(engine, { features: hang });
    return replayMatrix(spec, engine, where, send, () => undefined);
  }

  async function trainWithFaults({ spec, start }: Extract<TrainerRequest, { type: 'train' }>): Promise<void> {
    const fault = plan.faults[spec.seed]?.[startsOf(plan, spec.seed).length];
    const told = { fromRow: start.fromRow, checkpoint: start.checkpoint?.epoch ?? null };
    appendFileSync(startsFile(plan, spec.seed), `${JSON.stringify(told)}\n`);
    const engine = createEngine(spec.engine, engineTask(spec));
    const names = seriesNames(spec.settings.probes);
    const started: TrainerMessage = {
      type: 'started',
      provenance: {
        engine: engine.name,
        engineVersion: engine.version,
        threads: 1,
        platform: `${process.platform} ${process.arch}`,
        nodeVersion: process.version,
        appVersion,
      },
    };
    let now = 0;
    const timing = {
      interval: plan.checkpointEvery,
      mostLost: plan.mostLost ?? Number.POSITIVE_INFINITY,
      delivery: 0,
    };
    const keeper = new CheckpointKeeper(timing, spec.settings.probes.spectrum?.window ?? 0, () => now, start);
    send(started);
    await train(
      spec,
      engine,
      {
        row(epoch, values) {
          const columns = Array.from(values, (value) => Float64Array.of(value));
          const row = { type: 'rows', firstEpoch: epoch, names, columns } as const;
          if (fault?.epoch === epoch) misbehave(fault.kind, row, started);
          else send(row);
        },
        probing: (epoch) => send({ type: 'probing', epoch }),
        probe: (result) => send({ type: 'probe', result }),
        beforeStep(epoch, capture, updateOf) {
          now = epoch;
          const due = keeper.offer(epoch, capture);
          for (const step of due?.updatesOf ?? [])
            for (let number = 0; number < countParts(updateOf(step)); number++)
              send({ type: 'update-part', step, number, data: partOf(updateOf(step), number) });
          if (due?.checkpoint) send({ type: 'checkpoint', checkpoint: due.checkpoint });
        },
        breathe: () => sleep(plan.pace),
      },
      start,
    );
  }

  function misbehave(
    kind: FaultKind,
    row: Extract<TrainerMessage, { type: 'rows' }>,
    started: Extract<TrainerMessage, { type: 'started' }>,
  ): void {
    const weights = { W: new Float32Array(3), V: new Float32Array(3) };
    switch (kind) {
      case 'dies':
        return void process.kill(process.pid, 'SIGKILL');
      case 'hangs':
        return hang();
      case 'sends an object of no known kind':
        return void process.send?.({ type: 'rows', firstEpoch: 'zero', columns: null });
      case 'sends text':
        return void process.send?.('\0\uffff rows');
      case 'skips a row':
        return send({ ...row, firstEpoch: row.firstEpoch + 1 });
      case 'sends a row again':
        send(row);
        return send(row);
      case 'sends other series':
        return send({ ...row, names: row.names.toReversed() });
      case 'sends columns of two lengths':
        return send({ ...row, columns: [new Float64Array(2), ...row.columns.slice(1)] });
      case 'starts twice':
        return send(started);
      case 'answers what nobody asked':
        return send({ type: 'inspected', version: '1', gigaflops: null });
      case 'finishes early':
        return send({ type: 'finished', seconds: 1, peakMemoryBytes: 0 });
      case 'probes where no probe is due':
        return send({ type: 'probing', epoch: row.firstEpoch });
      case 'sends a checkpoint of another network':
        return send({
          type: 'checkpoint',
          checkpoint: { epoch: 0, weights, optimizer: { step: 0, moments: [] }, updates: 0 },
        });
      case 'sends a checkpoint of an epoch to come':
        return send({
          type: 'checkpoint',
          checkpoint: { epoch: 1e6, weights, optimizer: { step: 1e6, moments: [] }, updates: 0 },
        });
      case 'sends a checkpoint without an update it needs':
        return send({ type: 'checkpoint', checkpoint: { ...fullSize(row.firstEpoch), updates: 10 } });
      case 'sends an update of a step to come':
        return send({
          type: 'update-part',
          step: row.firstEpoch + 1,
          number: 0,
          data: new Float32Array(336),
        });
      case 'sends half an update':
        return send({
          type: 'update-part',
          step: row.firstEpoch - 1,
          number: 0,
          data: new Float32Array(168),
        });
    }
  }
}

/** A state of the network of `smallStudy`: 7 by 16. */
function fullSize(epoch: number): TrainingState {
  const sizes = [224, 112];
  const [W, V] = sizes.map((size) => new Float32Array(size));
  const moments = sizes.flatMap((size) => [new Float32Array(size), new Float32Array(size)]);
  return { epoch, weights: { W, V }, optimizer: { step: epoch, moments } };
}

function hang(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

function startsFile({ folder }: FaultPlan, seed: number): string {
  return path.join(folder, `seed-${seed}.jsonl`);
}
