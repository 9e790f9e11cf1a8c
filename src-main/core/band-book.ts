import { setImmediate as nextTurn } from 'node:timers/promises';
import { fillBand, firstChange, grownBand } from '#shared/figures/band.ts';
import type { Band } from '#shared/figures/band.ts';
import { ProblemError } from '#shared/models/problem.ts';
import type { BandRun, ConditionBand } from '#shared/models/lab.ts';
import type { KeptBand } from '../store/band-store.ts';
import type { LabStore } from '../store/lab-store.ts';
import type { BandQuery } from './core.ts';

/** Rows of trainers and other clients come between pieces of about so long. */
const pieceMs = 10;
/** Epochs computed before the time is looked at. */
const pieceEpochs = 100;
/** Runs that lose rows while they are read make it begin anew; so often, then the condition is left out. */
const mostAttempts = 5;

/**
 * Statistics over the runs of conditions, from every point there is, kept in the lab. They are computed in pieces, and only from
 * the first epoch on at which what is kept no longer fits the rows there are.
 */
export class BandBook {
  readonly #store: LabStore;
  /** Two windows that open the same study wait for the same work. */
  readonly #working = new Map<string, Promise<KeptBand | null>>();
  #canWrite: boolean;
  #pieceBegan = 0;

  constructor(store: LabStore) {
    this.#store = store;
    this.#canWrite = !store.readOnly;
  }

  /** @throws not-found for a study that is not there */
  async read({ studyId, name, conditions }: BandQuery): Promise<ConditionBand[]> {
    this.#store.studies.get(studyId);
    const bands: ConditionBand[] = [];
    for (const { id, name: condition } of this.#store.bands.conditions(studyId)) {
      if (conditions?.includes(condition) === false) continue;
      const found = await this.#one(id, name);
      if (found) bands.push({ condition, runs: found.runs, ...found.band });
    }
    return bands;
  }

  #one(conditionId: number, name: string): Promise<KeptBand | null> {
    const key = `${conditionId}\n${name}`;
    const begun = this.#working.get(key);
    if (begun) return begun;
    const work = this.#make(conditionId, name).finally(() => this.#working.delete(key));
    this.#working.set(key, work);
    return work;
  }

  async #make(conditionId: number, name: string): Promise<KeptBand | null> {
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      if (!this.#store.database.isOpen) return null;
      const runs = this.#store.bands.members(conditionId, name);
      if (runs.length === 0) return null;
      const kept = this.#store.bands.get(conditionId, name);
      const from = kept ? firstChange(rowsOf(kept.runs), rowsOf(runs)) : 0;
      if (kept && from === Infinity) return kept;
      const band = await this.#compute(name, runs, kept?.band ?? null, from);
      const made = band && { runs, band };
      if (!made || !this.#store.database.isOpen || !this.#stillThere(conditionId, name, runs)) continue;
      this.#keep(conditionId, name, made);
      return made;
    }
    return null;
  }

  /** Whether every row that was read is still one of the condition's. */
  #stillThere(conditionId: number, name: string, runs: readonly BandRun[]): boolean {
    return firstChange(rowsOf(runs), rowsOf(this.#store.bands.members(conditionId, name))) > 0;
  }

  /** @returns null when a run is gone or has lost rows meanwhile */
  async #compute(
    name: string,
    runs: readonly BandRun[],
    known: Band | null,
    from: number,
  ): Promise<Band | null> {
    const epochs = runs.reduce((most, { rows }) => Math.max(most, rows), 0);
    const { band, kept } = grownBand(epochs, known, from);
    this.#pieceBegan = performance.now();
    const lines: Float64Array[] = [];
    for (const { id, rows } of runs) {
      const line = this.#line(id, name, kept, rows);
      if (line === null) return null;
      lines.push(line);
      await this.#pause();
    }
    for (let epoch = kept; epoch < epochs; epoch += pieceEpochs) {
      fillBand(band, lines, epoch, Math.min(epochs, epoch + pieceEpochs), kept);
      await this.#pause();
    }
    return band;
  }

  #line(runId: number, name: string, first: number, rows: number): Float64Array | null {
    if (!this.#store.database.isOpen) return null;
    if (rows <= first) return new Float64Array(0);
    try {
      const line = this.#store.series.read(runId, name, [first, rows - 1]);
      return line.length === rows - first ? line : null;
    } catch (error) {
      if (error instanceof ProblemError && error.problems.some(({ code }) => code === 'not-found'))
        return null;
      throw error;
    }
  }

  async #pause(): Promise<void> {
    if (performance.now() - this.#pieceBegan < pieceMs) return;
    await nextTurn();
    this.#pieceBegan = performance.now();
  }

  #keep(conditionId: number, name: string, made: KeptBand): void {
    if (!this.#canWrite) return;
    try {
      this.#store.bands.keep(conditionId, name, made);
    } catch (error) {
      // A full disk: it can be computed again, so that is no reason to show nothing.
      if (!(error instanceof ProblemError)) throw error;
      this.#canWrite = false;
    }
  }
}

function rowsOf(runs: readonly BandRun[]): ReadonlyMap<number, number> {
  return new Map(runs.map(({ id, rows }) => [id, rows]));
}
