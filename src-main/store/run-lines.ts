import type { Settings } from '#shared/models/settings.ts';
import type { RunState } from '#shared/models/run.ts';
import type { LabDatabase } from './connection.ts';
import { integer, real, realOrNull, text, textOrNull } from './row.ts';
import { type RunReader, liveRun, runJoins, runState } from './run-record.ts';

/** A run as little as a table of ten thousand needs: what it shares with others stays with its condition and study. */
export interface RunLine {
  readonly id: number;
  readonly conditionId: number;
  readonly seed: number;
  readonly state: RunState;
  readonly rows: number;
  readonly seconds: number;
  readonly trainAccuracy: number | null;
  readonly testAccuracy: number | null;
  readonly engine: string | null;
  readonly note: string;
  /** In alphabetical order. */
  readonly tags: readonly string[];
}

export interface ConditionLine {
  readonly id: number;
  readonly studyId: number;
  readonly name: string;
  readonly settings: Settings;
}

/** Every run of the lab, lean. */
export class RunLines {
  readonly #database: LabDatabase;
  readonly #reader: RunReader;

  constructor(database: LabDatabase, reader: RunReader) {
    this.#database = database;
    this.#reader = reader;
  }

  /** Differs from an earlier answer when anything in the lab may have changed since, by this program or by another. */
  version(): string {
    const own = this.#database.get('SELECT total_changes() AS n', (row) => integer(row, 'n')) ?? 0;
    const others = this.#database.get('PRAGMA data_version', (row) => integer(row, 'data_version')) ?? 0;
    return `${own} ${others}`;
  }

  /** Newest first. */
  runs(): RunLine[] {
    const tags = this.#tags();
    return this.#database.all(
      `SELECT run.id, condition_id, seed, state, rows, seconds, train_accuracy, test_accuracy, run.note,
         provenance ->> 'engine' AS engine ${runJoins} WHERE ${liveRun} ORDER BY run.id DESC`,
      (row): RunLine => {
        const id = integer(row, 'id');
        return {
          id,
          conditionId: integer(row, 'condition_id'),
          seed: integer(row, 'seed'),
          state: runState(text(row, 'state')),
          rows: integer(row, 'rows'),
          seconds: real(row, 'seconds'),
          trainAccuracy: realOrNull(row, 'train_accuracy'),
          testAccuracy: realOrNull(row, 'test_accuracy'),
          engine: textOrNull(row, 'engine'),
          note: text(row, 'note'),
          tags: tags.get(id) ?? none,
        };
      },
    );
  }

  /** By id; those of deleted studies too. */
  conditions(): ReadonlyMap<number, ConditionLine> {
    const conditions = this.#database.all(
      'SELECT id, study_id, name, settings FROM condition',
      (row): ConditionLine => ({
        id: integer(row, 'id'),
        studyId: integer(row, 'study_id'),
        name: text(row, 'name'),
        settings: this.#reader.settings(text(row, 'settings')),
      }),
    );
    return new Map(conditions.map((condition) => [condition.id, condition]));
  }

  #tags(): ReadonlyMap<number, readonly string[]> {
    const tags = new Map<number, string[]>();
    this.#database.all('SELECT run_id, tag FROM run_tag ORDER BY run_id, tag', (row) => {
      const runId = integer(row, 'run_id');
      const known = tags.get(runId);
      if (known) known.push(text(row, 'tag'));
      else tags.set(runId, [text(row, 'tag')]);
    });
    return tags;
  }
}

const none: readonly string[] = [];
