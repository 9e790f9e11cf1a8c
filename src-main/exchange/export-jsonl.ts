import type { LabStore } from '#main/store/lab-store.ts';
import { exportTables } from './export-tables.ts';
import type { ExportOptions, ExportResult, ExportTarget } from './export-target.ts';
import { jsonNumber } from './number-text.ts';
import { writeText } from './output.ts';
import type { Table } from './table.ts';

/** The tables of `exportCsv` with an object a line. What was not measured is left out of its line. */
export function exportJsonl(
  store: LabStore,
  target: ExportTarget,
  folder: string,
  options: ExportOptions = {},
): ExportResult {
  return exportTables(store, target, folder, options, 'jsonl', (path, table) =>
    writeText(path, jsonLines(table)),
  );
}

function* jsonLines(table: Table): Generator<string> {
  const keys = table.columns.map((column) => `${JSON.stringify(column.name)}:`);
  for (const { rows, values } of table.blocks()) {
    for (let row = 0; row < rows; row += 1) {
      const members: string[] = [];
      for (const [index, column] of values.entries()) {
        const cell = column[row] ?? null;
        if (cell === null || Number.isNaN(cell)) continue;
        members.push(`${keys[index]}${typeof cell === 'number' ? jsonNumber(cell) : JSON.stringify(cell)}`);
      }
      yield `{${members.join(',')}}\n`;
    }
  }
}
