import type { LabDatabase } from './connection.ts';
import { unpackFloats } from './float-blob.ts';
import { blob, integer } from './row.ts';
import { chunkEpochs } from './chunk-epochs.ts';

/** What the chunks and tail of a run really hold, whatever its row says. */
export interface Coverage {
  /** Epochs 0..rows-1 are there of every series. */
  readonly rows: number;
  /** Nothing is there besides. */
  readonly exact: boolean;
}

interface Piece {
  readonly series: number;
  readonly first: number;
  readonly count: number;
}

/**
 * @param width how many series the run has
 * @param pieces all, or only those that are what was stored
 */
export function seriesCoverage(
  database: LabDatabase,
  runId: number,
  width: number,
  pieces: 'all' | 'sound' = 'all',
): Coverage {
  const sound = pieces === 'sound' ? 'AND crc32 = crc32(data)' : '';
  const chunks = database.all(
    `SELECT series, number, length(data) AS bytes FROM chunk WHERE run_id = ? ${sound} ORDER BY number`,
    (row): Piece => ({
      series: integer(row, 'series'),
      first: integer(row, 'number') * chunkEpochs,
      count: integer(row, 'bytes') / 8,
    }),
    runId,
  );
  const tail = database.all(
    `SELECT first_epoch, length(data) AS bytes FROM tail WHERE run_id = ? ${sound} ORDER BY first_epoch`,
    (row) => ({ first: integer(row, 'first_epoch'), count: integer(row, 'bytes') / 8 / width }),
    runId,
  );
  const covered = Array.from({ length: width }, () => 0);
  let cells = 0;
  for (const { series, first, count } of chunks) {
    cells += count;
    const whole = Number.isInteger(count) && count <= chunkEpochs;
    if (whole && covered[series] === first) covered[series] = first + count;
  }
  for (const { first, count } of tail) {
    cells += count * width;
    if (!Number.isInteger(count)) continue;
    for (const [series, rows] of covered.entries()) {
      if (rows >= first) covered[series] = Math.max(rows, first + count);
    }
  }
  const rows = width === 0 ? 0 : Math.min(...covered);
  return { rows, exact: cells === rows * width };
}

/** Epochs 0..rows-1 of every series, where `seriesCoverage` found them; a chunk wins over a batch of the tail. */
export function readCovered(
  database: LabDatabase,
  runId: number,
  width: number,
  rows: number,
): Float64Array[] {
  const columns = Array.from({ length: width }, () => new Float64Array(rows));
  const put = (series: number, first: number, values: Float64Array): void => {
    if (first < rows && first >= 0) columns[series]?.set(values.subarray(0, rows - first), first);
  };
  database.all(
    'SELECT first_epoch, data FROM tail WHERE run_id = ?',
    (row) => {
      const values = unpackFloats(blob(row, 'data'));
      const count = values.length / width;
      if (!Number.isInteger(count)) return;
      for (let series = 0; series < width; series += 1) {
        put(series, integer(row, 'first_epoch'), values.subarray(series * count, (series + 1) * count));
      }
    },
    runId,
  );
  database.all(
    'SELECT series, number, data FROM chunk WHERE run_id = ?',
    (row) =>
      put(integer(row, 'series'), integer(row, 'number') * chunkEpochs, unpackFloats(blob(row, 'data'))),
    runId,
  );
  return columns;
}
