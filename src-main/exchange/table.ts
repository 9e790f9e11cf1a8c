import type { LabStore } from '#main/store/lab-store.ts';
import type { PairRepulsion } from '#shared/science/repulsion-result.ts';
import type { ExportedRuns } from './export-target.ts';

/** A tidy table, column by column and run by run, so that every format can write it without holding it whole. */
export interface Table {
  readonly name: 'series' | 'repulsion';
  readonly columns: readonly TableColumn[];
  /** One a run, each with a value array a column. */
  blocks(): Iterable<TableBlock>;
}

export interface TableColumn {
  readonly name: string;
  readonly kind: 'text' | 'integer' | 'number';
}

export interface TableBlock {
  readonly rows: number;
  /** In the order of the columns. A missing number is NaN, a missing text null. */
  readonly values: readonly ArrayLike<Cell>[];
}

export type Cell = string | number | null;

const runColumns: readonly TableColumn[] = [
  { name: 'study', kind: 'text' },
  { name: 'condition', kind: 'text' },
  { name: 'seed', kind: 'integer' },
  { name: 'epoch', kind: 'integer' },
];

/** A row an epoch of a run; a column a series, the union over the runs. */
export function seriesTable(store: LabStore, { record, runs }: ExportedRuns): Table {
  const names = [...new Set(runs.flatMap((run) => store.series.names(run.id)))];
  return {
    name: 'series',
    columns: [...runColumns, ...names.map((name): TableColumn => ({ name, kind: 'number' }))],
    *blocks() {
      for (const run of runs) {
        const own = store.series.names(run.id);
        const read = store.series.readMany(run.id, own);
        const rows = read[0]?.length ?? 0;
        const series = new Map(own.map((name, index) => [name, read[index]]));
        yield {
          rows,
          values: [
            ...constants(rows, [record.name, run.condition, run.seed]),
            Array.from({ length: rows }, (_, epoch) => epoch),
            ...names.map((name) => series.get(name) ?? new Float64Array(rows).fill(Number.NaN)),
          ],
        };
      }
    },
  };
}

interface RepulsionRow {
  readonly epoch: number;
  readonly ridge: string;
  readonly ridgeValue: number;
  readonly borrowedFrom: string | null;
  readonly sample: 'top' | 'random';
  readonly pairs: PairRepulsion;
  readonly identityDeviation: number;
  readonly identityPairs: number;
  readonly meanDiagonal: number;
}

const repulsionColumns: readonly (TableColumn & { readonly of: (row: RepulsionRow) => Cell })[] = [
  { name: 'epoch', kind: 'integer', of: (row) => row.epoch },
  { name: 'ridge', kind: 'text', of: (row) => row.ridge },
  { name: 'ridge_value', kind: 'number', of: (row) => row.ridgeValue },
  { name: 'ridge_borrowed_from', kind: 'text', of: (row) => row.borrowedFrom },
  { name: 'sample', kind: 'text', of: (row) => row.sample },
  { name: 'pairs', kind: 'integer', of: (row) => row.pairs.b.length },
  { name: 'opposite', kind: 'number', of: (row) => row.pairs.opposite },
  { name: 'negative_given_positive', kind: 'number', of: (row) => row.pairs.negativeGivenPositive },
  { name: 'positive_pairs', kind: 'integer', of: (row) => row.pairs.positivePairs },
  { name: 'median_absolute', kind: 'number', of: (row) => row.pairs.medianAbsolute },
  { name: 'mean_diagonal', kind: 'number', of: (row) => row.meanDiagonal },
  { name: 'identity_deviation', kind: 'number', of: (row) => row.identityDeviation },
  { name: 'identity_pairs', kind: 'integer', of: (row) => row.identityPairs },
];

/** A row for each probed epoch, ridge and sample of pairs (top: the most similar; random: the baseline); null without probes. */
export function repulsionTable(store: LabStore, { record, runs }: ExportedRuns): Table | null {
  if (runs.every((run) => store.probes.list(run.id).length === 0)) return null;
  return {
    name: 'repulsion',
    columns: [...runColumns.slice(0, 3), ...repulsionColumns.map(({ name, kind }) => ({ name, kind }))],
    *blocks() {
      for (const run of runs) {
        const rows = repulsionRows(store, run.id);
        yield {
          rows: rows.length,
          values: [
            ...constants(rows.length, [record.name, run.condition, run.seed]),
            ...repulsionColumns.map((column) => rows.map(column.of)),
          ],
        };
      }
    },
  };
}

function repulsionRows(store: LabStore, runId: number): RepulsionRow[] {
  return store.probes.list(runId).flatMap(({ epoch, ridges }) =>
    ridges.flatMap((at) =>
      (['top', 'random'] as const).map((sample) => ({
        epoch,
        ridge: at.ridge.name,
        ridgeValue: at.ridge.value,
        borrowedFrom: at.ridge.borrowedFrom,
        sample,
        pairs: at[sample],
        identityDeviation: at.identityDeviation,
        identityPairs: at.identityPairs,
        meanDiagonal: at.meanDiagonal,
      })),
    ),
  );
}

function constants(rows: number, cells: readonly Cell[]): Cell[][] {
  return cells.map((cell) => Array.from({ length: rows }, () => cell));
}
