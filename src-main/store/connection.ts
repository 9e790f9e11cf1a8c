import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { checksum } from './checksum.ts';
import { type Row, DamagedRow } from './row.ts';
import { translateError } from './sqlite-problems.ts';

/** SQLite as the stores see it: rows are parsed as they come in, expected failures come out as problems naming the file. */
export interface LabDatabase {
  readonly path: string;
  readonly readOnly: boolean;
  readonly isOpen: boolean;
  run(sql: string, ...values: SQLInputValue[]): { readonly changes: number; readonly id: number };
  get<T>(sql: string, parse: (row: Row) => T, ...values: SQLInputValue[]): T | undefined;
  all<T>(sql: string, parse: (row: Row) => T, ...values: SQLInputValue[]): T[];
  /** Several statements without values. */
  exec(sql: string): void;
  /**
   * All of `work` or none of it. Inside another transaction it is a savepoint: when it throws, only its own writes are undone.
   * @param options durable: on the disk's platter before this returns (see `database.ts` on power loss)
   */
  transaction<T>(work: () => T, options?: { readonly durable?: boolean }): T;
  /** Reads in `work` all see the same state, whatever the writer commits meanwhile. */
  snapshot<T>(work: () => T): T;
  close(): void;
}

export class Connection implements LabDatabase {
  readonly path: string;
  readonly readOnly: boolean;
  readonly #database: DatabaseSync;
  readonly #release: () => void;
  readonly #statements = new Map<string, StatementSync>();

  /** @param release what else ends with the connection (the writer's lock) */
  constructor(path: string, database: DatabaseSync, readOnly: boolean, release: () => void) {
    this.path = path;
    this.readOnly = readOnly;
    this.#database = database;
    this.#release = release;
    // SQLite's own lower() knows ASCII only.
    database.function('fold', { deterministic: true }, (value) => String(value ?? '').toLowerCase());
    database.function('crc32', { deterministic: true, varargs: true }, (...parts) =>
      checksum(...parts.map((part) => (part instanceof Uint8Array ? part : String(part)))),
    );
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  run(sql: string, ...values: SQLInputValue[]): { readonly changes: number; readonly id: number } {
    return this.#guard(() => {
      const result = this.#statement(sql).run(...values);
      return { changes: Number(result.changes), id: Number(result.lastInsertRowid) };
    });
  }

  get<T>(sql: string, parse: (row: Row) => T, ...values: SQLInputValue[]): T | undefined {
    return this.#guard(() => {
      const row = this.#statement(sql).get(...values);
      return row === undefined ? undefined : parse(row);
    });
  }

  all<T>(sql: string, parse: (row: Row) => T, ...values: SQLInputValue[]): T[] {
    return this.#guard(() =>
      this.#statement(sql)
        .all(...values)
        .map(parse),
    );
  }

  exec(sql: string): void {
    this.#guard(() => this.#database.exec(sql));
  }

  transaction<T>(work: () => T, options: { readonly durable?: boolean } = {}): T {
    if (this.#database.isTransaction) return this.#savepoint(work);
    const durable = options.durable === true;
    if (durable) this.exec('PRAGMA synchronous = FULL');
    try {
      return this.#between('BEGIN IMMEDIATE', work);
    } finally {
      if (durable) this.#database.exec('PRAGMA synchronous = NORMAL');
    }
  }

  snapshot<T>(work: () => T): T {
    return this.#database.isTransaction ? work() : this.#between('BEGIN', work);
  }

  close(): void {
    if (!this.#database.isOpen) return;
    this.#statements.clear();
    try {
      this.#guard(() => this.#database.close());
    } finally {
      this.#release();
    }
  }

  #between<T>(begin: string, work: () => T): T {
    this.exec(begin);
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite has rolled back by itself after some failures (a full disk among them).
      if (this.#database.isTransaction) this.exec('ROLLBACK');
      // Damage that a store finds between two statements is as much the file's as what SQLite finds.
      throw translateError(error, this.path);
    }
  }

  #savepoint<T>(work: () => T): T {
    this.exec('SAVEPOINT inner_work');
    try {
      const result = work();
      this.exec('RELEASE inner_work');
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.exec('ROLLBACK TO inner_work; RELEASE inner_work');
      throw error;
    }
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw translateError(error, this.path);
    }
  }
}

/** For values the schema promises to be there. */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new DamagedRow(`${what} is missing`);
  return value;
}
