import type { Run, RunState } from '#shared/models/run.ts';
import type { EngineName } from '#shared/models/run.ts';
import type { LabStore } from '../store/lab-store.ts';
import type { RowBatch, TrainerMessage } from '../trainer/messages.ts';
import type { Trainers } from './trainers.ts';

/** What the listeners of a run hear, always after it was committed. */
export type RunEvent =
  | { readonly type: 'state'; readonly run: Run; readonly state: RunState; readonly problem: string | null }
  | {
      readonly type: 'rows';
      readonly run: Run;
      readonly epoch: number;
      readonly count: number;
      readonly testAccuracy: number;
    }
  | { readonly type: 'probing'; readonly run: Run; readonly epoch: number }
  | { readonly type: 'memory'; readonly run: Run; readonly peakMemoryBytes: number };

export const interruptedSentence =
  'Interrupted before its last epoch; `resume` trains it again from its seed, with the same rows.';

/**
 * Trains one queued run in a trainer process and stores every batch as it comes.
 * Resolves when the process is gone and the run's state is final, finished or not. Rejects only when the store cannot
 * be written (a full disk): the trainer is stopped then, and what was committed stays.
 */
export function trainRun(
  { store, trainers }: { readonly store: LabStore; readonly trainers: Trainers },
  run: Run,
  engine: EngineName,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    let storeFailure: unknown = null;
    let running = false;
    const trainer = trainers.start(
      { type: 'train', spec: { settings: run.settings, seed: run.seed, engine }, start: fromTheSeed },
      hear,
      end,
    );
    const stop = (): void => trainer.kill();
    signal.addEventListener('abort', stop, { once: true });

    function hear(message: TrainerMessage): void {
      if (signal.aborted || storeFailure !== null) return;
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
          store.runs.start(run.id, message.provenance);
          running = true;
          onEvent({ type: 'state', run, state: 'running', problem: null });
          return;
        case 'rows':
          store.series.append(run.id, message.firstEpoch, message.names, message.columns);
          onEvent(rowsEvent(run, message));
          return;
        case 'probing':
          onEvent({ type: 'probing', run, epoch: message.epoch });
          return;
        case 'probe':
          store.probes.save(run.id, message.result);
          return;
        case 'finished':
          store.runs.finish(run.id, message.seconds);
          onEvent({ type: 'memory', run, peakMemoryBytes: message.peakMemoryBytes });
          onEvent({ type: 'state', run, state: 'finished', problem: null });
          return;
        case 'failed':
          fail(message.message, message.seconds);
          return;
        case 'inspected':
          throw new Error('a trainer that was asked to train answered with an inspection');
      }
    }

    function fail(sentence: string, seconds: number): void {
      store.runs.fail(run.id, sentence, seconds);
      onEvent({ type: 'state', run, state: 'failed', problem: sentence });
    }

    function end(death: string | null): void {
      signal.removeEventListener('abort', stop);
      try {
        if (storeFailure !== null) {
          reject(storeFailure);
          return;
        }
        if (death !== null && signal.aborted) {
          // Stopped before it was ready: it is still queued, and nothing was lost.
          if (!running) return resolve();
          store.runs.interrupt(run.id, interruptedSentence);
          onEvent({ type: 'state', run, state: 'interrupted', problem: interruptedSentence });
        } else if (death !== null) {
          fail(death, (performance.now() - started) / 1000);
        }
        resolve();
      } catch (error) {
        reject(error);
      }
    }
  });
}

function rowsEvent(run: Run, batch: RowBatch): RunEvent {
  const count = batch.columns[0].length;
  const accuracy = batch.columns[batch.names.indexOf('test.accuracy')];
  return { type: 'rows', run, epoch: batch.firstEpoch + count - 1, count, testAccuracy: accuracy[count - 1] };
}
