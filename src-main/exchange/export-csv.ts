import type { LabStore } from '#main/store/lab-store.ts';
import { exportTables } from './export-tables.ts';
import type { ExportOptions, ExportResult, ExportTarget } from './export-target.ts';
import { csvNumber } from './number-text.ts';
import { writeText } from './output.ts';
import type { Cell, Table } from './table.ts';

/**
 * `series.csv`: study, condition, seed, epoch, then a column a series, empty where nothing was measured; `repulsion.csv` for the
 * probes. Every number reads back as the float64 that was measured. RFC 4180, with \n at the end of a line.
 */
export function exportCsv(
  store: LabStore,
  target: ExportTarget,
  folder: string,
  options: ExportOptions = {},
): ExportResult {
  return exportTables(store, target, folder, options, 'csv', (path, table) =>
    writeText(path, csvLines(table)),
  );
}

function* csvLines(table: Table): Generator<string> {
  yield `${table.columns.map((column) => quote(column.name)).join(',')}\n`;
  for (const { rows, values } of table.blocks()) {
    for (let row = 0; row < rows; row += 1) {
      yield `${values.map((column) => cellText(column[row] ?? null)).join(',')}\n`;
    }
  }
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'number' ? csvNumber(cell) : quote(cell);
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
