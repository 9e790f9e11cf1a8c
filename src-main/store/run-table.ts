import type { RunSummary } from '#shared/models/lab.ts';
import type { RunState } from '#shared/models/run.ts';
import { problem } from '#shared/models/problem.ts';
import type { LabDatabase } from './connection.ts';
import { type Row, integer, json, realOrNull, text } from './row.ts';
import { type RunReader, liveRun, runColumns, runJoins } from './run-record.ts';
import { matchText, runWords } from './search-text.ts';
import { tagListSchema } from './study-schema.ts';

/** A run as a line of a table: all that can be shown of thousands of them without reading a series. */
export interface RunRow extends RunSummary {
  /** In its newest row, as `testAccuracy`; null without rows, or where it is NaN. */
  readonly trainAccuracy: number | null;
}

export interface RunQuery {
  readonly studyId?: number;
  readonly condition?: string;
  /** Any of these. */
  readonly states?: readonly RunState[];
  readonly tag?: string;
  /** Words that all occur in the study's name or note, the condition, the run's note or their tags, upper and lower case alike. */
  readonly text?: string;
  /** By id when absent. Runs without a value come last in either direction. */
  readonly sort?: RunSort;
  readonly descending?: boolean;
  readonly offset?: number;
  /** All by default. */
  readonly limit?: number;
}

export interface RunPage {
  /** How many runs fit the query, on this page or not. */
  readonly total: number;
  readonly rows: readonly RunRow[];
}

const sortColumns = {
  id: 'run.id',
  study: 'study.name',
  condition: 'condition.name',
  seed: 'seed',
  state: 'state',
  rows: 'rows',
  seconds: 'seconds',
  trainAccuracy: 'train_accuracy',
  testAccuracy: 'test_accuracy',
};
export type RunSort = keyof typeof sortColumns;

const select = `SELECT ${runColumns}, study.name AS study_name, train_accuracy, test_accuracy, run.note, attempts,
  (SELECT json_group_array(tag) FROM (SELECT tag FROM run_tag WHERE run_id = run.id ORDER BY tag)) AS tags ${runJoins}`;

/** Runs of all studies, filtered, sorted and in pages. Deleted ones are not seen. */
export class RunTable {
  readonly #database: LabDatabase;
  readonly #reader: RunReader;

  constructor(database: LabDatabase, reader: RunReader) {
    this.#database = database;
    this.#reader = reader;
  }

  page(query: RunQuery = {}): RunPage {
    const words = matchText(query.text, runWords);
    const where = `WHERE ${liveRun} AND (?1 IS NULL OR study_id = ?1) AND (?2 IS NULL OR condition.name = ?2)
      AND (?3 IS NULL OR state IN (SELECT value FROM json_each(?3)))
      AND (?4 IS NULL OR EXISTS (SELECT 1 FROM run_tag WHERE run_id = run.id AND tag = ?4)) AND ${words.sql}`;
    const values = [
      query.studyId ?? null,
      query.condition ?? null,
      query.states === undefined ? null : JSON.stringify(query.states),
      query.tag ?? null,
      ...words.values,
    ];
    const column = sortColumns[query.sort ?? 'id'];
    const direction = query.descending === true ? 'DESC' : 'ASC';
    return this.#database.snapshot(() => ({
      total:
        this.#database.get(
          `SELECT count(*) AS n ${runJoins} ${where}`,
          (row) => integer(row, 'n'),
          ...values,
        ) ?? 0,
      rows: this.#database.all(
        `${select} ${where} ORDER BY ${column} IS NULL, ${column} ${direction}, run.id ${direction} LIMIT ? OFFSET ?`,
        (row) => this.#row(row),
        ...values,
        query.limit ?? -1,
        query.offset ?? 0,
      ),
    }));
  }

  /** @throws not-found, also for a deleted run */
  row(id: number): RunRow {
    const row = this.#database.get(
      `${select} WHERE ${liveRun} AND run.id = ?`,
      (found) => this.#row(found),
      id,
    );
    if (row !== undefined) return row;
    throw problem('not-found', `${this.#database.path} holds no run ${id}, or it is deleted.`);
  }

  #row(row: Row): RunRow {
    const tags = text(row, 'tags');
    return {
      ...this.#reader.run(row),
      studyName: text(row, 'study_name'),
      trainAccuracy: realOrNull(row, 'train_accuracy'),
      testAccuracy: realOrNull(row, 'test_accuracy'),
      note: text(row, 'note'),
      restarts: integer(row, 'attempts'),
      tags: tags === '[]' ? [] : json(tags, 'run_tag.tag', tagListSchema),
    };
  }
}
