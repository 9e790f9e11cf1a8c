import type { RunTable } from '#shared/models/run-table.ts';

/** A value of a table, as its column has it: NaN and null are "none". */
export type CellValue = number | string | null;

/** Reads values out of a table's columns by name and place. */
export function cellReader(table: RunTable, name: string): (place: number) => CellValue {
  const column = table.columns.find((other) => other.name === name);
  if (!column) return () => null;
  if (column.kind === 'number') return (place) => column.values[place] ?? Number.NaN;
  return (place) => column.words[column.values[place] ?? -1] ?? null;
}

export function numberReader(table: RunTable, name: string): (place: number) => number {
  const read = cellReader(table, name);
  return (place) => {
    const value = read(place);
    return typeof value === 'number' ? value : Number.NaN;
  };
}

export function textReader(table: RunTable, name: string): (place: number) => string {
  const read = cellReader(table, name);
  return (place) => String(read(place) ?? '');
}
