import type { RunState } from '#shared/models/run.ts';
import type { EngineReport } from '#shared/models/lab.ts';
import type { Run } from '#shared/models/run.ts';
import type { LabStore } from '../store/lab-store.ts';
import type { StartingPoint } from '../trainer/checkpoint.ts';
import type { RowBatch, TrainerMessage } from '../trainer/messages.ts';
import { encodeCheckpoint } from './checkpoint-codec.ts';
import { failRun } from './fail-run.ts';
import { MessageJudge } from './message-judge.ts';
import type { Trainers } from './trainers.ts';

/** What the listeners of a run hear, always after it was committed. */
export type RunEvent =
  | { readonly type: 'state'; readonly run: Run; readonly state: RunState; readonly problem: string | null }
  | RowsEvent
  | { readonly type: 'probing'; readonly run: Run; readonly epoch: number }
  | { readonly type: 'probe'; readonly run: Run; readonly epoch: number }
  /** Of what was stored something is there no more. */
  | { readonly type: 'dropped'; readonly run: Run; readonly message: string };

export interface RowsEvent {
  readonly type: 'rows';
  readonly run: Run;
  readonly firstEpoch: number;
  readonly count: number;
  readonly testAccuracy: number;
}

export interface AttemptDependencies {
  readonly store: LabStore;
  readonly trainers: Trainers;
  readonly onEvent: (event: RunEvent) => void;
}

/** How one trainer process ended: it finished or failed for good, it was stopped by us, or it died. */
export type AttemptOutcome = { readonly kind: 'ended' } | Stopped | Died;

export interface Stopped {
  readonly kind: 'stopped';
  /** Of this attempt, which its run is not told yet. */
  readonly seconds: number;
}

export interface Died {
  readonly kind: 'died';
  /** As a sentence. */
  readonly how: string;
}

/**
 * One trainer process for a run, from a starting point, with every message stored as it comes.
 * Rejects only when the store cannot be written: the trainer is stopped then, and what was committed stays.
 */
export function attemptRun(
  { store, trainers, onEvent }: AttemptDependencies,
  run: Run,
  engine: EngineReport,
  start: StartingPoint,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    /** Of this attempt's seconds those that its run has been told, with each checkpoint: so much survives the host. */
    let told = 0;
    let storeFailure: unknown = null;
    let misbehaviour: string | null = null;
    const judge = new MessageJudge(run, engine, start);
    let ended = false;
    const spec = { settings: run.settings, seed: run.seed, engine: engine.engine };
    const trainer = trainers.start({ type: 'train', spec, start }, hear, end);
    const stop = (): void => trainer.kill();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();

    function secondsLeft(all = (performance.now() - started) / 1000): number {
      return Math.max(0, all - told);
    }

    function hear(message: TrainerMessage): void {
      if (signal.aborted || storeFailure !== null || misbehaviour !== null || ended) return;
      const fault = judge.faultOf(message);
      if (fault !== null) {
        misbehaviour = fault;
        trainer.kill();
        return;
      }
      try {
        record(message);
      } catch (error) {
        storeFailure = error;
        trainer.kill();
      }
    }

    function record(message: TrainerMessage): void {
      switch (message.type) {
        case 'started':
          store.runs.start(run.id, message.provenance, start.checkpoint?.epoch ?? null);
          onEvent({ type: 'state', run, state: 'running', problem: null });
          return;
        case 'rows':
          recordRows(message);
          return;
        case 'probing':
          onEvent({ type: 'probing', run, epoch: message.epoch });
          return;
        case 'probe':
          store.probes.save(run.id, message.result);
          onEvent({ type: 'probe', run, epoch: message.result.epoch });
          return;
        case 'checkpoint': {
          const spent = secondsLeft();
          store.runs.spend(run.id, spent);
          told += spent;
          const { header, data } = encodeCheckpoint(message.checkpoint);
          const { epoch, updates } = message.checkpoint;
          store.snapshots.save(run.id, epoch, header, data, epoch - updates).catch((error: unknown) => {
            storeFailure ??= error;
            trainer.kill();
          });
          return;
        }
        case 'update-part': {
          const { step, number, data } = message;
          const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
          store.snapshots.saveUpdatePart(run.id, step, number, bytes);
          return;
        }
        case 'finished':
          ended = true;
          store.runs.finish(run.id, secondsLeft(message.seconds));
          onEvent({ type: 'state', run, state: 'finished', problem: null });
          return;
        case 'failed':
          ended = true;
          failRun(store, run.id, message.message, secondsLeft(message.seconds));
          onEvent({ type: 'state', run, state: 'failed', problem: message.message });
          return;
        case 'inspected':
        case 'replaying':
        case 'matrix-part':
        case 'matrix-units':
          throw new Error('an answer to no question passed the judge');
      }
    }

    function recordRows({ firstEpoch, names, columns }: RowBatch): void {
      store.series.append(run.id, firstEpoch, names, columns);
      const count = columns[0].length;
      const testAccuracy = columns[names.indexOf('test.accuracy')][count - 1];
      onEvent({ type: 'rows', run, firstEpoch, count, testAccuracy });
    }

    function end(death: string | null): void {
      signal.removeEventListener('abort', stop);
      if (storeFailure !== null) reject(storeFailure);
      else if (ended) resolve({ kind: 'ended' });
      else if (signal.aborted) resolve({ kind: 'stopped', seconds: secondsLeft() });
      else {
        const how = misbehaviour ?? death ?? 'The trainer ended without a last word.';
        try {
          interruptIfRunning(how);
          resolve({ kind: 'died', how });
        } catch (error) {
          reject(error);
        }
      }
    }

    function interruptIfRunning(how: string): void {
      if (store.runs.get(run.id).state !== 'running') return;
      store.runs.interrupt(run.id, how, secondsLeft());
      onEvent({ type: 'state', run, state: 'interrupted', problem: how });
    }
  });
}
