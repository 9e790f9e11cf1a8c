import { accessSync, constants, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { problem } from '#shared/models/problem.ts';
import { Connection, type LabDatabase } from './connection.ts';
import { applicationId } from './lab-header.ts';
import { type Upgrade, migrate, schemaVersion } from './migrate.ts';
import { migrations } from './migrations/all.ts';
import { integer } from './row.ts';
import { isCannotOpen, isNotDatabase, readOnly, translateError } from './sqlite-problems.ts';
import { acquireWriterLock } from './writer-lock.ts';

export type { LabDatabase } from './connection.ts';

/** The format this program writes. */
export const newestVersion = migrations.length;

/**
 * Opens a lab file, making it and its folders when they are not there, and brings it to the newest schema.
 *
 * On power loss. A batch of rows is committed with `synchronous = NORMAL`: it survives the death of this process, however it dies;
 * a power cut may take the last batches but never the file, nor an earlier batch without the later ones. Those rows are computed
 * again bit for bit, and a sync to disk ten times a second for every trainer would block the host. What cannot be computed
 * again cheaply (a study, a run's end) is committed with `synchronous = FULL`, which also makes every batch before it
 * durable.
 * @throws ProblemError lab-unreadable, lab-not-sqlite, lab-newer, lab-read-only, lab-locked, lab-damaged, disk-full
 */
export function openLabFile(
  path: string,
  options: {
    readonly readOnly?: boolean;
    readonly program?: string;
    readonly onUpgrade?: (upgrade: Upgrade) => void;
  } = {},
): LabDatabase {
  const absolute = resolve(path);
  return options.readOnly === true
    ? openReader(absolute)
    : openWriter(absolute, options.program ?? 'a program', options.onUpgrade);
}

function openReader(path: string): LabDatabase {
  const { connection, version } = identifyLab(path);
  if (version < newestVersion) {
    connection.close();
    const state = version === 0 ? 'is empty' : `has the older format ${version}`;
    throw problem(
      'lab-unreadable',
      `${path}: ${state} and is opened for reading only. Run a study with it first.`,
    );
  }
  return connection;
}

function openWriter(wanted: string, program: string, onUpgrade?: (upgrade: Upgrade) => void): LabDatabase {
  const path = prepareFolder(wanted);
  if (existsSync(path)) {
    // Seen through a reader first: a file that is not ours, or is newer, must stay as it is byte for byte.
    identifyLab(path).connection.close();
    requireWritable(path);
  }
  requireWritable(dirname(path));
  const release = acquireWriterLock(path, program);
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { timeout: 5000 });
    const connection = new Connection(path, database, false, release);
    setUp(connection, onUpgrade);
    return connection;
  } catch (error) {
    database?.close();
    release();
    throw translateError(error, path);
  }
}

function setUp(connection: Connection, onUpgrade?: (upgrade: Upgrade) => void): void {
  connection.exec('PRAGMA journal_mode = WAL');
  connection.exec('PRAGMA synchronous = NORMAL');
  // A snapshot of 40 MB must not leave a log of 40 MB behind.
  connection.exec('PRAGMA journal_size_limit = 8388608');
  const id = connection.get('PRAGMA application_id', (row) => integer(row, 'application_id'));
  if (id !== applicationId) connection.exec(`PRAGMA application_id = ${applicationId}`);
  migrate(connection, migrations, onUpgrade);
}

/**
 * Opens for reading, refusing what is not a lab of a version we know. Version 0 is a file that holds nothing yet.
 * @param otherwise what can be done about a file that is none
 */
export function identifyLab(
  path: string,
  otherwise = 'name another file with --lab',
): { readonly connection: LabDatabase; readonly version: number } {
  if (!existsSync(path)) {
    throw problem(
      'lab-unreadable',
      `${path}: there is no such lab file. Name one with --lab, or run a study to make it.`,
    );
  }
  if (!statSync(path).isFile()) {
    throw problem(
      'lab-unreadable',
      `${path}: is a folder or a device, not a lab file. Name a file in it, such as ${join(path, 'history.lab')}.`,
    );
  }
  const connection = connectReader(path, otherwise);
  try {
    const version = schemaVersion(connection);
    const id = connection.get('PRAGMA application_id', (row) => integer(row, 'application_id'));
    const tables = connection.get('SELECT count(*) AS n FROM sqlite_schema', (row) => integer(row, 'n'));
    const empty = id === 0 && version === 0 && tables === 0;
    if (id !== applicationId && !empty) {
      throw problem(
        'lab-not-sqlite',
        `${path}: is an SQLite database, but not a Grokscope lab. It was left as it is: ${otherwise}.`,
      );
    }
    if (version > newestVersion) {
      throw problem(
        'lab-newer',
        `${path}: was written by a newer Grokscope (format ${version}; this one knows up to ${newestVersion}). It was left as it is: update Grokscope, or ${otherwise}.`,
      );
    }
    return { connection, version };
  } catch (error) {
    connection.close();
    throw error;
  }
}

function connectReader(path: string, otherwise: string): Connection {
  const database = openForReading(
    path,
    otherwise,
    () => new DatabaseSync(path, { readOnly: true, timeout: 5000 }),
  );
  if (database !== null) return new Connection(path, database, true, () => {});
  // A lab in a folder we may not write to has nowhere to put its shared-memory file. It can be read as a file that does not
  // change, unless a write-ahead log beside it holds rows that the file lacks.
  const log = `${path}-wal`;
  if (existsSync(log) && statSync(log).size > 0) {
    throw readOnly(
      path,
      'its folder cannot be written, and rows still wait in the write-ahead log beside it',
    );
  }
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  const immutable = openForReading(path, otherwise, () => new DatabaseSync(url, { readOnly: true }));
  if (immutable !== null) return new Connection(path, immutable, true, () => {});
  throw problem('lab-unreadable', `${path}: cannot be read. Check that you have permission to read it.`);
}

/** @returns null when the file, or what SQLite needs beside it, cannot be opened */
function openForReading(path: string, otherwise: string, open: () => DatabaseSync): DatabaseSync | null {
  let database: DatabaseSync | null = null;
  try {
    database = open();
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database?.close();
    if (isCannotOpen(error)) return null;
    if (isNotDatabase(error)) {
      throw problem(
        'lab-not-sqlite',
        `${path}: is not a lab file (not an SQLite database). It was left as it is: ${otherwise}.`,
      );
    }
    throw translateError(error, path);
  }
}

/** Makes missing folders, and resolves links, so that one lab has one name for its lock. */
function prepareFolder(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true });
    return join(realpathSync(folder), basename(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw problem(
      'lab-unreadable',
      `${path}: its folder cannot be made (${reason}). Name another file with --lab.`,
    );
  }
}

function requireWritable(path: string): void {
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw readOnly(path, reason);
  }
}
