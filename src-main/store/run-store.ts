import { problem } from '#shared/models/problem.ts';
import { type Provenance, type Run, type RunState, runStates } from '#shared/models/run.ts';
import type { Settings } from '#shared/models/settings.ts';
import type { Study } from '#shared/models/study.ts';
import type { LabDatabase } from './connection.ts';
import { type Row, DamagedRow, integer, json, real, text, textOrNull } from './row.ts';
import { provenanceSchema, settingsSchema } from './study-schema.ts';

export interface RunFilter {
  readonly studyId?: number;
  readonly condition?: string;
  readonly state?: RunState;
}

const select = `SELECT run.id, study_id, condition.name AS condition, seed, condition.settings, state, rows, seconds,
  provenance, problem FROM run JOIN condition ON condition.id = condition_id`;

/** Runs and their states. A transition that is not allowed here is a bug of the caller, and throws. */
export class RunStore {
  readonly #database: LabDatabase;
  readonly #seal: (runId: number) => void;
  /** Thousands of runs share a few settings: each text is parsed once. */
  readonly #settings = new Map<string, Settings>();
  readonly #provenance = new Map<string, Provenance>();

  /** @param seal what is done with the series of a run that has all its rows */
  constructor(database: LabDatabase, seal: (runId: number) => void) {
    this.#database = database;
    this.#seal = seal;
  }

  /** Every cell of the study's grid, conditions in its order, then seeds; the missing ones are made, queued. */
  ensure(studyId: number, study: Study): Run[] {
    return this.#database.transaction(
      () => {
        for (const condition of study.conditions) {
          for (const seed of study.seeds) {
            this.#database.run(
              `INSERT INTO run (condition_id, seed, state) SELECT id, ?, 'queued' FROM condition WHERE study_id = ? AND name = ?
               ON CONFLICT (condition_id, seed) DO NOTHING`,
              seed,
              studyId,
              condition.name,
            );
          }
        }
        const place = new Map(this.list({ studyId }).map((run) => [cell(run.condition, run.seed), run]));
        return study.conditions.flatMap((condition) =>
          study.seeds.map((seed) => {
            const run = place.get(cell(condition.name, seed));
            if (run === undefined)
              throw new Error(`condition ${condition.name} was not saved with study ${studyId}`);
            return run;
          }),
        );
      },
      { durable: true },
    );
  }

  /** By study, then in the order the runs were made. */
  list(filter: RunFilter = {}): Run[] {
    return this.#database.all(
      `${select} WHERE (?1 IS NULL OR study_id = ?1) AND (?2 IS NULL OR condition.name = ?2) AND (?3 IS NULL OR state = ?3)
       ORDER BY study_id, run.id`,
      (row) => this.#parse(row),
      filter.studyId ?? null,
      filter.condition ?? null,
      filter.state ?? null,
    );
  }

  get(id: number): Run {
    const run = this.#database.get(`${select} WHERE run.id = ?`, (row) => this.#parse(row), id);
    if (run === undefined) {
      throw problem(
        'not-found',
        `${this.#database.path} holds no run ${id}. \`list\` shows the runs there are.`,
      );
    }
    return run;
  }

  /** @param provenance null for an imported run: nothing is known of what computed it */
  start(id: number, provenance: Provenance | null): Run {
    return this.#change(id, ['queued', 'interrupted', 'cancelled'], (run) => {
      if (run.rows > 0 && !sameEngine(run.provenance, provenance)) {
        throw new Error(`run ${id} has rows of another engine: reset it first, or its rows would mix`);
      }
      this.#database.run(
        `UPDATE run SET state = 'running', provenance = ?, problem = NULL WHERE id = ?`,
        provenance === null ? null : JSON.stringify(provenance),
        id,
      );
    });
  }

  /** @param seconds of this attempt; added to those of the attempts before it */
  finish(id: number, seconds: number): Run {
    return this.#database.transaction(
      () => {
        const run = this.#end(id, ['running'], 'finished', null, seconds);
        this.#seal(id);
        return run;
      },
      { durable: true },
    );
  }

  fail(id: number, reason: string, seconds: number): Run {
    return this.#end(id, ['queued', 'running', 'interrupted'], 'failed', reason, seconds);
  }

  /** Its rows stay; `start` goes on from them. */
  interrupt(id: number, reason: string, seconds = 0): Run {
    return this.#end(id, ['running'], 'interrupted', reason, seconds);
  }

  /** Back to queued, with no rows, probes or snapshot: the run starts again from epoch 0. */
  reset(id: number): Run {
    return this.#change(id, ['queued', 'finished', 'failed', 'interrupted', 'cancelled'], () => {
      for (const table of ['chunk', 'tail', 'probe', 'snapshot']) {
        this.#database.run(`DELETE FROM ${table} WHERE run_id = ?`, id);
      }
      this.#database.run(
        `UPDATE run SET state = 'queued', rows = 0, layout_id = NULL, seconds = 0, provenance = NULL, problem = NULL WHERE id = ?`,
        id,
      );
    });
  }

  /** For the start of the only writer: what is running then was left by one that died. @returns how many there were */
  interruptRunning(reason: string): number {
    return this.#database.run(
      `UPDATE run SET state = 'interrupted', problem = ? WHERE state = 'running'`,
      reason,
    ).changes;
  }

  #end(id: number, from: readonly RunState[], to: RunState, reason: string | null, seconds: number): Run {
    return this.#change(id, from, () => {
      this.#database.run(
        'UPDATE run SET state = ?, problem = ?, seconds = seconds + ? WHERE id = ?',
        to,
        reason,
        seconds,
        id,
      );
    });
  }

  #change(id: number, from: readonly RunState[], work: (run: Run) => void): Run {
    return this.#database.transaction(
      () => {
        const run = this.get(id);
        if (!from.includes(run.state)) {
          throw new Error(`run ${id} is ${run.state}; this needs ${from.join(' or ')}`);
        }
        work(run);
        return this.get(id);
      },
      { durable: true },
    );
  }

  #parse(row: Row): Run {
    const provenance = textOrNull(row, 'provenance');
    return {
      id: integer(row, 'id'),
      studyId: integer(row, 'study_id'),
      condition: text(row, 'condition'),
      seed: integer(row, 'seed'),
      settings: remember(this.#settings, text(row, 'settings'), (value) =>
        json(value, 'settings', settingsSchema),
      ),
      state: runState(text(row, 'state')),
      rows: integer(row, 'rows'),
      seconds: real(row, 'seconds'),
      provenance:
        provenance === null
          ? null
          : remember(this.#provenance, provenance, (value) => json(value, 'provenance', provenanceSchema)),
      problem: textOrNull(row, 'problem'),
    };
  }
}

function remember<T>(known: Map<string, T>, key: string, make: (key: string) => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make(key);
  known.set(key, made);
  return made;
}

function runState(value: string): RunState {
  const state = runStates.find((known) => known === value);
  if (state === undefined) throw new DamagedRow(`run.state is ${JSON.stringify(value)}`);
  return state;
}

function sameEngine(stored: Provenance | null, next: Provenance | null): boolean {
  return stored?.engine === next?.engine && stored?.engineVersion === next?.engineVersion;
}

function cell(condition: string, seed: number): string {
  return `${seed} ${condition}`;
}
