import { checksum } from './checksum.ts';
import type { LabDatabase } from './connection.ts';
import { type Row, blob, integer } from './row.ts';

/** What the last steps of a run changed, in parts, for as long as its snapshot or the next one needs them. */
export class UpdateStore {
  readonly #database: LabDatabase;

  constructor(database: LabDatabase) {
    this.#database = database;
  }

  /** At once, so that trainers which send faster than the disk writes must wait. One that is there already gives way. */
  savePart(runId: number, step: number, number: number, data: Uint8Array): void {
    this.#database.run(
      `INSERT INTO update_part (run_id, step, number, data, crc32) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (run_id, step, number) DO UPDATE SET data = excluded.data, crc32 = excluded.crc32`,
      runId,
      step,
      number,
      data,
      checksumOf(step, number, data),
    );
  }

  /** @returns null when there is none, a part of it is missing between others, or is not what was saved */
  read(runId: number, step: number): Uint8Array | null {
    const parts = this.#database.all(
      'SELECT step, number, data, crc32 FROM update_part WHERE run_id = ? AND step = ? ORDER BY number',
      (row) => ({ number: integer(row, 'number'), whole: isWholePart(row), data: blob(row, 'data') }),
      runId,
      step,
    );
    if (parts.length === 0 || parts.some(({ number, whole }, index) => !whole || number !== index))
      return null;
    return joined(parts.map(({ data }) => data));
  }

  dropBefore(runId: number, step: number): void {
    this.#database.run('DELETE FROM update_part WHERE run_id = ? AND step < ?', runId, step);
  }

  /** Those of steps that no snapshot has reached. */
  dropLoose(runId: number): void {
    this.#database.run(
      `DELETE FROM update_part WHERE run_id = ?1
         AND step >= coalesce((SELECT epoch FROM snapshot WHERE run_id = ?1), 0)`,
      runId,
    );
  }

  drop(runId: number): void {
    this.#database.run('DELETE FROM update_part WHERE run_id = ?', runId);
  }
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const data = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    data.set(part, offset);
    offset += part.length;
  }
  return data;
}

/** Whether a row of `update_part` is as it was stored. */
export function isWholePart(row: Row): boolean {
  return (
    integer(row, 'crc32') === checksumOf(integer(row, 'step'), integer(row, 'number'), blob(row, 'data'))
  );
}

function checksumOf(step: number, number: number, data: Uint8Array): number {
  return checksum(`${step}.${number} `, data);
}
