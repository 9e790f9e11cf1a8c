import type { EngineReport, LabEvent } from '#shared/models/lab.ts';
import type { Run, RunState } from '#shared/models/run.ts';
import type { LabStore } from '../store/lab-store.ts';
import type { RunEvent } from './attempt-run.ts';
import { idleShare } from './idle-share.ts';
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
  done: Promise<void>;
  stop: Stop;
}

export const pausedSentence = 'Stopped before its last epoch; starting the study goes on from here.';
const storeFailedSentence = 'Its lab could not be written; starting the study goes on from here.';
const cancelledSentence = 'Cancelled; retrying goes on from here.';

/** What starting a study trains: every cell that is not finished. */
const unfinished: readonly RunState[] = ['queued', 'running', 'failed', 'interrupted', 'cancelled'];

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
  /** Of the studies that were stopped because the lab could not be written: with what. */
  readonly #failures = new Map<number, unknown>();
  #settling: { readonly studyId: number; readonly settle: () => void }[] = [];

  constructor(dependencies: SchedulerDependencies) {
    this.#dependencies = dependencies;
    const idle = idleShare(dependencies.clock);
    this.#progress = new ProgressBook(dependencies.clock, (progress) =>
      dependencies.emit({ type: 'progress', progress, idle: idle() }),
    );
  }

  /**
   * Trains the runs of a study that are in these states, with this engine. Starting one that is started takes in its new runs.
   * @param isLeft says of a run, by its number, that it is left as it is
   * @returns whether there is anything to train
   */
  start(
    studyId: number,
    engine: EngineReport,
    states: readonly RunState[] = unfinished,
    isLeft: (runId: number) => boolean = () => false,
  ): boolean {
    const runs = this.#runsOf(studyId);
    const due = runs.filter(
      ({ id, state }) => states.includes(state) && !isLeft(id) && !this.#running.has(id),
    );
    if (due.length === 0) return this.isBusy(studyId);
    this.#activate(studyId, { engine, waiting: interleave(due) }, runs);
    return true;
  }

  /** One run again, whatever became of it; the others of its study only if they are started. */
  retry(run: Run, engine: EngineReport): void {
    if (this.#running.has(run.id)) return;
    const study = this.#studies.get(run.studyId) ?? { engine, waiting: [] };
    const others = study.waiting.filter(({ id }) => id !== run.id);
    this.#activate(
      run.studyId,
      { engine: study.engine, waiting: [run, ...others] },
      this.#runsOf(run.studyId),
    );
  }

  #activate(studyId: number, study: ActiveStudy, runs: readonly Run[]): void {
    this.#failures.delete(studyId);
    this.#studies.set(studyId, study);
    const waiting = new Set(study.waiting.map(({ id }) => id));
    this.#progress.open(
      studyId,
      runs,
      runs.filter(({ id }) => waiting.has(id) || this.#running.has(id)),
    );
    this.#tellStudy(studyId);
    this.#fill();
  }

  /** A run that the store has running while nobody trains it was left so by a store that could not be written; it can be now. */
  #runsOf(studyId: number): Run[] {
    const { runs } = this.#dependencies.store;
    return runs.list({ studyId }).map((run) => {
      if (run.state !== 'running' || this.#running.has(run.id)) return run;
      const interrupted = runs.interrupt(run.id, storeFailedSentence);
      this.#tellRun(run, 'interrupted', storeFailedSentence);
      return interrupted;
    });
  }

  /** Resolves when a study has nothing left to train here; rejects with what stopped the lab. */
  settled(studyId: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        if (this.#failures.has(studyId)) reject(this.#failures.get(studyId));
        else resolve();
      };
      if (this.isBusy(studyId)) this.#settling.push({ studyId, settle });
      else settle();
    });
  }

  /** Whether any run trains now. */
  get busy(): boolean {
    return this.#running.size > 0;
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
    await this.withdraw(runId, 'cancel');
    const run = this.#dependencies.store.runs.get(runId);
    if (run.state !== 'finished' && run.state !== 'failed') this.#cancelStored(run);
  }

  /** Takes one run out of training, whether it runs (also between two trainers) or waits; the others of its study go on. */
  async withdraw(runId: number, stop: Stop = 'interrupt'): Promise<void> {
    const running = this.#running.get(runId);
    if (running) {
      running.stop = stop;
      running.controller.abort();
      await running.done;
      return;
    }
    const run = this.#dependencies.store.runs.get(runId);
    const study = this.#studies.get(run.studyId);
    const index = study?.waiting.findIndex(({ id }) => id === runId) ?? -1;
    if (index < 0) return;
    study?.waiting.splice(index, 1);
    this.#progress.drop(run);
    this.#endStudyWithoutWork(run.studyId);
    this.#settle();
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
    const entry: RunningRun = { run, controller, done: Promise.resolve(), stop: 'interrupt' };
    this.#running.set(run.id, entry);
    entry.done = this.#train(entry, engine);
  }

  async #train(entry: RunningRun, engine: EngineReport): Promise<void> {
    const { run, controller } = entry;
    const { store, trainers } = this.#dependencies;
    const onEvent = (event: RunEvent): void => this.#hear(event);
    try {
      if (run.state === 'failed') store.runs.retry(run.id);
      const outcome = await trainRun({ store, trainers, onEvent }, run, engine, controller.signal);
      if (outcome.kind === 'stopped') this.#recordStop(entry, outcome.seconds);
    } catch (error) {
      this.#halt(error, run);
    } finally {
      this.#running.delete(run.id);
      this.#endStudyWithoutWork(run.studyId);
      this.#fill();
      this.#settle();
    }
  }

  #recordStop({ run, stop }: RunningRun, seconds: number): void {
    const { store } = this.#dependencies;
    if (this.isActive(run.studyId)) this.#progress.drop(run);
    if (stop === 'cancel') this.#cancelStored(store.runs.get(run.id), seconds);
    else if (store.runs.get(run.id).state === 'running') {
      store.runs.interrupt(run.id, pausedSentence, seconds);
      this.#tellRun(run, 'interrupted', pausedSentence);
    }
  }

  #cancelStored(run: Run, seconds = 0): void {
    if (run.state === 'cancelled') return;
    this.#dependencies.store.runs.cancel(run.id, seconds);
    this.#tellRun(run, 'cancelled', cancelledSentence);
  }

  /** The store cannot be written: nothing may train on. What was committed stays, and a later start goes on from it. */
  #halt(error: unknown, run: Run): void {
    this.#interruptIfPossible(run);
    // Of several trainers that meet the same full disk only the first is told of.
    if (this.#failures.has(run.studyId)) return;
    const studies = [...new Set([...this.#studies.keys(), run.studyId])];
    for (const studyId of studies) this.#failures.set(studyId, error);
    this.#studies.clear();
    for (const { controller } of this.#running.values()) controller.abort();
    for (const studyId of studies) this.#progress.shut(studyId);
    const message = error instanceof Error ? error.message : String(error);
    this.#dependencies.emit({ type: 'notice', level: 'error', message: `Training stopped: ${message}` });
    for (const studyId of studies) this.#tellStudy(studyId);
  }

  /** A change of state is small: it often fits where rows did not. If not, the next start or the next opening of the lab makes it. */
  #interruptIfPossible(run: Run): void {
    const { runs } = this.#dependencies.store;
    try {
      if (runs.get(run.id).state !== 'running') return;
      runs.interrupt(run.id, storeFailedSentence);
      this.#tellRun(run, 'interrupted', storeFailedSentence);
    } catch {
      // What could not be written is told by `#halt` already.
    }
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
    try {
      this.#dependencies.store.studies.setTraining(studyId, null);
    } catch {
      // The lab cannot be written just now. Its runs are stored: the next start finds nothing to train and writes it then.
    }
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
        this.#progress.rows(run, firstEpoch + count);
        return;
      }
      case 'dropped':
        this.#dependencies.emit({ type: 'notice', level: 'warning', message: event.message });
        this.#progress.rows(run, this.#dependencies.store.runs.get(run.id).rows);
        return;
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
