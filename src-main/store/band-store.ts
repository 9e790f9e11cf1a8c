import { z } from 'zod';
import type { Band } from '#shared/figures/band.ts';
import type { BandRun } from '#shared/models/lab.ts';
import { checksum } from './checksum.ts';
import type { LabDatabase } from './connection.ts';
import { packFloats, unpackFloats } from './float-blob.ts';
import { blob, integer, json, text } from './row.ts';
import { seriesLayoutSchema } from './study-schema.ts';

/** Statistics of one series over the runs of a condition, and what they are of. */
export interface KeptBand {
  /** Ascending. */
  readonly runs: readonly BandRun[];
  readonly band: Band;
}

const bandRunsSchema = z.array(z.object({ id: z.number(), rows: z.number() }));

/** Statistics that were computed once, kept beside the rows. What became of the rows since, whoever asks finds out by `members`. */
export class BandStore {
  readonly #database: LabDatabase;

  constructor(database: LabDatabase) {
    this.#database = database;
  }

  /** A study's conditions, in its own order. */
  conditions(studyId: number): { readonly id: number; readonly name: string }[] {
    return this.#database.all(
      'SELECT id, name FROM condition WHERE study_id = ? ORDER BY id',
      (row) => ({ id: integer(row, 'id'), name: text(row, 'name') }),
      studyId,
    );
  }

  /** The condition's runs that have rows of a series, ascending; deleted ones are not seen. */
  members(conditionId: number, series: string): BandRun[] {
    const runs = this.#database.all(
      `SELECT run.id, rows, names FROM run JOIN series_layout ON series_layout.id = layout_id
       WHERE condition_id = ? AND deleted_at IS NULL AND rows > 0 ORDER BY run.id`,
      (row) => ({ id: integer(row, 'id'), rows: integer(row, 'rows'), names: text(row, 'names') }),
      conditionId,
    );
    // Runs share a few layouts.
    const having = new Map<string, boolean>();
    return runs.flatMap(({ id, rows, names }) => {
      const has =
        having.get(names) ?? json(names, 'series_layout.names', seriesLayoutSchema).includes(series);
      having.set(names, has);
      return has ? [{ id, rows }] : [];
    });
  }

  /** @returns null where none was kept, or the disk damaged it: it can be computed again */
  get(conditionId: number, series: string): KeptBand | null {
    const kept = this.#database.get(
      'SELECT runs, data, crc32 FROM band WHERE condition_id = ? AND series = ?',
      (row) => {
        const [runs, data] = [text(row, 'runs'), blob(row, 'data')];
        return checksum(runs, data) === integer(row, 'crc32')
          ? { runs: json(runs, 'band.runs', bandRunsSchema), band: unpackBand(data) }
          : null;
      },
      conditionId,
      series,
    );
    return kept ?? null;
  }

  keep(conditionId: number, series: string, { runs, band }: KeptBand): void {
    if (this.#database.readOnly) return;
    const [names, data] = [JSON.stringify(runs), packBand(band)];
    this.#database.run(
      `INSERT INTO band (condition_id, series, runs, data, crc32) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (condition_id, series) DO UPDATE SET runs = excluded.runs, data = excluded.data, crc32 = excluded.crc32`,
      conditionId,
      series,
      names,
      data,
      checksum(names, data),
    );
  }
}

function packBand({ median, q1, q3, counts }: Band): Uint8Array {
  return packFloats([median, q1, q3, Float64Array.from(counts)]);
}

function unpackBand(data: Uint8Array): Band {
  const all = unpackFloats(data);
  const epochs = all.length / 4;
  const part = (place: number): Float64Array => all.subarray(place * epochs, (place + 1) * epochs);
  return { median: part(0), q1: part(1), q3: part(2), counts: Int32Array.from(part(3)) };
}
