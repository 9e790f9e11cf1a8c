import {
  type BasicType,
  type ColumnSource,
  ParquetWriter,
  fileWriter,
  schemaFromColumnData,
} from 'hyparquet-writer';
import type { LabStore } from '#main/store/lab-store.ts';
import { exportTables } from './export-tables.ts';
import type { ExportOptions, ExportResult, ExportTarget } from './export-target.ts';
import type { Cell, Table, TableBlock, TableColumn } from './table.ts';

/** Rows a row group holds at least, so that a lab of any size is written in little memory. */
const groupRows = 50_000;

/** Seeds reach 2^32 - 1, past INT32. */
const types: Readonly<Record<TableColumn['kind'], BasicType>> = {
  text: 'STRING',
  integer: 'INT64',
  number: 'DOUBLE',
};

/** The tables of `exportCsv` as Parquet: text, INT64 and DOUBLE columns; null where nothing was measured. */
export function exportParquet(
  store: LabStore,
  target: ExportTarget,
  folder: string,
  options: ExportOptions = {},
): ExportResult {
  return exportTables(store, target, folder, options, 'parquet', writeParquet);
}

function writeParquet(path: string, table: Table): void {
  const schema = schemaFromColumnData({ columnData: columnSources(table, []) });
  const writer = new ParquetWriter({ writer: fileWriter(path), schema, createdBy: 'grokscope' });
  let waiting: TableBlock[] = [];
  let rows = 0;
  const flush = (): void => {
    if (rows > 0) finished(writer.write({ columnData: columnSources(table, waiting), rowGroupSize: rows }));
    waiting = [];
    rows = 0;
  };
  for (const block of table.blocks()) {
    waiting.push(block);
    rows += block.rows;
    if (rows >= groupRows) flush();
  }
  flush();
  finished(writer.finish());
}

function columnSources(table: Table, blocks: readonly TableBlock[]): ColumnSource[] {
  return table.columns.map(({ name, kind }, index) => ({
    name,
    type: types[kind],
    nullable: true,
    data: blocks.flatMap((block) => Array.from(block.values[index] ?? [], (cell) => parquetCell(cell, kind))),
  }));
}

function parquetCell(cell: Cell, kind: TableColumn['kind']): string | number | bigint | null {
  if (cell === null || Number.isNaN(cell)) return null;
  return kind === 'integer' ? BigInt(cell) : cell;
}

/** hyparquet-writer's file writer works synchronously; a promise here would mean that the file is not yet written. */
function finished(result: void | Promise<void>): void {
  if (result instanceof Promise) throw new Error('the Parquet writer did not finish at once');
}
