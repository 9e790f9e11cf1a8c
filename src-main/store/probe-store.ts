import type { RepulsionResult } from '#shared/science/repulsion-result.ts';
import type { LabDatabase } from './connection.ts';
import { packRepulsion, unpackRepulsion } from './probe-codec.ts';
import { blob, integer, json, text } from './row.ts';

/** Repulsion probes, one an epoch of a run. */
export class ProbeStore {
  readonly #database: LabDatabase;

  readonly #changed: (runId: number) => void;

  /** @param changed called in the transaction in which a run's probes change */
  constructor(database: LabDatabase, changed: (runId: number) => void) {
    this.#database = database;
    this.#changed = changed;
  }

  /** A probe of the same epoch is replaced: a resumed run may measure it again, with the same result. */
  save(runId: number, result: RepulsionResult): void {
    const { header, data } = packRepulsion(result);
    this.#database.transaction(() => {
      this.#database.run(
        `INSERT INTO probe (run_id, kind, epoch, header, data) VALUES (?, 'repulsion', ?, ?, ?)
         ON CONFLICT (run_id, kind, epoch) DO UPDATE SET header = excluded.header, data = excluded.data`,
        runId,
        result.epoch,
        header,
        data,
      );
      this.#changed(runId);
    });
  }

  /** Drops the probes of this epoch and of those after it. */
  dropFrom(runId: number, epoch: number): void {
    this.#database.transaction(() => {
      const { changes } = this.#database.run(
        'DELETE FROM probe WHERE run_id = ? AND epoch >= ?',
        runId,
        epoch,
      );
      if (changes > 0) this.#changed(runId);
    });
  }

  /** The epochs that were probed, ascending. */
  epochs(runId: number): number[] {
    return this.#database.all(
      `SELECT epoch FROM probe WHERE run_id = ? AND kind = 'repulsion' ORDER BY epoch`,
      (row) => integer(row, 'epoch'),
      runId,
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
