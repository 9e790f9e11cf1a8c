import type { EngineChoice, EngineReport, LabEvent } from '#shared/models/lab.ts';
import type { RunState } from '#shared/models/run.ts';
import type { LabStore } from '../store/lab-store.ts';
import { chooseEngine } from './choose-engine.ts';
import { resolveEngine } from './inspect-engines.ts';
import type { Scheduler } from './scheduler.ts';
import type { Trainers } from './trainers.ts';

interface Parts {
  readonly store: LabStore;
  readonly trainers: Trainers;
  readonly scheduler: Scheduler;
  readonly emit: (event: LabEvent) => void;
}

/** Gives studies and single runs to the scheduler. Each start takes a while, because an engine is loaded, and a stop meanwhile wins. */
export class TrainingStarts {
  readonly #parts: Parts;
  /** Counts what was told to stop; by study and by run, when each was told so last. */
  #stops = 0;
  readonly #studiesLeft = new Map<number, number>();
  readonly #runsLeft = new Map<number, number>();
  #closed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * @param states of the runs to train; all cells of the study where none are given
   * @returns whether the study trains now
   */
  async study(id: number, engine: EngineChoice, states?: readonly RunState[]): Promise<boolean> {
    const { store, trainers, scheduler, emit } = this.#parts;
    const { study, name } = store.studies.get(id);
    // A person who starts a study wants all its cells; after a restart a run that was deleted stays so.
    if (states === undefined) store.runs.ensure(id, study);
    const say = (message: string): void =>
      emit({ type: 'notice', level: 'info', message: `${name}: ${message}.` });
    return this.#load(
      id,
      () =>
        chooseEngine(trainers, engine, store.runs.list({ studyId: id }), () =>
          say('measuring which engine is fastest on this task'),
        ),
      ({ report, reason }, isLeft) => {
        store.studies.setTraining(id, report.engine);
        if (reason !== null) say(`engine ${reason}`);
        const trains = scheduler.start(id, report, states, isLeft);
        if (!trains) store.studies.setTraining(id, null);
        return trains;
      },
    );
  }

  /** One run by itself: after a restart of the program it goes on, and no other of its study for its sake. @returns whether it trains now */
  run(
    id: number,
    engine: EngineChoice,
    load = (choice: EngineChoice): Promise<EngineReport> => resolveEngine(this.#parts.trainers, choice),
  ): Promise<boolean> {
    const { store, scheduler } = this.#parts;
    return this.#load(
      store.runs.get(id).studyId,
      () => load(engine),
      (report, isLeft) => {
        if (isLeft(id)) return false;
        // Meanwhile it may have been trained with its study.
        const run = store.runs.get(id);
        if (run.state === 'finished') return false;
        store.runs.setTraining(id, report.engine);
        scheduler.retry(run, report);
        return true;
      },
    );
  }

  /** Those of them that can be, each with the engine it had. */
  async runs(ids: readonly number[]): Promise<void> {
    const { store, trainers } = this.#parts;
    // Each engine is loaded once, however many runs it is to train.
    const loaded = new Map<EngineChoice, Promise<EngineReport>>();
    const load = (engine: EngineChoice): Promise<EngineReport> => {
      const found = loaded.get(engine) ?? resolveEngine(trainers, engine);
      loaded.set(engine, found);
      return found;
    };
    // All at once: one that is told to stop while another is being started is not started either.
    const starts = ids
      .map((id) => store.runs.get(id))
      .filter(({ state }) => state !== 'finished' && state !== 'running')
      .map(({ id, provenance }) => this.run(id, provenance?.engine ?? 'auto', load));
    const failed = (await Promise.allSettled(starts)).find((start) => start.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** A study is told to stop: what of it is being started is not, and nothing of it goes on after a restart. */
  leave(id: number): void {
    const { store } = this.#parts;
    this.#studiesLeft.set(id, ++this.#stops);
    store.transaction(() => {
      store.studies.setTraining(id, null);
      store.runs.leaveTraining(id);
    });
  }

  /** Single runs are told to stop: those being started are not, also as part of their study. */
  leaveRuns(ids: readonly number[]): void {
    this.#stops++;
    for (const id of ids) this.#runsLeft.set(id, this.#stops);
  }

  /** Nothing is started any more. */
  close(): void {
    this.#closed = true;
  }

  /**
   * Starts a study or a run of it once its engine is there, unless the study was told to stop meanwhile, or all was closed.
   * @param start is told of which runs the same is true
   * @returns whether it trains now
   */
  async #load<T>(
    studyId: number,
    engine: () => Promise<T>,
    start: (engine: T, isLeft: (runId: number) => boolean) => boolean,
  ): Promise<boolean> {
    const before = this.#stops;
    const loaded = await engine();
    const stoppedAt = this.#studiesLeft.get(studyId) ?? 0;
    if (this.#closed || stoppedAt > before) return false;
    return start(loaded, (runId) => (this.#runsLeft.get(runId) ?? 0) > before);
  }
}
