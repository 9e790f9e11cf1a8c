import type { LabEvent } from '#shared/models/lab.ts';
import type { Run } from '#shared/models/run.ts';
import type { LabStore } from '../store/lab-store.ts';
import type { AttemptDependencies, RunEvent } from './attempt-run.ts';
import type { EngineReport } from './inspect-engines.ts';
import { ProgressBook } from './progress-book.ts';
import { trainRun } from './train-run.ts';
import type { Trainers } from './trainers.ts';

export interface SchedulerDependencies {
  readonly store: LabStore;
  readonly trainers: Trainers;
  /** Runs trained at once. */
  readonly workers: number;
  /** Milliseconds, never running back. */
  readonly clock: () => number;
  readonly patience: AttemptDependencies['patience'];
  readonly emit: (event: LabEvent) => void;
}

interface ActiveStudy {
  readonly engine: EngineReport;
  /** What waits, next first. */
  readonly waiting: Run[];
}

/** Why we stop a run that trains. Either way its rows and its checkpoint stay. */
type Stop = 'interrupt' | 'cancel';

interface RunningRun {
  readonly run: Run;
  readonly controller: AbortController;
  readonly done: Promise<void>;
  stop: Stop;
}

export const pausedSentence = 'Stopped before its last epoch; starting the study goes on from here.';
const cancelledSentence = 'Cancelled; retrying goes on from here.';

/** Seed by seed over all conditions, so that a comparison fills evenly. */
export function interleave(runs: readonly Run[]): Run[] {
  return runs.toSorted((left, right) => left.seed - right.seed || left.id - right.id);
}

/** Which run trains next, over all started studies: the study started first goes first, and no worker idles while anything waits. */
export class Scheduler {
  readonly #dependencies: SchedulerDependencies;
  readonly #studies = new Map<number, ActiveStudy>();
  readonly #running = new Map<number, RunningRun>();
  readonly #progress: ProgressBook;
  #closed = false;
  #failure: unknown = null;
  #settling: { readonly studyId: number; readonly settle: () => void }[] = [];

  constructor(dependencies: SchedulerDependencies) {
    this.#dependencies = dependencies;
    this.#progress = new ProgressBook(dependencies.clock, (progress) =>
      dependencies.emit({ type: 'progress', progress }),
    );
  }

  /** Trains what is not finished of a study, with this engine. Starting one that is started takes in its new runs. */
  start(studyId: number, engine: EngineReport): void {
    const runs = this.#dependencies.store.runs.list({ studyId });
    const waiting = runs.filter((run) => run.state !== 'finished' && !this.#running.has(run.id));
    if (waiting.length === 0 && !this.isActive(studyId)) return;
    this.#studies.set(studyId, { engine, waiting: interleave(waiting) });
    this.#progress.open(studyId, runs, waiting);
    this.#tellStudy(studyId);
    this.#fill();
  }

  /** One run again, whatever became of it; the others of its study only if they are started. */
  retry(run: Run, engine: EngineReport): void {
    if (this.#running.has(run.id)) return;
    const study = this.#studies.get(run.studyId) ?? { engine, waiting: [] };
    if (!study.waiting.some(({ id }) => id === run.id)) study.waiting.unshift(run);
    this.#studies.set(run.studyId, study);
    this.#progress.open(
      run.studyId,
      this.#dependencies.store.runs.list({ studyId: run.studyId }),
      study.waiting,
    );
    this.#tellStudy(run.studyId);
    this.#fill();
  }

  /** Resolves when a study has nothing left to train here; rejects with what stopped the lab. */
  settled(studyId: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        if (this.#failure !== null) reject(this.#failure);
        else resolve();
      };
      if (this.isBusy(studyId)) this.#settling.push({ studyId, settle });
      else settle();
    });
  }

  /** Started, or still stopping. */
  isBusy(studyId: number): boolean {
    return this.isActive(studyId) || [...this.#running.values()].some(({ run }) => run.studyId === studyId);
  }

  isActive(studyId: number): boolean {
    return this.#studies.has(studyId);
  }

  /** Stops a study's runs; they become interrupted, and starting the study goes on from there. */
  async pause(studyId: number): Promise<void> {
    await this.#stopStudy(studyId, 'interrupt');
  }

  /** Stops a study for good: what runs or waits becomes cancelled. */
  async cancel(studyId: number): Promise<void> {
    const { store } = this.#dependencies;
    await this.#stopStudy(studyId, 'cancel');
    for (const run of store.runs.list({ studyId }))
      if (run.state !== 'finished' && run.state !== 'failed') this.#cancelStored(run);
  }

  /** Cancels one run, waiting or running; the others of its study go on. */
  async cancelRun(runId: number): Promise<void> {
    const running = this.#running.get(runId);
    if (running) {
      running.stop = 'cancel';
      running.controller.abort();
      await running.done;
      return;
    }
    const run = this.#dependencies.store.runs.get(runId);
    const study = this.#studies.get(run.studyId);
    const index = study?.waiting.findIndex(({ id }) => id === runId) ?? -1;
    if (index >= 0) study?.waiting.splice(index, 1);
    if (run.state !== 'finished') this.#cancelStored(run);
    this.#progress.drop(run);
  }

  /** Stops every run and starts no more; resolves when the last trainer is gone and the last state is stored. */
  async close(): Promise<void> {
    this.#closed = true;
    const running = [...this.#running.values()];
    for (const { controller } of running) controller.abort();
    await Promise.all(running.map(({ done }) => done));
    this.#progress.close();
  }

  async #stopStudy(studyId: number, stop: Stop): Promise<void> {
    this.#studies.delete(studyId);
    const running = [...this.#running.values()].filter(({ run }) => run.studyId === studyId);
    for (const entry of running) {
      entry.stop = stop;
      entry.controller.abort();
    }
    await Promise.all(running.map(({ done }) => done));
    this.#progress.shut(studyId);
    this.#tellStudy(studyId);
    this.#fill();
    this.#settle();
  }

  #fill(): void {
    while (!this.#closed && this.#running.size < this.#dependencies.workers) {
      const next = this.#next();
      if (!next) return;
      this.#launch(next.run, next.engine);
    }
  }

  #next(): { run: Run; engine: EngineReport } | null {
    for (const { engine, waiting } of this.#studies.values()) {
      const run = waiting.shift();
      if (run) return { run, engine };
    }
    return null;
  }

  #launch(run: Run, engine: EngineReport): void {
    const controller = new AbortController();
    // Entered before the first step of `#train`, which may end at once.
    const entry: { -readonly [K in keyof RunningRun]: RunningRun[K] } = {
      run,
      controller,
      done: Promise.resolve(),
      stop: 'interrupt',
    };
    this.#running.set(run.id, entry);
    entry.done = this.#train(entry, engine);
  }

  async #train(entry: RunningRun, engine: EngineReport): Promise<void> {
    const { run, controller } = entry;
    const { store, trainers, patience } = this.#dependencies;
    const onEvent = (event: RunEvent): void => this.#hear(event);
    try {
      if (run.state === 'failed') store.runs.retry(run.id);
      const outcome = await trainRun({ store, trainers, onEvent, patience }, run, engine, controller.signal);
      if (outcome === 'stopped') this.#recordStop(entry);
    } catch (error) {
      this.#halt(error);
    } finally {
      this.#running.delete(run.id);
      this.#endStudyWithoutWork(run.studyId);
      this.#fill();
      this.#settle();
    }
  }

  #recordStop({ run, stop }: RunningRun): void {
    const { store } = this.#dependencies;
    if (stop === 'cancel') {
      this.#cancelStored(store.runs.get(run.id));
      this.#progress.drop(run);
    } else if (store.runs.get(run.id).state === 'running') {
      store.runs.interrupt(run.id, pausedSentence);
      this.#tellRun(run, 'interrupted', pausedSentence);
    }
  }

  #cancelStored(run: Run): void {
    if (run.state === 'cancelled') return;
    this.#dependencies.store.runs.cancel(run.id);
    this.#tellRun(run, 'cancelled', cancelledSentence);
  }

  /** The store cannot be written: nothing may train on. What was committed stays, and a later start goes on from it. */
  #halt(error: unknown): void {
    this.#failure = error;
    const message = error instanceof Error ? error.message : String(error);
    const studies = [...this.#studies.keys()];
    this.#studies.clear();
    for (const { controller } of this.#running.values()) controller.abort();
    for (const studyId of studies) this.#progress.shut(studyId);
    this.#dependencies.emit({ type: 'notice', level: 'error', message: `Training stopped: ${message}` });
    for (const studyId of studies) this.#tellStudy(studyId);
  }

  #settle(): void {
    const idle = this.#settling.filter(({ studyId }) => !this.isBusy(studyId));
    this.#settling = this.#settling.filter((entry) => !idle.includes(entry));
    for (const { settle } of idle) settle();
  }

  #endStudyWithoutWork(studyId: number): void {
    const study = this.#studies.get(studyId);
    // A lab that closes keeps its started studies: the next start goes on with them.
    if (!study || study.waiting.length > 0 || this.#closed) return;
    if ([...this.#running.values()].some(({ run }) => run.studyId === studyId)) return;
    this.#studies.delete(studyId);
    this.#dependencies.store.studies.setTraining(studyId, null);
    this.#progress.shut(studyId);
    this.#tellStudy(studyId);
  }

  #hear(event: RunEvent): void {
    const { run } = event;
    const ids = { runId: run.id, studyId: run.studyId };
    switch (event.type) {
      case 'state':
        this.#tellRun(run, event.state, event.problem);
        this.#progress.state(run, event.state);
        return;
      case 'rows': {
        const { firstEpoch, count, testAccuracy } = event;
        this.#dependencies.emit({ type: 'rows', ...ids, firstEpoch, count, testAccuracy });
        this.#progress.rows(run, count);
        return;
      }
      case 'probing':
      case 'probe':
        this.#dependencies.emit({ type: event.type, ...ids, epoch: event.epoch });
    }
  }

  #tellRun(run: Run, state: Run['state'], problem: string | null): void {
    this.#dependencies.emit({ type: 'run', runId: run.id, studyId: run.studyId, state, problem });
  }

  #tellStudy(studyId: number): void {
    this.#dependencies.emit({ type: 'studies', studyId });
  }
}
