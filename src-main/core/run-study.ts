import type { EngineName, Run } from '#shared/models/run.ts';
import type { Study } from '#shared/models/study.ts';
import type { LabStore } from '../store/lab-store.ts';
import { trainRun } from './train-run.ts';
import type { RunEvent } from './train-run.ts';
import type { Trainers } from './trainers.ts';

export interface RunStudyOptions {
  readonly store: LabStore;
  readonly trainers: Trainers;
  readonly engine: EngineName;
  /** Runs trained at once. */
  readonly workers: number;
  readonly onEvent: (event: RunEvent) => void;
  /** Aborting stops the trainers at once; their runs become interrupted. */
  readonly signal: AbortSignal;
}

/** What a study still needs. */
export interface StudyPlan {
  readonly studyId: number;
  readonly finished: readonly Run[];
  /** In the order they will be trained. */
  readonly due: readonly Run[];
}

/** Stores the study and its runs, and says which are missing. Runs that failed or were interrupted are due again, from their seed. */
export function planStudy(store: LabStore, study: Study, file: string): StudyPlan {
  const { id } = store.studies.save(study, file);
  const runs = store.runs.ensure(id, study);
  const finished = runs.filter((run) => run.state === 'finished');
  return { studyId: id, finished, due: interleave(runs.filter((run) => run.state !== 'finished')) };
}

/** Seed by seed over all conditions, so that a comparison fills evenly. */
function interleave(runs: readonly Run[]): Run[] {
  return runs.toSorted((left, right) => left.seed - right.seed || left.id - right.id);
}

/**
 * Trains what a plan is missing. A run that fails does not stop the others.
 * @throws what the store threw when it could not be written; the other trainers are stopped and their runs interrupted
 */
export async function runStudy(plan: StudyPlan, options: RunStudyOptions): Promise<void> {
  const { store, workers, signal, engine, onEvent } = options;
  const broken = new AbortController();
  const either = AbortSignal.any([signal, broken.signal]);
  const queue = [...plan.due];
  async function work(): Promise<void> {
    for (let run = queue.shift(); run && !either.aborted; run = queue.shift()) {
      if (run.state !== 'queued') store.runs.reset(run.id);
      await trainRun(options, run, engine, onEvent, either);
    }
  }
  const outcomes = await Promise.allSettled(
    Array.from({ length: Math.min(workers, queue.length) }, () =>
      work().catch((error: unknown) => {
        broken.abort();
        throw error;
      }),
    ),
  );
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
}
