import type { SQLOutputValue } from 'node:sqlite';
import type { z } from 'zod';

/** One row as SQLite hands it over; the readers below are the door through which it becomes a model. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** A row that does not hold what the schema promises: the file was damaged or edited by hand. Named with its path one layer up. */
export class DamagedRow extends Error {}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new DamagedRow(`column ${column} should hold an integer, holds ${describe(value)}`);
}

export function real(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === 'number') return value;
  throw new DamagedRow(`column ${column} should hold a number, holds ${describe(value)}`);
}

export function realOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : real(row, column);
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw new DamagedRow(`column ${column} should hold text, holds ${describe(value)}`);
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

export function blob(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (value instanceof Uint8Array) return value;
  throw new DamagedRow(`column ${column} should hold a blob, holds ${describe(value)}`);
}

/** JSON text, parsed and checked against its schema. */
export function json<T>(jsonText: string, column: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(jsonText);
  } catch {
    throw new DamagedRow(`column ${column} should hold JSON, holds ${describe(jsonText)}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new DamagedRow(
    `column ${column}, ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`,
  );
}

function describe(value: SQLOutputValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return shown.length > 60 ? `${shown.slice(0, 60)}...` : shown;
}
