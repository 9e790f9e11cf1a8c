import { z } from 'zod';
import type { LabDatabase } from './connection.ts';
import { blob, integer, json, text } from './row.ts';

export type JsonValue = z.infer<typeof jsonValue>;
const jsonValue = z.json();

/** Where a run's trainer can start again. `header` says what `data` holds; both are the trainer's. */
export interface Snapshot {
  readonly epoch: number;
  readonly header: JsonValue;
  readonly data: Uint8Array;
}

/** The newest snapshot of each run. */
export class SnapshotStore {
  readonly #database: LabDatabase;

  constructor(database: LabDatabase) {
    this.#database = database;
  }

  save(runId: number, epoch: number, header: JsonValue, data: Uint8Array): void {
    this.#database.transaction(
      () => {
        this.#database.run(
          `INSERT INTO snapshot (run_id, epoch, header, data) VALUES (?, ?, ?, ?)
           ON CONFLICT (run_id) DO UPDATE SET epoch = excluded.epoch, header = excluded.header, data = excluded.data`,
          runId,
          epoch,
          JSON.stringify(header),
          data,
        );
      },
      { durable: true },
    );
  }

  latest(runId: number): Snapshot | null {
    const found = this.#database.get(
      'SELECT epoch, header, data FROM snapshot WHERE run_id = ?',
      (row) => ({
        epoch: integer(row, 'epoch'),
        header: json(text(row, 'header'), 'snapshot.header', jsonValue),
        data: blob(row, 'data'),
      }),
      runId,
    );
    return found ?? null;
  }

  drop(runId: number): void {
    this.#database.run('DELETE FROM snapshot WHERE run_id = ?', runId);
  }
}
