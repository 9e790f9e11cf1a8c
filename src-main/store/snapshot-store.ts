import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { checksum } from './checksum.ts';
import type { LabDatabase } from './connection.ts';
import { blob, integer, json, text } from './row.ts';
import { UpdateStore, joined } from './update-store.ts';

export type JsonValue = z.infer<typeof jsonValue>;
const jsonValue = z.json();
/** All that the store reads of a header. */
const withUpdates = z.object({ updates: z.int().nonnegative() });

/** Where a run's trainer can start again. `header` says what `data` holds; both are the trainer's, but for `updates` in it. */
export interface Snapshot {
  /** The state before this step. */
  readonly epoch: number;
  readonly header: JsonValue;
  readonly data: Uint8Array;
  /** Of the steps just before `epoch`, oldest first, as many as `header.updates` says; null for one that is not what was saved. */
  readonly updates: readonly (Uint8Array | null)[];
}

/**
 * Bytes written in one transaction. One of 40 MB (the headline task with its spectrum window) stopped the host for 0.25 s when written at
 * once, in parts of this size for 0.03 s at most, and took no longer altogether (measured on 2 cores, one disk).
 */
export const snapshotPartBytes = 1_000_000;

/** The newest snapshot of each run, with the updates that belong to it and those that came for the next one. */
export class SnapshotStore {
  readonly #database: LabDatabase;
  readonly #updates: UpdateStore;
  /** The save under way of each run; one that finds another here stops. */
  readonly #saving = new Map<number, symbol>();

  constructor(database: LabDatabase) {
    this.#database = database;
    this.#updates = new UpdateStore(database);
  }

  /** A part of what a step changed, for a snapshot to come; that of its last step must be here before the snapshot is. */
  saveUpdatePart(runId: number, step: number, number: number, data: Uint8Array): void {
    this.#updates.savePart(runId, step, number, data);
  }

  /**
   * Stores a snapshot in parts, letting everything else of this process in between; the one before stays until the last part is
   * there, and with it the updates it needs: those before `firstUpdate` go only with it. Not synced to the disk: a power cut may bring the one before back, with the rows that belong to it.
   * The snapshot of an epoch is saved once: a run is a pure function, so another of that epoch would hold the same.
   * @returns false when a newer save, `abandon`, `drop` or the end of the store came in between; then nothing of it is kept
   */
  async save(
    runId: number,
    epoch: number,
    header: JsonValue,
    data: Uint8Array,
    firstUpdate = epoch,
  ): Promise<boolean> {
    const own = Symbol('save');
    this.#saving.set(runId, own);
    // What a process that was killed in the middle left.
    this.#dropParts(runId);
    if (this.epoch(runId) === epoch) return true;
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
      this.#updates.dropBefore(runId, firstUpdate);
    });
    this.#saving.delete(runId);
    return true;
  }

  /**
   * With all its updates, 35 MB where epochs of the headline task are slow: for who may hold the host up.
   * @returns null when there is none, or it is not what was saved: the run then starts again from its seed
   */
  latest(runId: number): Snapshot | null {
    const head = this.head(runId);
    if (head === null) return null;
    const { updates: count, ...snapshot } = head;
    const updates = Array.from({ length: count }, (_, index) =>
      this.update(runId, head.epoch - count + index),
    );
    // All are of one length: one that lacks its last part is shorter.
    const longest = Math.max(...updates.map((update) => update?.length ?? 0));
    return { ...snapshot, updates: updates.map((update) => (update?.length === longest ? update : null)) };
  }

  /** The same, with the number of its updates only; `update` reads one. */
  head(runId: number): (Omit<Snapshot, 'updates'> & { readonly updates: number }) | null {
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
    const data = joined(parts);
    if (data.length !== found.bytes || checksum(data, found.header) !== found.crc32) return null;
    const header = json(found.header, 'snapshot.header', jsonValue);
    const { updates } = withUpdates.safeParse(header).data ?? { updates: 0 };
    return { epoch: found.epoch, header, data, updates };
  }

  /** @returns null for one that is not there as it was saved; whether its last part is there shows in its length alone */
  update(runId: number, step: number): Uint8Array | null {
    return this.#updates.read(runId, step);
  }

  /** Ends a save that is under way: its trainer is gone, or the run is finished. */
  abandon(runId: number): void {
    if (this.#saving.delete(runId)) this.#dropParts(runId);
    this.#updates.dropLoose(runId);
  }

  /** For the start of the only writer: parts whose save was cut short by the end of the one before. */
  dropUnfinished(): void {
    this.#database.run(
      `DELETE FROM snapshot_part
       WHERE NOT EXISTS (SELECT 1 FROM snapshot AS s WHERE s.run_id = snapshot_part.run_id AND s.epoch = snapshot_part.epoch)`,
    );
    this.#database.run(
      `DELETE FROM update_part
       WHERE NOT EXISTS (SELECT 1 FROM snapshot AS s WHERE s.run_id = update_part.run_id AND s.epoch > update_part.step)`,
    );
  }

  drop(runId: number): void {
    this.#saving.delete(runId);
    this.#database.run('DELETE FROM snapshot WHERE run_id = ?', runId);
    this.#dropParts(runId);
    this.#updates.drop(runId);
  }

  /** Of the snapshot there is, whether or not it is still what was saved. */
  epoch(runId: number): number | undefined {
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
