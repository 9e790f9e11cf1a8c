import type { CellStatistic, Stretch } from '../science/matrix-cells.ts';
import type { UnitFacts } from '../science/pair-matrices.ts';

/** Which matrix: B = (G + ridge I)^-1 of one run at one epoch. */
export interface MatrixQuery {
  readonly runId: number;
  readonly epoch: number;
  readonly ridge: number;
}

/** What making one goes through, in order: the run is trained again to the epoch, B is computed, its units are ordered. */
export const matrixStages = ['training', 'inverting', 'ordering'] as const;
export type MatrixStage = (typeof matrixStages)[number];

/** A matrix the lab holds in memory until it is closed, or two newer ones were made. */
export interface PreparedMatrix extends UnitFacts {
  /** K: rows and columns. */
  readonly width: number;
  /** As `tensorflow 4.22.0`. */
  readonly engine: string;
  /** Seconds it took to make. */
  readonly seconds: number;
  /** How it compares, bit for bit, with the probe stored at that epoch: B where that has the same ridge, and the cosines. */
  readonly stored: 'identical' | 'different' | 'none';
  /** Numbers of the stored probe that were compared. */
  readonly compared: number;
}

/** What making a matrix would take. */
export interface MatrixCost {
  /** Training again to the epoch, from what the run took; at most this, as nothing is measured on the way. Null when not known. */
  readonly trainingSeconds: number | null;
  readonly algebraSeconds: number;
  /** Kept in memory. */
  readonly bytes: number;
}

export type MatrixState =
  | { readonly state: 'absent'; readonly cost: MatrixCost }
  | { readonly state: 'preparing'; readonly stage: MatrixStage; readonly epoch: number }
  | { readonly state: 'ready'; readonly matrix: PreparedMatrix };

export const matrixOrders = ['index', 'frequency', 'cluster'] as const;
export type MatrixOrder = (typeof matrixOrders)[number];

export const matrixKinds = ['b', 'cosine'] as const;
export type MatrixKind = (typeof matrixKinds)[number];

/** A stretch of a prepared matrix, re-sampled to so many cells. */
export interface TileQuery extends MatrixQuery {
  readonly kind: MatrixKind;
  readonly order: MatrixOrder;
  /** Positions in that order. */
  readonly rows: Stretch;
  readonly columns: Stretch;
  /** Cells down and across. */
  readonly cells: readonly [number, number];
  readonly statistic: CellStatistic;
}

export interface MatrixTile {
  /** One a cell, row-major; NaN where a cell holds the diagonal alone. */
  readonly values: Float64Array;
}

/** Where the pointer is: a cell's rows and columns, as positions in an order. */
export interface PairQuery extends MatrixQuery {
  /** Whose value of largest magnitude is looked for. */
  readonly kind: MatrixKind;
  readonly order: MatrixOrder;
  readonly rows: Stretch;
  readonly columns: Stretch;
}

/** The pair of largest magnitude in a cell; null on the diagonal. */
export type MatrixPair = {
  readonly j: number;
  readonly l: number;
  readonly b: number;
  readonly cosine: number;
} | null;
