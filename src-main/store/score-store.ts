import type { LabDatabase } from './connection.ts';
import { packFloats, unpackFloats } from './float-blob.ts';
import { blob, integer, json, text } from './row.ts';
import { seriesLayoutSchema } from './study-schema.ts';

/** What was measured of a run, and of what. */
export interface Score {
  /** Says which rows were scored and how: a score of any other basis is out of date. */
  readonly basis: string;
  readonly names: readonly string[];
  /** One a name; NaN where a detector did not fire, or nothing was measured. */
  readonly values: Float64Array;
}

/** The scores of runs, all of them in memory once they are asked for: 10,000 of 40 measures are 3 MB. */
export class ScoreStore {
  readonly #database: LabDatabase;
  readonly #layouts = new Map<string, readonly string[]>();
  #scores: Map<number, Score> | null = null;

  constructor(database: LabDatabase) {
    this.#database = database;
  }

  get(runId: number): Score | null {
    return this.#all().get(runId) ?? null;
  }

  /** Keeps scores in memory, and in the file where it can be written. */
  keep(scores: ReadonlyMap<number, Score>): void {
    for (const [runId, score] of scores) this.#all().set(runId, score);
    if (this.#database.readOnly || scores.size === 0) return;
    this.#database.transaction(() => {
      for (const [runId, { basis, names, values }] of scores) {
        const layout = JSON.stringify(names);
        this.#database.run(
          'INSERT INTO score_layout (names) VALUES (?) ON CONFLICT (names) DO NOTHING',
          layout,
        );
        this.#database.run(
          `INSERT INTO score (run_id, basis, layout_id, data)
             VALUES (?, ?, (SELECT id FROM score_layout WHERE names = ?), ?)
           ON CONFLICT (run_id) DO UPDATE SET basis = excluded.basis, layout_id = excluded.layout_id, data = excluded.data`,
          runId,
          basis,
          layout,
          packFloats([values]),
        );
      }
    });
  }

  /** The run has lost its rows: others may come that its score does not tell apart from them. */
  drop(runId: number): void {
    this.#scores?.delete(runId);
    this.#database.run('DELETE FROM score WHERE run_id = ?', runId);
  }

  #all(): Map<number, Score> {
    if (this.#scores) return this.#scores;
    const scores = new Map<number, Score>();
    this.#database.all(
      'SELECT run_id, basis, names, data FROM score JOIN score_layout ON score_layout.id = layout_id',
      (row) =>
        scores.set(integer(row, 'run_id'), {
          basis: text(row, 'basis'),
          names: this.#names(text(row, 'names')),
          values: unpackFloats(blob(row, 'data')),
        }),
    );
    this.#scores = scores;
    return scores;
  }

  /** One array for all runs of a layout: what looks names up in it keeps its answers with the array. */
  #names(layout: string): readonly string[] {
    const known = this.#layouts.get(layout);
    if (known) return known;
    const names = json(layout, 'score_layout.names', seriesLayoutSchema);
    this.#layouts.set(layout, names);
    return names;
  }
}
