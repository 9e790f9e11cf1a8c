import { entryOf, rowBase, type SymmetricMatrix } from './symmetric-matrix.ts';

/** Positions from..to-1 along an ordered axis. */
export type Stretch = readonly [from: number, to: number];

/**
 * What a cell that covers several pairs shows: `extreme`, the signed value of largest magnitude, so that a single repelling pair does
 * not vanish in a crowd; or their mean.
 */
export const cellStatistics = ['extreme', 'mean'] as const;
export type CellStatistic = (typeof cellStatistics)[number];

export interface TileShape {
  /** The unit at each position of both axes: a permutation of 0..width-1. */
  readonly order: Int32Array;
  readonly rows: Stretch;
  readonly columns: Stretch;
  /** Cells down and across, each at most the positions it has to show. */
  readonly height: number;
  readonly width: number;
  readonly statistic: CellStatistic;
}

/** First position of each of `count` cells over a stretch, and its end last, [count + 1]. Cells differ by one position at most. */
export function cellEdges([from, to]: Stretch, count: number): Int32Array {
  return Int32Array.from({ length: count + 1 }, (_, cell) => from + Math.floor((cell * (to - from)) / count));
}

/**
 * A stretch of the matrix in an order of its units, one value a cell, row-major [height, width]. The diagonal (a unit with itself) is
 * no pair and counts nowhere: a cell of nothing else is NaN. Of values of equal magnitude and opposite sign the negative one is taken.
 */
export function resampleTile(matrix: SymmetricMatrix, shape: TileShape): Float64Array {
  const { order, rows, columns, height, width, statistic } = shape;
  const { upper } = matrix;
  const rowEdges = cellEdges(rows, height);
  const cellOfColumn = cellAtPosition(columns, width);
  const units = order.subarray(columns[0], columns[1]);
  const bases = Int32Array.from({ length: matrix.width }, (_, j) => rowBase(matrix.width, j));
  const values = new Float64Array(height * width);
  const counts = new Int32Array(width);
  for (let cellRow = 0; cellRow < height; cellRow++) {
    counts.fill(0);
    const line = values.subarray(cellRow * width, (cellRow + 1) * width);
    for (let position = rowEdges[cellRow]; position < rowEdges[cellRow + 1]; position++) {
      const j = order[position];
      for (let place = 0; place < units.length; place++) {
        const l = units[place];
        if (l === j) continue;
        const value = j < l ? upper[bases[j] + l] : upper[bases[l] + j];
        const cell = cellOfColumn[place];
        if (statistic === 'mean') line[cell] += value;
        else if (counts[cell] === 0 || isMoreExtreme(value, line[cell])) line[cell] = value;
        counts[cell]++;
      }
    }
    for (let cell = 0; cell < width; cell++) {
      if (counts[cell] === 0) line[cell] = NaN;
      else if (statistic === 'mean') line[cell] /= counts[cell];
    }
  }
  return values;
}

function isMoreExtreme(value: number, than: number): boolean {
  const [size, other] = [Math.abs(value), Math.abs(than)];
  return size > other || (size === other && value < than);
}

function cellAtPosition(stretch: Stretch, count: number): Int32Array {
  const edges = cellEdges(stretch, count);
  const cells = new Int32Array(stretch[1] - stretch[0]);
  for (let cell = 0; cell < count; cell++) {
    cells.fill(cell, edges[cell] - stretch[0], edges[cell + 1] - stretch[0]);
  }
  return cells;
}

export interface ExtremePair {
  readonly j: number;
  readonly l: number;
  readonly value: number;
}

/** The pair a cell's `extreme` belongs to, by row and column unit; null when the cell holds the diagonal alone. */
export function extremePair(
  matrix: SymmetricMatrix,
  order: Int32Array,
  rows: Stretch,
  columns: Stretch,
): ExtremePair | null {
  let found: ExtremePair | null = null;
  for (const j of order.subarray(...rows)) {
    for (const l of order.subarray(...columns)) {
      if (j === l) continue;
      const value = entryOf(matrix, j, l);
      if (found === null || isMoreExtreme(value, found.value)) found = { j, l, value };
    }
  }
  return found;
}
