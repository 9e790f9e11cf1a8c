import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { runStates } from '#shared/models/run.ts';
import { seriesNames } from '#shared/models/series.ts';
import type { Condition } from '#shared/models/study.ts';
import { checksum } from './checksum.ts';
import type { LabStore } from './lab-store.ts';
import { unpackRepulsion } from './probe-codec.ts';
import { type RunRemains, recoverRun } from './recover-run.ts';
import { attempt, recoverStudy } from './recover-studies.ts';
import { type Row, blob, integer, json, real, text } from './row.ts';
import { isWholeEntry } from './run-log.ts';
import { salvageTable } from './salvage.ts';
import { provenanceSchema, seriesLayoutSchema } from './study-schema.ts';
import { isWholePart } from './update-store.ts';

export interface Recovered {
  readonly studies: number;
  readonly runs: number;
  /** Epochs of all runs. */
  readonly rows: number;
  readonly probes: number;
}

/** Columns by table, in the order in which the tables are read: parents first. */
const tables = {
  study: ['id', 'name', 'identity', 'file', 'model', 'source', 'created_at', 'note', 'deleted_at', 'crc32'],
  condition: ['id', 'study_id', 'name', 'settings'],
  series_layout: ['id', 'names', 'crc32'],
  // prettier-ignore
  run: ['id', 'condition_id', 'seed', 'state', 'rows', 'layout_id', 'seconds', 'provenance', 'problem', 'attempts', 'series_digest',
    'probe_digest', 'note', 'deleted_at'],
  study_tag: ['study_id', 'tag'],
  run_tag: ['run_id', 'tag'],
  chunk: ['run_id', 'series', 'number', 'data', 'crc32'],
  tail: ['run_id', 'first_epoch', 'data', 'crc32'],
  probe: ['run_id', 'kind', 'epoch', 'header', 'data', 'crc32'],
  snapshot: ['run_id', 'epoch', 'header', 'bytes', 'crc32'],
  snapshot_part: ['run_id', 'epoch', 'number', 'data'],
  update_part: ['run_id', 'step', 'number', 'data', 'crc32'],
  // prettier-ignore
  run_event: ['run_id', 'number', 'at', 'state', 'attempt', 'rows', 'engine', 'checkpoint', 'reason', 'crc32'],
};
type Table = keyof typeof tables;

/** What the checksum of a row is of. */
const checksummed: Partial<Record<Table, readonly string[]>> = {
  chunk: ['data'],
  tail: ['data'],
  probe: ['header', 'data'],
};

/** Brings everything readable over from a damaged database of any known format into an empty lab, under the ids it had. */
export function recoverLab(
  from: DatabaseSync,
  store: LabStore,
): { readonly recovered: Recovered; readonly lost: readonly string[] } {
  return store.transaction(() => {
    const recovery = new Recovery(from, store);
    const conditions = recovery.studies();
    const runs = recovery.runs(conditions);
    recovery.belongings(new Set(runs.map(({ id }) => id)));
    for (const run of runs) recovery.lost.push(...recoverRun(store, run));
    return { recovered: recovery.count(), lost: recovery.lost };
  });
}

class Recovery {
  readonly lost: string[] = [];
  readonly #from: DatabaseSync;
  readonly #store: LabStore;
  readonly #hasChecksums: boolean;

  constructor(from: DatabaseSync, store: LabStore) {
    this.#from = from;
    this.#store = store;
    this.#hasChecksums = columnsOf(from, 'chunk').has('crc32');
  }

  /** @returns the conditions that have a home in the new lab, by id */
  studies(): ReadonlyMap<number, Condition> {
    const rows = new Map<number, Row>();
    this.#read('study', (row) => void keep(rows, row));
    const conditionRows = new Map<number, Map<number, Row>>();
    this.#read('condition', (row) => {
      const studyId = attempt(() => integer(row, 'study_id'));
      if (studyId === null) return;
      const own = conditionRows.get(studyId) ?? new Map<number, Row>();
      conditionRows.set(studyId, own);
      keep(own, row);
    });
    const homes = new Map<number, Condition>();
    for (const id of [...new Set([...rows.keys(), ...conditionRows.keys()])].toSorted((a, b) => a - b)) {
      const row = rows.get(id) ?? null;
      const study = recoverStudy({ id, row, conditions: conditionRows.get(id) ?? new Map() });
      if (study === null) {
        this.lost.push(`Study ${id} is lost with its runs: neither its text nor its settings can be read.`);
        continue;
      }
      this.lost.push(...study.lost);
      const name = this.#freeName(study.model.name, study.identity);
      const model = JSON.stringify({ ...study.model, name });
      const source = textOr(row, 'source', '');
      this.#insert('study', {
        id,
        name,
        identity: study.identity,
        file: textOr(row, 'file', ''),
        model,
        source,
        crc32: checksum(model, source),
        created_at: textOr(row, 'created_at', ''),
        note: textOr(row, 'note', ''),
        deleted_at: row === null ? null : attempt(() => text(row, 'deleted_at')),
      });
      for (const [conditionId, condition] of study.conditions) {
        this.#insert('condition', {
          id: conditionId,
          study_id: id,
          name: condition.name,
          settings: JSON.stringify(condition.settings),
        });
        homes.set(conditionId, condition);
      }
      for (const condition of study.model.conditions) {
        if ([...study.conditions.values()].includes(condition)) continue;
        this.#insert('condition', {
          study_id: id,
          name: condition.name,
          settings: JSON.stringify(condition.settings),
        });
      }
    }
    return homes;
  }

  runs(conditions: ReadonlyMap<number, Condition>): RunRemains[] {
    const layouts = new Map<number, readonly string[]>();
    this.#read('series_layout', (row) => {
      const names = isAsStored(row, 'names')
        ? attempt(() => json(text(row, 'names'), 'names', seriesLayoutSchema))
        : null;
      const id = attempt(() => integer(row, 'id'));
      if (names !== null && id !== null) layouts.set(id, names);
    });
    const runs: RunRemains[] = [];
    this.#read('run', (row) => {
      const id = attempt(() => integer(row, 'id'));
      const seed = attempt(() => integer(row, 'seed'));
      const conditionId = attempt(() => integer(row, 'condition_id'));
      const condition = conditionId === null ? undefined : conditions.get(conditionId);
      if (id === null || seed === null || condition === undefined) {
        this.lost.push(
          `Run ${id ?? 'of an unknown number'} is lost: its seed or its settings cannot be read.`,
        );
        return;
      }
      const inserted = this.#insert('run', {
        id,
        condition_id: conditionId,
        seed,
        state: 'queued',
        seconds: attempt(() => real(row, 'seconds')) ?? 0,
        provenance: provenanceOr(row),
        problem: attempt(() => text(row, 'problem')),
        attempts: attempt(() => integer(row, 'attempts')) ?? 0,
        note: textOr(row, 'note', ''),
        deleted_at: attempt(() => text(row, 'deleted_at')),
      });
      const label = `Run ${id} (${condition.name}, seed ${seed})`;
      if (!inserted) {
        this.lost.push(`${label} is lost: another run has its condition and seed.`);
        return;
      }
      const layout = layouts.get(attempt(() => integer(row, 'layout_id')) ?? -1);
      const own = seriesNames(condition.settings.probes);
      runs.push({
        id,
        label,
        state: runStates.find((state) => state === row['state']) ?? 'interrupted',
        rows: Math.max(0, attempt(() => integer(row, 'rows')) ?? 0),
        layouts: layout === undefined ? [own] : [layout, own],
        seriesDigest: attempt(() => text(row, 'series_digest')),
        probeDigest: attempt(() => text(row, 'probe_digest')),
        hasDigests: 'series_digest' in row,
        lost:
          row['provenance'] !== null && provenanceOr(row) === null
            ? ['what computed it can no longer be read.']
            : [],
      });
    });
    return runs;
  }

  /** Everything that belongs to these runs, and tags. */
  belongings(runs: ReadonlySet<number>): void {
    const orphans = new Set<number>();
    const copy = (table: Table, isWhole: (row: Row) => boolean): void => {
      let broken = 0;
      this.#read(table, (row) => {
        const runId = attempt(() => integer(row, 'run_id'));
        if (runId !== null && !runs.has(runId)) orphans.add(runId);
        else if (runId === null || !isWhole(row) || !this.#insert(table, this.#withChecksum(table, row)))
          broken += 1;
      });
      if (broken > 0)
        this.lost.push(
          `${broken} ${broken === 1 ? 'row' : 'rows'} of the table ${table} ${broken === 1 ? 'was' : 'were'} damaged.`,
        );
    };
    copy('run_tag', (row) => attempt(() => text(row, 'tag')) !== null);
    copy('chunk', (row) => isPlaced(row, 'series', 'number') && hasFloats(row) && isAsStored(row, 'data'));
    copy('tail', (row) => isPlaced(row, 'first_epoch') && hasFloats(row) && isAsStored(row, 'data'));
    copy('probe', (row) => isProbe(row) && isAsStored(row, 'header', 'data'));
    copy(
      'snapshot',
      (row) => isPlaced(row, 'epoch', 'bytes', 'crc32') && attempt(() => text(row, 'header')) !== null,
    );
    copy(
      'snapshot_part',
      (row) => isPlaced(row, 'epoch', 'number') && attempt(() => blob(row, 'data')) !== null,
    );
    copy('update_part', (row) => attempt(() => isWholePart(row)) === true);
    copy('run_event', (row) => attempt(() => isWholeEntry(row)) === true);
    this.#read('study_tag', (row) => {
      if (attempt(() => text(row, 'tag')) !== null) this.#insert('study_tag', row);
    });
    for (const id of orphans)
      this.lost.push(`Run ${id} is lost: there are numbers of it, but not what it was.`);
  }

  count(): Recovered {
    const { database } = this.#store;
    const of = (sql: string): number => database.get(`SELECT ${sql} AS n`, (row) => integer(row, 'n')) ?? 0;
    return {
      studies: of('(SELECT count(*) FROM study)'),
      runs: of('(SELECT count(*) FROM run)'),
      rows: of('(SELECT coalesce(sum(rows), 0) FROM run)'),
      probes: of('(SELECT count(*) FROM probe)'),
    };
  }

  /** The columns and tables that an older format has are read; what it lacks gets its default. */
  #read(table: Table, visit: (row: Row) => void): void {
    const there = columnsOf(this.#from, table);
    const columns = tables[table].filter((column) => there.has(column));
    if (columns.length === 0) return;
    if (salvageTable(this.#from, table, columns, visit)) {
      this.lost.push(`Part of the table ${table} could not be read.`);
    }
  }

  /** A row as this format has it: one before 3 has none beside numbers, and a snapshot's is that of its data alone. */
  #withChecksum(table: Table, row: Row): Row {
    if (this.#hasChecksums) return row;
    if (table === 'snapshot') {
      const crc = attempt(() => crc32(text(row, 'header'), integer(row, 'crc32')));
      return { ...row, crc32: crc };
    }
    const parts = checksummed[table];
    return parts === undefined ? row : { ...row, crc32: checksum(...partsOf(row, parts)) };
  }

  /** @returns false when the row does not fit in: its place is taken, its parent is not there, or it is not of its table's types */
  #insert(table: Table, row: Readonly<Record<string, SQLInputValue>>): boolean {
    const columns = Object.keys(row);
    const sql = `INSERT OR IGNORE INTO "${table}" (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
    const parent = { study_tag: 'study', condition: 'study', run: 'condition' }[String(table)];
    const parentId = row[`${parent ?? 'run'}_id`];
    if (table !== 'study' && !this.#has(parent ?? 'run', parentId)) return false;
    return this.#store.database.run(sql, ...Object.values(row)).changes === 1;
  }

  #has(table: string, id: SQLInputValue | undefined): boolean {
    if (typeof id !== 'number') return false;
    return this.#store.database.get(`SELECT id FROM ${table} WHERE id = ?`, (row) => row, id) !== undefined;
  }

  #freeName(name: string, identity: string): string {
    const taken = (wanted: string): boolean =>
      this.#store.database.get(
        'SELECT id FROM study WHERE name = ? AND identity = ? AND deleted_at IS NULL',
        (row) => row,
        wanted,
        identity,
      ) !== undefined;
    let free = name;
    for (let copy = 1; taken(free); copy += 1) free = `${name} (recovered${copy === 1 ? '' : ` ${copy}`})`;
    return free;
  }
}

function keep(rows: Map<number, Row>, row: Row): void {
  const id = attempt(() => integer(row, 'id'));
  if (id !== null) rows.set(id, row);
}

function textOr(row: Row | null, column: string, otherwise: string): string {
  return (row === null ? null : attempt(() => text(row, column))) ?? otherwise;
}

function provenanceOr(row: Row): string | null {
  return attempt(() => {
    const provenance = text(row, 'provenance');
    json(provenance, 'provenance', provenanceSchema);
    return provenance;
  });
}

function isPlaced(row: Row, ...columns: string[]): boolean {
  return columns.every((column) => (attempt(() => integer(row, column)) ?? -1) >= 0);
}

/** What a row's checksum says, where its format has one. */
function isAsStored(row: Row, ...columns: readonly string[]): boolean {
  return !('crc32' in row) || row['crc32'] === checksum(...partsOf(row, columns));
}

function partsOf(row: Row, columns: readonly string[]): (string | Uint8Array)[] {
  return columns.map((column) => {
    const value = row[column];
    return value instanceof Uint8Array ? value : String(value);
  });
}

function columnsOf(database: DatabaseSync, table: Table): ReadonlySet<unknown> {
  const rows = database.prepare('SELECT name FROM pragma_table_info(?)').all(table);
  return new Set(rows.map((row) => row['name']));
}

function hasFloats(row: Row): boolean {
  const data = attempt(() => blob(row, 'data'));
  return data !== null && data.length > 0 && data.length % 8 === 0;
}

function isProbe(row: Row): boolean {
  return (
    isPlaced(row, 'epoch') &&
    attempt(() => text(row, 'kind')) === 'repulsion' &&
    attempt(() =>
      unpackRepulsion(blob(row, 'data'), (schema) => json(text(row, 'header'), 'header', schema)),
    ) !== null
  );
}
