import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { checksum } from './checksum.ts';
import type { LabDatabase } from './connection.ts';
import { blob, integer, json, text } from './row.ts';

export type JsonValue = z.infer<typeof jsonValue>;
const jsonValue = z.json();

/** Where a run's trainer can start again. `header` says what `data` holds; both are the trainer's. */
export interface Snapshot {
  /** The state before this step. */
  readonly epoch: number;
  readonly header: JsonValue;
  readonly data: Uint8Array;
}

/**
 * Bytes written in one transaction. One of 40 MB (the headline task with its spectrum window) stopped the host for 0.25 s when written at
 * once, in parts of this size for 0.03 s at most, and took no longer altogether (measured on 2 cores, one disk).
 */
export const snapshotPartBytes = 1_000_000;

/** The newest snapshot of each run. */
export class SnapshotStore {
  readonly #database: LabDatabase;
  /** The save under way of each run; one that finds another here stops. */
  readonly #saving = new Map<number, symbol>();

  constructor(database: LabDatabase) {
    this.#database = database;
  }

  /**
   * Stores a snapshot in parts, letting everything else of this process in between; the one before stays until the last part is
   * there. Not synced to the disk: a power cut may bring the one before back, with the rows that belong to it.
   * The snapshot of an epoch is saved once: a run is a pure function, so another of that epoch would hold the same.
   * @returns false when a newer save, `abandon`, `drop` or the end of the store came in between; then nothing of it is kept
   */
  async save(runId: number, epoch: number, header: JsonValue, data: Uint8Array): Promise<boolean> {
    const own = Symbol('save');
    this.#saving.set(runId, own);
    // What a process that was killed in the middle left.
    this.#dropParts(runId);
    if (this.#epoch(runId) === epoch) return true;
    const headerText = JSON.stringify(header);
    let crc = 0;
    for (let offset = 0, number = 0; offset < data.length; offset += snapshotPartBytes, number += 1) {
      const part = data.subarray(offset, offset + snapshotPartBytes);
      crc = crc32(part, crc);
      this.#database.run(
        'INSERT INTO snapshot_part (run_id, epoch, number, data) VALUES (?, ?, ?, ?)',
        runId,
        epoch,
        number,
        part,
      );
      await setImmediate();
      if (this.#saving.get(runId) !== own || !this.#database.isOpen) return false;
    }
    this.#database.transaction(() => {
      this.#database.run(
        `INSERT INTO snapshot (run_id, epoch, header, bytes, crc32) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (run_id) DO UPDATE
           SET epoch = excluded.epoch, header = excluded.header, bytes = excluded.bytes, crc32 = excluded.crc32`,
        runId,
        epoch,
        headerText,
        data.length,
        crc32(headerText, crc),
      );
      this.#dropParts(runId);
    });
    this.#saving.delete(runId);
    return true;
  }

  /** @returns null when there is none, or it is not what was saved: the run then starts again from its seed */
  latest(runId: number): Snapshot | null {
    const found = this.#database.get(
      'SELECT epoch, header, bytes, crc32 FROM snapshot WHERE run_id = ?',
      (row) => ({
        epoch: integer(row, 'epoch'),
        header: text(row, 'header'),
        bytes: integer(row, 'bytes'),
        crc32: integer(row, 'crc32'),
      }),
      runId,
    );
    if (found === undefined) return null;
    const parts = this.#database.all(
      'SELECT data FROM snapshot_part WHERE run_id = ? AND epoch = ? ORDER BY number',
      (row) => blob(row, 'data'),
      runId,
      found.epoch,
    );
    const data = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let offset = 0;
    for (const part of parts) {
      data.set(part, offset);
      offset += part.length;
    }
    if (data.length !== found.bytes || checksum(data, found.header) !== found.crc32) return null;
    return { epoch: found.epoch, header: json(found.header, 'snapshot.header', jsonValue), data };
  }

  /** Ends a save that is under way: its trainer is gone, or the run is finished. */
  abandon(runId: number): void {
    if (this.#saving.delete(runId)) this.#dropParts(runId);
  }

  /** For the start of the only writer: parts whose save was cut short by the end of the one before. */
  dropUnfinished(): void {
    this.#database.run(
      `DELETE FROM snapshot_part
       WHERE NOT EXISTS (SELECT 1 FROM snapshot AS s WHERE s.run_id = snapshot_part.run_id AND s.epoch = snapshot_part.epoch)`,
    );
  }

  drop(runId: number): void {
    this.#saving.delete(runId);
    this.#database.run('DELETE FROM snapshot WHERE run_id = ?', runId);
    this.#dropParts(runId);
  }

  #epoch(runId: number): number | undefined {
    return this.#database.get(
      'SELECT epoch FROM snapshot WHERE run_id = ?',
      (row) => integer(row, 'epoch'),
      runId,
    );
  }

  /** All but those of the whole snapshot. */
  #dropParts(runId: number): void {
    this.#database.run(
      `DELETE FROM snapshot_part WHERE run_id = ?1
         AND epoch IS NOT (SELECT epoch FROM snapshot WHERE run_id = ?1)`,
      runId,
    );
  }
}
