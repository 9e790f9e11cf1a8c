import type { LabStore } from '#main/store/lab-store.ts';
import {
  type ExportOptions,
  type ExportResult,
  type ExportTarget,
  type ExportedRuns,
  exportedRuns,
} from './export-target.ts';
import { writeOutput } from './output.ts';
import { type Table, repulsionTable, seriesTable } from './table.ts';

/** `series.EXT`, and `repulsion.EXT` where there are probes, each written by `write`. */
export function exportTables(
  store: LabStore,
  target: ExportTarget,
  folder: string,
  options: ExportOptions,
  extension: string,
  write: (path: string, table: Table) => void,
): ExportResult {
  const exported = exportedRuns(store, target);
  const tables = tablesOf(store, exported);
  const fileName = (table: Table): string => `${table.name}.${extension}`;
  const files = writeOutput(folder, tables.map(fileName), options, (pathOf) => {
    for (const table of tables) write(pathOf(fileName(table)), table);
  });
  return { files, rows: exported.runs.reduce((sum, run) => sum + run.rows, 0), notes: [] };
}

function tablesOf(store: LabStore, exported: ExportedRuns): Table[] {
  const repulsion = repulsionTable(store, exported);
  return repulsion === null ? [seriesTable(store, exported)] : [seriesTable(store, exported), repulsion];
}
