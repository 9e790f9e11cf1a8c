import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { Row } from './row.ts';
import { sqliteCode } from './sqlite-problems.ts';

/** Ranges that may fail before the rest of a table is given up: some seconds' worth. */
const mostFailures = 20_000;
/** Where the rows of a table end when even that cannot be read. */
const farthestRow = 2 ** 31;

/**
 * Hands every row of a damaged table that can still be read to `visit`, in no order. A range of rows in which SQLite finds damage is
 * halved until only what lies on damaged pages is left out; large ranges first, so that a lost part near the top of the
 * tree does not use up the patience for the rest.
 * @param visit gets each row with its columns; integers that no lab holds (above 2^53) come as null
 * @returns whether something could not be read
 */
export function salvageTable(
  database: DatabaseSync,
  table: string,
  columns: readonly string[],
  visit: (row: Row) => void,
): boolean {
  const statement = database.prepare(
    `SELECT rowid AS salvage_rowid, ${columns.join(', ')} FROM ${table} WHERE rowid BETWEEN ? AND ? ORDER BY rowid`,
  );
  statement.setReadBigInts(true);
  const ranges: (readonly [number, number])[] = [[1, lastRow(database, table)]];
  let failures = 0;
  for (let range = ranges.shift(); range !== undefined && failures < mostFailures; range = ranges.shift()) {
    const [first, last] = range;
    let next = first;
    try {
      for (const row of statement.iterate(first, last)) {
        const { salvage_rowid: rowid, ...values } = row;
        // A damaged tree can lead back to rows that were read.
        if (typeof rowid !== 'bigint' || rowid < next || rowid > last) continue;
        next = Number(rowid) + 1;
        visit(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, narrow(value)])));
      }
    } catch (error) {
      if (sqliteCode(error) === null) throw error;
      failures += 1;
      if (next >= last) continue;
      const middle = Math.floor((next + last) / 2);
      ranges.push([next, middle], [middle + 1, last]);
    }
  }
  return failures > 0;
}

function lastRow(database: DatabaseSync, table: string): number {
  try {
    const row = database.prepare(`SELECT max(rowid) AS last FROM ${table}`).get();
    const last = row?.['last'];
    if (typeof last === 'number' && last <= farthestRow) return last;
    return last === null ? 0 : farthestRow;
  } catch {
    return farthestRow;
  }
}

function narrow(value: SQLOutputValue): SQLOutputValue {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : null;
}
