import { problem } from '#shared/models/problem.ts';
import { checksum, verify } from './checksum.ts';
import { chunkEpochs } from './chunk-epochs.ts';
import { type LabDatabase, present } from './connection.ts';
import { copyFloats, packFloats, unpackFloats } from './float-blob.ts';
import { type Row, DamagedRow, blob, integer, json, text, textOrNull } from './row.ts';
import { seriesCoverage } from './series-coverage.ts';
import { seriesLayoutSchema } from './study-schema.ts';

/** First and last epoch, both included. */
export type EpochRange = readonly [number, number];

interface Stored {
  readonly state: string;
  readonly rows: number;
  readonly names: readonly string[];
}

/** One float64 an epoch for every series of a run; NaN where nothing was measured. */
export class SeriesStore {
  readonly #database: LabDatabase;
  /** Runs share a few layouts: each text is parsed once. */
  readonly #layouts = new Map<string, readonly string[]>();

  constructor(database: LabDatabase) {
    this.#database = database;
  }

  /**
   * The next rows of a running run, in one transaction.
   * @param firstEpoch must be the run's `rows`: series have no holes
   * @param names the run's series, the same at every call
   * @param columns one a name, all of the same length
   */
  append(
    runId: number,
    firstEpoch: number,
    names: readonly string[],
    columns: readonly Float64Array[],
  ): void {
    const count = columns[0]?.length ?? 0;
    if (columns.length !== names.length || columns.some((column) => column.length !== count)) {
      throw new Error(`run ${runId}: ${names.length} series need as many columns of one length`);
    }
    if (count === 0) return;
    this.#database.transaction(() => {
      this.#admit(runId, firstEpoch, names);
      this.#insertTail(runId, firstEpoch, columns);
      const rows = firstEpoch + count;
      const newest = (name: string): number | null => columns[names.indexOf(name)]?.[count - 1] ?? null;
      this.#setRows(runId, rows, newest('train.accuracy'), newest('test.accuracy'));
      const packed = firstEpoch - (firstEpoch % chunkEpochs);
      if (rows - packed >= chunkEpochs) {
        this.#pack(runId, packed, rows - (rows % chunkEpochs), rows, names.length);
      }
    });
  }

  /** For a run that gets no more rows: what is left in its tail makes chunks that are not full. */
  seal(runId: number): void {
    this.#database.transaction(() => {
      const { rows, names } = this.#stored(runId);
      const packed = rows - (rows % chunkEpochs);
      if (packed < rows) this.#pack(runId, packed, rows, rows, names.length);
    });
  }

  /** How many rows from the first on are there and are what was stored; fewer than `rows` where the disk damaged some. */
  soundRows(runId: number): number {
    return seriesCoverage(this.#database, runId, this.#stored(runId).names.length, 'sound').rows;
  }

  /**
   * Keeps epochs 0..rows-1 of a run that is not finished and drops the others, so that `append` goes on at `rows`.
   * @param rows at most those there are; with 0 the run has no series any more
   */
  truncate(runId: number, rows: number): void {
    this.#database.transaction(() => {
      const stored = this.#stored(runId);
      if (stored.state === 'finished') throw new Error(`run ${runId} is finished; its rows stay`);
      if (!Number.isInteger(rows) || rows < 0 || rows > stored.rows) {
        throw new Error(`run ${runId} has ${stored.rows} rows; ${rows} of them cannot be kept`);
      }
      if (rows === stored.rows) return;
      const packed = rows - (rows % chunkEpochs);
      const kept = rows > packed ? this.readMany(runId, stored.names, [packed, rows - 1]) : [];
      const last = (name: string): number | null =>
        rows > 0 && stored.names.includes(name)
          ? (this.read(runId, name, [rows - 1, rows - 1])[0] ?? null)
          : null;
      const accuracies = [last('train.accuracy'), last('test.accuracy')] as const;
      this.#database.run('DELETE FROM tail WHERE run_id = ?', runId);
      this.#database.run('DELETE FROM chunk WHERE run_id = ? AND number >= ?', runId, packed / chunkEpochs);
      if (kept.length > 0) this.#insertTail(runId, packed, kept);
      this.#setRows(runId, rows, ...accuracies);
      if (rows === 0) this.#database.run('UPDATE run SET layout_id = NULL WHERE id = ?', runId);
    });
  }

  rows(runId: number): number {
    return this.#stored(runId).rows;
  }

  /** In the order of a row; empty while the run has no rows. */
  names(runId: number): readonly string[] {
    return this.#stored(runId).names;
  }

  /** @param range clipped to the rows there are; all of them by default */
  read(runId: number, name: string, range?: EpochRange): Float64Array {
    return this.readMany(runId, [name], range)[0] ?? new Float64Array(0);
  }

  /**
   * Several series of a run over the same epochs, in the order of `names`.
   * @throws not-found when the run has no series of that name
   */
  readMany(runId: number, names: readonly string[], range?: EpochRange): Float64Array[] {
    return this.#database.snapshot(() => {
      const stored = this.#stored(runId);
      const positions = names.map((name) => position(runId, name, stored.names));
      const first = Math.max(0, range?.[0] ?? 0);
      const end = Math.min(stored.rows, (range?.[1] ?? Number.POSITIVE_INFINITY) + 1);
      if (end <= first) return names.map(() => new Float64Array(0));
      const values = positions.map(() => new Float64Array(end - first));
      let covered = 0;
      for (const [index, series] of positions.entries()) {
        covered += this.#readChunks(
          runId,
          series,
          names[index] ?? '',
          first,
          values[index] ?? new Float64Array(0),
        );
      }
      covered += this.#readTail(runId, stored.names.length, positions, first, values);
      if (covered !== names.length * (end - first)) {
        throw new DamagedRow(`run ${runId} should have ${stored.rows} rows, and some are missing`);
      }
      return values;
    });
  }

  #stored(runId: number): Stored {
    const stored = this.#database.get(
      'SELECT state, rows, names, crc32 FROM run LEFT JOIN series_layout ON series_layout.id = layout_id WHERE run.id = ?',
      (row) => {
        const layout = textOrNull(row, 'names');
        return {
          state: text(row, 'state'),
          rows: integer(row, 'rows'),
          names: layout === null ? [] : this.#layout(layout, integer(row, 'crc32')),
        };
      },
      runId,
    );
    if (stored === undefined) throw problem('not-found', `${this.#database.path} holds no run ${runId}.`);
    return stored;
  }

  #layout(layout: string, crc: number): readonly string[] {
    const known = this.#layouts.get(layout);
    if (known !== undefined) return known;
    verify(crc, () => `the names of a run's series are`, layout);
    const names = json(layout, 'series_layout.names', seriesLayoutSchema);
    this.#layouts.set(layout, names);
    return names;
  }

  /** Refuses rows that do not continue the run. The first rows decide its series. */
  #admit(runId: number, firstEpoch: number, names: readonly string[]): void {
    const stored = this.#stored(runId);
    if (stored.state !== 'running') {
      throw new Error(`run ${runId} is ${stored.state}; rows are added to a running one`);
    }
    if (firstEpoch !== stored.rows) {
      throw new Error(`run ${runId} has ${stored.rows} rows; the next epoch is not ${firstEpoch}`);
    }
    if (stored.rows === 0) {
      this.#setLayout(runId, names);
    } else if (
      names.length !== stored.names.length ||
      names.some((name, index) => name !== stored.names[index])
    ) {
      throw new Error(`run ${runId} has the series ${stored.names.join(', ')}; got ${names.join(', ')}`);
    }
  }

  #setLayout(runId: number, names: readonly string[]): void {
    if (new Set(names).size !== names.length) throw new Error(`run ${runId}: a series is named twice`);
    this.#database.run(
      'UPDATE run SET layout_id = ? WHERE id = ?',
      layoutId(this.#database, JSON.stringify(names)),
      runId,
    );
  }

  /** The newest accuracies are kept with the run, so that a table of thousands of runs reads no series. */
  #setRows(runId: number, rows: number, trainAccuracy: number | null, testAccuracy: number | null): void {
    this.#database.run(
      'UPDATE run SET rows = ?, train_accuracy = ?, test_accuracy = ? WHERE id = ?',
      rows,
      trainAccuracy,
      testAccuracy,
      runId,
    );
  }

  #insertTail(runId: number, firstEpoch: number, columns: readonly Float64Array[]): void {
    const data = packFloats(columns);
    this.#database.run(
      'INSERT INTO tail (run_id, first_epoch, data, crc32) VALUES (?, ?, ?, ?)',
      runId,
      firstEpoch,
      data,
      checksum(data),
    );
  }

  /** Moves epochs packed..end-1 from the tail into chunks; what is left over becomes the tail's only row. */
  #pack(runId: number, packed: number, end: number, rows: number, width: number): void {
    const values = Array.from({ length: width }, () => new Float64Array(rows - packed));
    const positions = values.map((_, series) => series);
    if (this.#readTail(runId, width, positions, packed, values) !== width * (rows - packed)) {
      throw new DamagedRow(`run ${runId} should have ${rows} rows, and some are missing`);
    }
    this.#database.run('DELETE FROM tail WHERE run_id = ?', runId);
    for (const [series, column] of values.entries()) {
      for (let epoch = packed; epoch < end; epoch += chunkEpochs) {
        const first = epoch - packed;
        const data = packFloats([column.subarray(first, Math.min(first + chunkEpochs, end - packed))]);
        this.#database.run(
          'INSERT INTO chunk (run_id, series, number, data, crc32) VALUES (?, ?, ?, ?, ?)',
          runId,
          series,
          epoch / chunkEpochs,
          data,
          checksum(data),
        );
      }
    }
    if (end < rows) {
      this.#insertTail(
        runId,
        end,
        values.map((column) => column.subarray(end - packed)),
      );
    }
  }

  /** Fills `values`, which begins at epoch `first`, from the chunks. @returns how many epochs they held */
  #readChunks(
    runId: number,
    series: number,
    name: string,
    first: number,
    values: Float64Array<ArrayBuffer>,
  ): number {
    const chunks = this.#database.all(
      'SELECT number, data, crc32 FROM chunk WHERE run_id = ? AND series = ? AND number BETWEEN ? AND ?',
      (row) => {
        const number = integer(row, 'number');
        const epoch = number * chunkEpochs;
        const what = (): string => `run ${runId}, ${name}: the values from epoch ${epoch} on are`;
        return { number, data: checkedBlob(row, what) };
      },
      runId,
      series,
      Math.floor(first / chunkEpochs),
      Math.floor((first + values.length - 1) / chunkEpochs),
    );
    return chunks.reduce(
      (sum, { number, data }) => sum + placeBlob(data, number * chunkEpochs, first, values),
      0,
    );
  }

  #readTail(
    runId: number,
    width: number,
    positions: readonly number[],
    first: number,
    values: readonly Float64Array[],
  ): number {
    const batches = this.#database.all(
      'SELECT first_epoch, data, crc32 FROM tail WHERE run_id = ? AND first_epoch < ? ORDER BY first_epoch',
      (row) => {
        const epoch = integer(row, 'first_epoch');
        return {
          epoch,
          data: unpackFloats(checkedBlob(row, () => `run ${runId}: the rows from epoch ${epoch} on are`)),
        };
      },
      runId,
      first + (values[0]?.length ?? 0),
    );
    let covered = 0;
    for (const { epoch, data } of batches) {
      const count = data.length / width;
      for (const [index, series] of positions.entries()) {
        const column = data.subarray(series * count, (series + 1) * count);
        covered += place(column, epoch, first, values[index] ?? new Float64Array(0));
      }
    }
    return covered;
  }
}

/** The row of a list of series names, which runs share; made where it is missing. @param names as JSON */
export function layoutId(database: LabDatabase, names: string): number {
  database.run(
    'INSERT INTO series_layout (names, crc32) VALUES (?, ?) ON CONFLICT (names) DO NOTHING',
    names,
    checksum(names),
  );
  const id = database.get('SELECT id FROM series_layout WHERE names = ?', (row) => integer(row, 'id'), names);
  return present(id, 'series_layout');
}

function checkedBlob(row: Row, what: () => string): Uint8Array {
  const data = blob(row, 'data');
  verify(integer(row, 'crc32'), what, data);
  return data;
}

function position(runId: number, name: string, names: readonly string[]): number {
  const found = names.indexOf(name);
  if (found >= 0) return found;
  const known = names.length === 0 ? 'It has no rows yet.' : `It has ${names.join(', ')}.`;
  throw problem('not-found', `run ${runId} has no series ${name}. ${known}`);
}

/** As `place`, of a blob that holds one column: nothing is copied twice, since a long series is thousands of them. */
function placeBlob(
  data: Uint8Array,
  epoch: number,
  first: number,
  values: Float64Array<ArrayBuffer>,
): number {
  const from = Math.max(first, epoch);
  const to = Math.min(first + values.length, epoch + Math.floor(data.length / 8));
  if (to <= from) return 0;
  copyFloats(data, from - epoch, values.subarray(from - first, to - first));
  return to - from;
}

/** Copies what overlaps of `data`, which begins at `epoch`, into `values`, which begins at `first`. @returns how many */
function place(data: Float64Array, epoch: number, first: number, values: Float64Array): number {
  const from = Math.max(first, epoch);
  const to = Math.min(first + values.length, epoch + data.length);
  if (to <= from) return 0;
  values.set(data.subarray(from - epoch, to - epoch), from - first);
  return to - from;
}
