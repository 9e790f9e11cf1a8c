import { csvCell } from '#shared/figures/csv-cell.ts';
import type { Table } from '#shared/report/table.ts';

/*
 * Tables of results as a spreadsheet takes them. Numbers that are at hand are written whole, and what is not there is an empty cell.
 */

export type ResultCell = string | number | boolean | null;

/** Its first row names the columns. */
export type ResultRows = readonly (readonly ResultCell[])[];

/** What stands in a table for what is not there. */
const absences: readonly string[] = ['-', '\u2013'];

function textOf(cell: ResultCell): string {
  if (cell === null) return '';
  const text = String(cell).trim();
  if (absences.includes(text)) return '';
  // A spreadsheet would take 5/5 for a day of May.
  return text.replace(/^(\d+)\/(\d+)$/, '$1 of $2');
}

export function commaSeparated(rows: ResultRows): string {
  return rows.map((row) => `${row.map((cell) => csvCell(textOf(cell))).join(',')}\n`).join('');
}

/** As spreadsheets copy their own cells. */
export function tabSeparated(rows: ResultRows): string {
  return rows.map((row) => row.map((cell) => tabCell(textOf(cell))).join('\t')).join('\n');
}

function tabCell(text: string): string {
  return /["\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table of a report, each column named with the group it is of. */
export function rowsOfTable({ columns, rows }: Table): ResultRows {
  return [columns.map(({ title, group }) => (group === null ? title : `${group} ${title}`)), ...rows];
}
