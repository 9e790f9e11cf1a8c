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
  /** How often each study was told to stop. */
  readonly #stops = new Map<number, number>();
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
    const isLeft = this.#watchStops(id);
    const say = (message: string): void =>
      emit({ type: 'notice', level: 'info', message: `${name}: ${message}.` });
    const { report, reason } = await chooseEngine(trainers, engine, store.runs.list({ studyId: id }), () =>
      say('measuring which engine is fastest on this task'),
    );
    if (isLeft()) return false;
    // A person who starts a study wants all its cells; after a restart a run that was deleted stays so.
    if (states === undefined) store.runs.ensure(id, study);
    store.studies.setTraining(id, report.engine);
    if (reason !== null) say(`engine ${reason}`);
    const trains = scheduler.start(id, report, states);
    if (!trains) store.studies.setTraining(id, null);
    return trains;
  }

  /** One run by itself: after a restart of the program it goes on, and no other of its study for its sake. @returns whether it trains now */
  async run(
    id: number,
    engine: EngineChoice,
    load = (choice: EngineChoice): Promise<EngineReport> => resolveEngine(this.#parts.trainers, choice),
  ): Promise<boolean> {
    const { store, scheduler } = this.#parts;
    const isLeft = this.#watchStops(store.runs.get(id).studyId);
    const report = await load(engine);
    if (isLeft()) return false;
    // Meanwhile it may have been deleted, or trained with its study.
    const run = store.runs.get(id);
    if (run.state === 'finished') return false;
    store.runs.setTraining(id, report.engine);
    scheduler.retry(run, report);
    return true;
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
    for (const id of ids) {
      const { state, provenance } = store.runs.get(id);
      if (state !== 'finished' && state !== 'running') await this.run(id, provenance?.engine ?? 'auto', load);
    }
  }

  /** A study is told to stop: what of it is being started is not, and nothing of it goes on after a restart. */
  leave(id: number): void {
    const { store } = this.#parts;
    this.#stops.set(id, (this.#stops.get(id) ?? 0) + 1);
    store.transaction(() => {
      store.studies.setTraining(id, null);
      store.runs.leaveTraining(id);
    });
  }

  /** Nothing is started any more. */
  close(): void {
    this.#closed = true;
  }

  /** @returns whether the study was told to stop since, or all was closed */
  #watchStops(id: number): () => boolean {
    const before = this.#stops.get(id);
    return () => this.#closed || this.#stops.get(id) !== before;
  }
}
