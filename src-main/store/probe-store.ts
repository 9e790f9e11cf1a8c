import type { RepulsionResult } from '#shared/science/repulsion-result.ts';
import type { LabDatabase } from './connection.ts';
import { packRepulsion, unpackRepulsion } from './probe-codec.ts';
import { blob, json, text } from './row.ts';

/** Repulsion probes, one an epoch of a run. */
export class ProbeStore {
  readonly #database: LabDatabase;

  constructor(database: LabDatabase) {
    this.#database = database;
  }

  /** A probe of the same epoch is replaced: a resumed run may measure it again, with the same result. */
  save(runId: number, result: RepulsionResult): void {
    const { header, data } = packRepulsion(result);
    this.#database.run(
      `INSERT INTO probe (run_id, kind, epoch, header, data) VALUES (?, 'repulsion', ?, ?, ?)
       ON CONFLICT (run_id, kind, epoch) DO UPDATE SET header = excluded.header, data = excluded.data`,
      runId,
      result.epoch,
      header,
      data,
    );
  }

  /** By epoch. */
  list(runId: number): RepulsionResult[] {
    return this.#database.all(
      `SELECT header, data FROM probe WHERE run_id = ? AND kind = 'repulsion' ORDER BY epoch`,
      (row) =>
        unpackRepulsion(blob(row, 'data'), (schema) => json(text(row, 'header'), 'probe.header', schema)),
      runId,
    );
  }
}
