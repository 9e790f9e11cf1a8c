import { problem } from '#shared/models/problem.ts';
import type { EngineName, Provenance, Run, RunState } from '#shared/models/run.ts';
import type { RunLogEntry } from '#shared/models/run-log.ts';
import type { Study } from '#shared/models/study.ts';
import { type LabDatabase, present } from './connection.ts';
import { Labels } from './labels.ts';
import { integer, real, text } from './row.ts';
import { type RunChange, logChange, readLog } from './run-log.ts';
import type { RunDigest } from './run-digest.ts';
import {
  type RunReader,
  engineName,
  liveRun,
  runColumns,
  runJoins,
  runState,
  selectRun,
} from './run-record.ts';
import { requireStill } from './trash.ts';

export interface RunFilter {
  readonly studyId?: number;
  readonly condition?: string;
  readonly state?: RunState;
}

/** What else happens in the transaction in which a run changes. */
export interface RunHooks {
  /** The run has all its rows and probes. */
  readonly finished: (runId: number) => RunDigest;
  /** No trainer is on the run any more. */
  readonly stopped: (runId: number) => void;
  /** The run has no rows any more. */
  readonly emptied: (runId: number) => void;
}

/** Runs and their states. A transition that is not allowed here is a bug of the caller, and throws. Deleted runs are not seen. */
export class RunStore {
  readonly #database: LabDatabase;
  readonly #hooks: RunHooks;
  readonly #clock: () => Date;
  readonly #reader: RunReader;
  readonly #labels: Labels;

  constructor(database: LabDatabase, reader: RunReader, hooks: RunHooks, clock: () => Date) {
    this.#database = database;
    this.#reader = reader;
    this.#hooks = hooks;
    this.#clock = clock;
    this.#labels = new Labels(database, 'run');
  }

  /** Every cell of the study's grid, conditions in its order, then seeds; the missing ones, deleted ones among them, are made, queued. */
  ensure(studyId: number, study: Study): Run[] {
    return this.#database.transaction(
      () => {
        for (const condition of study.conditions) {
          for (const seed of study.seeds) {
            const { changes, id } = this.#database.run(
              `INSERT INTO run (condition_id, seed, state) SELECT id, ?, 'queued' FROM condition WHERE study_id = ? AND name = ?
               ON CONFLICT (condition_id, seed) WHERE deleted_at IS NULL DO NOTHING`,
              seed,
              studyId,
              condition.name,
            );
            if (changes === 1) this.#log(id, { state: 'queued' });
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
      `${selectRun} WHERE ${liveRun} AND (?1 IS NULL OR study_id = ?1) AND (?2 IS NULL OR condition.name = ?2)
         AND (?3 IS NULL OR state = ?3)
       ORDER BY study_id, run.id`,
      (row) => this.#reader.run(row),
      filter.studyId ?? null,
      filter.condition ?? null,
      filter.state ?? null,
    );
  }

  /** Seconds that a finished run of each condition took, their mean; in one query, since a history holds thousands of runs. */
  meanSeconds(): Pick<Run, 'settings' | 'seconds'>[] {
    return this.#database.all(
      `SELECT condition.settings AS settings, avg(seconds) AS seconds ${runJoins}
       WHERE ${liveRun} AND state = 'finished' AND seconds > 0 GROUP BY condition.id ORDER BY condition.id`,
      (row) => ({ settings: this.#reader.settings(text(row, 'settings')), seconds: real(row, 'seconds') }),
    );
  }

  /** How many runs of a study are in each state; states without a run are left out. */
  countStates(studyId: number): { readonly state: RunState; readonly count: number }[] {
    return this.#database.all(
      `SELECT state, count(*) AS n ${runJoins} WHERE ${liveRun} AND study_id = ? GROUP BY state`,
      (row) => ({ state: runState(text(row, 'state')), count: integer(row, 'n') }),
      studyId,
    );
  }

  /** @throws not-found, also for a deleted run */
  get(id: number): Run {
    const run = this.#database.get(
      `${selectRun} WHERE ${liveRun} AND run.id = ?`,
      (row) => this.#reader.run(row),
      id,
    );
    if (run !== undefined) return run;
    const deleted = this.#database.get('SELECT id FROM run WHERE id = ?', (row) => integer(row, 'id'), id);
    throw problem(
      'not-found',
      deleted === undefined
        ? `${this.#database.path} holds no run ${id}. \`list STUDY\` shows the runs there are.`
        : `Run ${id} of ${this.#database.path} is deleted. Undo its deletion first.`,
    );
  }

  /** Of a deleted run too. */
  studyOf(id: number): number {
    const studyId = this.#database.get(
      'SELECT study_id FROM run JOIN condition ON condition.id = condition_id WHERE run.id = ?',
      (row) => integer(row, 'study_id'),
      id,
    );
    return present(studyId, `run ${id}`);
  }

  /**
   * @param provenance null for an imported run: nothing is known of what computed it
   * @param checkpoint epoch of the one it goes on from, for its log
   */
  start(id: number, provenance: Provenance | null, checkpoint: number | null = null): Run {
    return this.#change(id, ['queued', 'interrupted', 'cancelled'], (run) => {
      if (run.rows > 0 && !sameEngine(run.provenance, provenance)) {
        throw new Error(`run ${id} has rows of another engine: reset it first, or its rows would mix`);
      }
      this.#database.run(
        `UPDATE run SET state = 'running', provenance = ?, problem = NULL WHERE id = ?`,
        provenance === null ? null : JSON.stringify(provenance),
        id,
      );
      this.#log(id, {
        state: 'running',
        checkpoint,
        ...(provenance === null ? {} : { engine: `${provenance.engine} ${provenance.engineVersion}` }),
      });
    });
  }

  /** Its snapshot goes. @param seconds of this attempt; added to those of the attempts before it */
  finish(id: number, seconds: number): Run {
    return this.#change(id, ['running'], () => {
      this.#end(id, 'finished', null, seconds);
      const { series, probes } = this.#hooks.finished(id);
      this.#database.run(
        'UPDATE run SET series_digest = ?, probe_digest = ? WHERE id = ?',
        series,
        probes,
        id,
      );
    });
  }

  fail(id: number, reason: string, seconds: number): Run {
    return this.#change(id, ['queued', 'running', 'interrupted'], () =>
      this.#end(id, 'failed', reason, seconds),
    );
  }

  /** Its rows and snapshot stay, to go on from. */
  interrupt(id: number, reason: string, seconds = 0): Run {
    return this.#change(id, ['running'], () => this.#end(id, 'interrupted', reason, seconds));
  }

  /** By the wish of a person; its rows and snapshot stay. A trainer on it must be stopped before. */
  cancel(id: number, seconds = 0): Run {
    return this.#change(id, ['queued', 'running', 'interrupted'], () =>
      this.#end(id, 'cancelled', null, seconds),
    );
  }

  /** Queued again, with all it has: where no snapshot lets it go on it trains from its seed, and its rows, which would be the same, stay. */
  retry(id: number): Run {
    return this.#change(id, ['failed', 'cancelled', 'interrupted'], () => {
      this.#database.run(`UPDATE run SET state = 'queued', problem = NULL WHERE id = ?`, id);
      this.#log(id, { state: 'queued' });
    });
  }

  /** Back to queued, with no rows, probes or snapshot: the run starts again from epoch 0. */
  reset(id: number): Run {
    return this.#change(id, ['queued', 'finished', 'failed', 'interrupted', 'cancelled'], () => {
      this.#empty(id);
      this.#database.run(`UPDATE run SET state = 'queued', problem = NULL WHERE id = ?`, id);
      this.#log(id, { state: 'queued', reason: 'Its rows were dropped: it starts again from its seed.' });
    });
  }

  /** What it became, and when and why, oldest first. */
  log(id: number): RunLogEntry[] {
    return readLog(this.#database, this.get(id).id);
  }

  /** @param seconds of an attempt that goes on, kept whatever becomes of it */
  spend(id: number, seconds: number): void {
    this.#database.run('UPDATE run SET seconds = seconds + ? WHERE id = ?', seconds, id);
  }

  /** Its trainer died and another goes on. The count stays with the run's rows, and goes with them. */
  countRestart(id: number): void {
    this.#database.run('UPDATE run SET attempts = attempts + 1 WHERE id = ?', id);
  }

  /** @param engine with which it is to be trained whatever its study does, now and after a restart of the program */
  setTraining(id: number, engine: EngineName): void {
    this.#database.run('UPDATE run SET training = ? WHERE id = ?', engine, id);
  }

  /** No run of this study is to be trained by itself any more. */
  leaveTraining(studyId: number): void {
    this.#database.run(
      'UPDATE run SET training = NULL WHERE condition_id IN (SELECT id FROM condition WHERE study_id = ?)',
      studyId,
    );
  }

  /** The runs that are to be trained by themselves, and with which engine. */
  listTraining(): { readonly run: Run; readonly engine: EngineName }[] {
    return this.#database.all(
      `SELECT ${runColumns}, run.training AS training ${runJoins}
       WHERE ${liveRun} AND run.training IS NOT NULL ORDER BY run.id`,
      (row) => ({ run: this.#reader.run(row), engine: engineName(row, 'training') }),
    );
  }

  /** For the start of the only writer: what is running then was left by one that died. @returns how many there were */
  interruptRunning(reason: string): number {
    return this.#database.transaction(() => {
      const ids = this.#database.all(`SELECT id FROM run WHERE state = 'running'`, (row) =>
        integer(row, 'id'),
      );
      for (const id of ids) {
        this.#database.run(`UPDATE run SET state = 'interrupted', problem = ? WHERE id = ?`, reason, id);
        this.#log(id, { state: 'interrupted', reason });
      }
      return ids.length;
    });
  }

  /** Hidden until `undelete`, and gone for good with `purgeDeleted`. @throws bad-argument while it is training */
  delete(id: number): void {
    this.#database.transaction(() => {
      const run = this.get(id);
      requireStill([run]);
      this.#log(id, { state: run.state, reason: 'Deleted.' });
      this.#database.run(
        'UPDATE run SET deleted_at = ?, training = NULL WHERE id = ?',
        this.#clock().toISOString(),
        id,
      );
    });
  }

  /** @throws bad-argument when another run has rows in its place by now (one without rows gives way), or its study is deleted */
  undelete(id: number): Run {
    return this.#database.transaction(() => {
      const twin = this.#database.get(
        `SELECT live.id, live.rows, live.state, condition.name AS condition, live.seed
           FROM run AS gone JOIN run AS live ON live.condition_id = gone.condition_id AND live.seed = gone.seed
           JOIN condition ON condition.id = live.condition_id
         WHERE gone.id = ? AND gone.deleted_at IS NOT NULL AND live.deleted_at IS NULL`,
        (row) => ({
          id: integer(row, 'id'),
          empty: integer(row, 'rows') === 0 && text(row, 'state') !== 'running',
          place: `${text(row, 'condition')}, seed ${integer(row, 'seed')}`,
        }),
        id,
      );
      if (twin?.empty === false) {
        throw problem(
          'bad-argument',
          `Run ${id} cannot come back: run ${twin.id} has taken its place (${twin.place}). Delete that one first.`,
        );
      }
      if (twin !== undefined) this.#database.run('DELETE FROM run WHERE id = ?', twin.id);
      this.#database.run('UPDATE run SET deleted_at = NULL WHERE id = ?', id);
      const run = this.get(id);
      const place = twin === undefined ? '' : `, in the place of run ${twin.id}, which had no rows`;
      this.#log(id, { state: run.state, reason: `Brought back after its deletion${place}.` });
      return run;
    });
  }

  tags(id: number): string[] {
    return this.#labels.tags(id);
  }

  tag(id: number, tag: string): void {
    this.#labels.tag(this.get(id).id, tag);
  }

  untag(id: number, tag: string): void {
    this.#labels.untag(this.get(id).id, tag);
  }

  note(id: number): string {
    return this.#labels.note(id);
  }

  annotate(id: number, note: string): void {
    this.#labels.annotate(this.get(id).id, note);
  }

  #end(id: number, to: RunState, reason: string | null, seconds: number): void {
    this.#database.run(
      `UPDATE run SET state = ?1, problem = ?2, seconds = seconds + ?3,
         training = CASE ?1 WHEN 'interrupted' THEN training END WHERE id = ?4`,
      to,
      reason,
      seconds,
      id,
    );
    this.#log(id, { state: to, reason });
    this.#hooks.stopped(id);
  }

  #log(id: number, change: RunChange): void {
    logChange(this.#database, this.#clock(), id, change);
  }

  #empty(id: number): void {
    for (const table of ['chunk', 'tail', 'probe', 'snapshot', 'snapshot_part', 'update_part']) {
      this.#database.run(`DELETE FROM ${table} WHERE run_id = ?`, id);
    }
    this.#database.run(
      `UPDATE run SET rows = 0, layout_id = NULL, seconds = 0, provenance = NULL, train_accuracy = NULL,
         test_accuracy = NULL, series_digest = NULL, probe_digest = NULL, attempts = 0 WHERE id = ?`,
      id,
    );
    this.#hooks.emptied(id);
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
}

function sameEngine(stored: Provenance | null, next: Provenance | null): boolean {
  return stored?.engine === next?.engine && stored?.engineVersion === next?.engineVersion;
}

function cell(condition: string, seed: number): string {
  return `${seed} ${condition}`;
}
