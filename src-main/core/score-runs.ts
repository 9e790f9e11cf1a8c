import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Study } from '#shared/models/study.ts';
import { ProblemError } from '#shared/models/problem.ts';
import { measureRun } from '#shared/report/measure-run.ts';
import type { LabStore } from '../store/lab-store.ts';
import type { RunLine } from '../store/run-lines.ts';
import type { Score } from '../store/score-store.ts';

/** A question is answered at once, with what this many milliseconds can score of what is missing; the rest is scored behind it. */
const patienceMs = 30;
/** Work behind an answer is done in pieces: rows and clients come between them. */
const pieceMs = 15;
const tellEveryMs = 1000;

/** A run to be scored, with the study whose detectors score it. */
export interface Scorable {
  readonly line: RunLine;
  readonly studyId: number;
  readonly study: Study;
}

/**
 * The scores of runs, kept in the store. A score names its basis: how many rows, whether they are all, and the study's detectors,
 * intervals and late range. A run whose score has another basis is scored again, so that a table is right whatever changed. Runs that
 * train are scored on each question, and kept once they stop.
 */
export class RunScores {
  readonly #store: LabStore;
  readonly #told: (studyIds: ReadonlySet<number>) => void;
  readonly #ways = new WeakMap<Study, string>();
  readonly #live = new Map<number, Score>();
  #waiting: Scorable[] = [];
  #working = false;
  #made = 0;
  #canWrite = true;

  /** @param told hears which studies have more scores, when they were made behind an answer */
  constructor(store: LabStore, told: (studyIds: ReadonlySet<number>) => void) {
    this.#store = store;
    this.#told = told;
  }

  /** How many scores were made: while this stays, so does what was read of them. */
  get made(): number {
    return this.#made;
  }

  /** Runs whose turn has not come yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** @returns null while it is not known */
  get({ line, study }: Pick<Scorable, 'line' | 'study'>): Score | null {
    if (line.rows === 0) return null;
    const basis = this.#basis(line, study);
    const live = this.#live.get(line.id);
    if (live?.basis === basis) return live;
    const kept = this.#store.scores.get(line.id);
    return kept?.basis === basis ? kept : null;
  }

  /** Scores what is missing, for as long as an answer may take, and the rest behind it. @returns how many are left */
  prepare(runs: readonly Scorable[]): number {
    const missing = runs.filter((run) => run.line.rows > 0 && this.get(run) === null);
    // What trains changes with every batch: what is finished must not wait for it.
    missing.sort((a, b) => Number(isStill(b.line)) - Number(isStill(a.line)));
    const done = this.#score(missing, patienceMs);
    this.#waiting = missing.slice(done);
    if (this.#waiting.length > 0 && !this.#working) void this.#work();
    return this.#waiting.length;
  }

  async #work(): Promise<void> {
    this.#working = true;
    let touched = new Set<number>();
    let told = performance.now();
    while (this.#waiting.length > 0 && this.#store.database.isOpen) {
      const piece = this.#waiting;
      const done = this.#score(piece, pieceMs);
      this.#waiting = piece.slice(done);
      for (const { studyId } of piece.slice(0, done)) touched.add(studyId);
      if (performance.now() - told > tellEveryMs) {
        this.#told(touched);
        [touched, told] = [new Set(), performance.now()];
      }
      await nextTurn();
    }
    this.#working = false;
    if (touched.size > 0) this.#told(touched);
  }

  /** @returns how many of them it had time for, at least one */
  #score(runs: readonly Scorable[], milliseconds: number): number {
    const end = performance.now() + milliseconds;
    const kept = new Map<number, Score>();
    let done = 0;
    for (const { line, study } of runs) {
      if (done > 0 && performance.now() > end) break;
      done++;
      const score = this.#tryScore(line, study);
      if (score && isStill(line)) {
        kept.set(line.id, score);
        this.#live.delete(line.id);
      } else this.#live.set(line.id, score ?? { basis: this.#basis(line, study), ...nothing });
    }
    this.#keep(kept);
    this.#made += done;
    return done;
  }

  /** @returns null for a run that is gone by now, has other rows than it had, or cannot be read */
  #tryScore(line: RunLine, study: Study): Score | null {
    try {
      const { rows } = this.#store.runs.get(line.id);
      return rows === line.rows
        ? { basis: this.#basis(line, study), ...scoreRun(this.#store, line.id, study) }
        : null;
    } catch (error) {
      if (error instanceof ProblemError) return null;
      throw error;
    }
  }

  #keep(scores: ReadonlyMap<number, Score>): void {
    if (!this.#canWrite) {
      for (const [id, score] of scores) this.#live.set(id, score);
      return;
    }
    try {
      this.#store.scores.keep(scores);
    } catch (error) {
      // A full disk: they can be computed again, so that is no reason to show nothing.
      if (!(error instanceof ProblemError)) throw error;
      this.#canWrite = false;
      this.#keep(scores);
    }
  }

  #basis({ rows, state }: RunLine, study: Study): string {
    let way = this.#ways.get(study);
    if (way === undefined) {
      const { detectors, intervals, late } = study;
      const scoring = JSON.stringify([detectors, intervals, late.series, late.range]);
      way = createHash('sha256').update(scoring).digest('base64url').slice(0, 16);
      this.#ways.set(study, way);
    }
    return `${rows} ${state === 'finished' ? 'all' : 'some'} ${way}`;
  }
}

const nothing: Pick<Score, 'names' | 'values'> = { names: [], values: new Float64Array(0) };

function isStill({ state }: RunLine): boolean {
  return state !== 'running';
}

/** Detectors, intervals, the late value, and the newest value of every series. */
function scoreRun(store: LabStore, id: number, study: Study): Pick<Score, 'names' | 'values'> {
  const run = store.runs.get(id);
  const seriesNames = store.series.names(id);
  const series = new Map(
    store.series.readMany(id, seriesNames).map((values, place) => [seriesNames[place], values]),
  );
  const { condition, seed, state, seconds, problem, settings } = run;
  const { detectors, intervals, late } = measureRun(study, {
    id,
    condition,
    seed,
    state,
    seconds,
    problem,
    engine: null,
    epochs: settings.epochs,
    series: (name) => series.get(name) ?? null,
    repulsion: [],
  });
  const newest = [...series].map(([name, values]) => [name, lastNumber(values)] as const);
  const all = new Map([
    ...newest,
    ['late', late],
    ...Object.entries(intervals),
    ...Object.entries(detectors),
  ]);
  return { names: [...all.keys()], values: Float64Array.from(all.values(), (value) => value ?? Number.NaN) };
}

/** A probe that is not due every epoch leaves NaN between its values. */
function lastNumber(values: Float64Array): number | null {
  const place = values.findLastIndex((value) => !Number.isNaN(value));
  return place < 0 ? null : values[place];
}
