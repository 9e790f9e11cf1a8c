/** What of a run a table can show, filter and sort by. */
export interface RunColumnInfo {
  /** `seed`, `optimizer.weightDecay`, `lock-in`, `spectrum.W.ratio23` ... */
  readonly name: string;
  readonly kind: ColumnKind;
  /** Of the run itself, of what it was trained with, or of what was measured of it. */
  readonly group: 'run' | 'setting' | 'measure';
}

export type ColumnKind = 'number' | 'text' | 'list' | 'date';

/** One column of a table of runs, a value a run in the table's order. */
export type RunColumn =
  | {
      readonly name: string;
      readonly kind: 'number';
      /** NaN where a run has none: not measured, or a detector that did not fire. */
      readonly values: Float64Array;
    }
  | {
      readonly name: string;
      readonly kind: 'text';
      /** Places in `words`, because thousands of runs share a few; -1 where a run has none. */
      readonly values: Int32Array;
      readonly words: readonly string[];
    };

export interface RunTableQuery {
  /** Runs of this study only. */
  readonly studyId?: number;
  /** A filter as it is typed: see `parse-run-filter.ts`. */
  readonly where?: string;
  /** By any column; newest first when absent. Runs without a value come last in either direction. */
  readonly sort?: { readonly by: string; readonly descending: boolean };
  readonly columns?: readonly string[];
}

/** Every run that fits, as columns of numbers: ten thousand are some hundred kilobytes, and a window scrolls through them without asking again. */
export interface RunTable {
  /** Runs there are, whether they fit or not. */
  readonly total: number;
  /** Runs whose measures are still being taken from their series; what depends on them is not final. */
  readonly pending: number;
  readonly ids: Int32Array;
  readonly columns: readonly RunColumn[];
}

/** Something deleted that can still come back. */
export interface DeletedItem {
  readonly kind: 'study' | 'run';
  readonly id: number;
  /** The study's name; for a run also its condition and seed. */
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly deletedAt: string;
  /** Runs that come back with it. */
  readonly runs: number;
}
