import type { RepulsionResult } from '#shared/science/repulsion-result.ts';
import { checksum, verify } from './checksum.ts';
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
        `INSERT INTO probe (run_id, kind, epoch, header, data, crc32) VALUES (?, 'repulsion', ?, ?, ?, ?)
         ON CONFLICT (run_id, kind, epoch)
           DO UPDATE SET header = excluded.header, data = excluded.data, crc32 = excluded.crc32`,
        runId,
        result.epoch,
        header,
        data,
        checksum(header, data),
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

  /** Drops the probes that are not what was stored. @returns their epochs */
  dropDamaged(runId: number): number[] {
    const epochs = this.#database.all(
      'SELECT epoch FROM probe WHERE run_id = ? AND crc32 <> crc32(header, data) ORDER BY epoch',
      (row) => integer(row, 'epoch'),
      runId,
    );
    for (const epoch of epochs)
      this.#database.run('DELETE FROM probe WHERE run_id = ? AND epoch = ?', runId, epoch);
    return epochs;
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
      `SELECT epoch, header, data, crc32 FROM probe WHERE run_id = ? AND kind = 'repulsion' ORDER BY epoch`,
      (row) => {
        const header = text(row, 'header');
        const data = blob(row, 'data');
        const what = (): string => `run ${runId}: its probe at epoch ${integer(row, 'epoch')} is`;
        verify(integer(row, 'crc32'), what, header, data);
        return unpackRepulsion(data, (schema) => json(header, 'probe.header', schema));
      },
      runId,
    );
  }
}
