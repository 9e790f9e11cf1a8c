import { type ProblemError, problem } from '#shared/models/problem.ts';
import { missingEnd } from './lab-header.ts';
import { DamagedRow } from './row.ts';

/** Primary result codes of https://sqlite.org/rescode.html that a researcher can meet; any other is a bug and stays as thrown. */
const sqlite = {
  error: 1,
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notDatabase: 26,
};

/** SQLITE_IOERR_SHMSIZE: the shared-memory file beside a WAL could not grow, which is how a full disk shows there. */
const sharedMemoryFull = 4874;

/** What went wrong at this lab file, as a problem where it is expected; the error itself where it is a bug. */
export function translateError(error: unknown, path: string): unknown {
  if (error instanceof DamagedRow) return damaged(path, error.message, error);
  if (isNoInteger(error)) return damaged(path, 'a number in it is out of range');
  const code = sqliteCode(error);
  if (code === null) return error;
  if (isSchemaBroken(error, code)) return damaged(path, error.message);
  return problemOf(code, path) ?? error;
}

/** Our statements are the same for every lab of a format: one that does not fit a lab's tables shows a lab whose schema is broken. */
function isSchemaBroken(error: unknown, code: number): error is Error {
  if (code !== sqlite.error || !(error instanceof Error)) return false;
  return /^(no such (table|column|index)|foreign key mismatch)/.test(error.message);
}

/** SQLite's extended result code, or null for an error that is not SQLite's. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode : null;
}

/** What node:sqlite throws for an integer above 2^53, which no lab holds. */
function isNoInteger(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_OUT_OF_RANGE';
}

/** The file, or the write-ahead log and shared memory it needs beside it, cannot be opened or made. */
export function isCannotOpen(error: unknown): boolean {
  const code = (sqliteCode(error) ?? 0) & 0xff;
  return code === sqlite.cannotOpen || code === sqlite.readOnly;
}

export function isNotDatabase(error: unknown): boolean {
  return ((sqliteCode(error) ?? 0) & 0xff) === sqlite.notDatabase;
}

export function isBusy(error: unknown): boolean {
  return ((sqliteCode(error) ?? 0) & 0xff) === sqlite.busy;
}

export function readOnly(path: string, why: string): ProblemError {
  return problem(
    'lab-read-only',
    `${path}: cannot be written (${why}). Give yourself write permission, or name another file with --lab.`,
  );
}

/** Its cause is the damage alone: what is told where the advice would be the very command that found it. */
function damaged(path: string, detail: string, cause = new DamagedRow(detail)): ProblemError {
  const told = problem(
    'lab-damaged',
    `${path}: the lab file is damaged (${detail}). It was left as it is: \`lab check\` says what is wrong, \`lab repair\` brings what can be read into a new file; or restore a copy.`,
  );
  return Object.assign(told, { cause });
}

function problemOf(code: number, path: string): ProblemError | null {
  if (code === sharedMemoryFull) return full(path);
  switch (code & 0xff) {
    case sqlite.full:
      return full(path);
    case sqlite.busy:
    case sqlite.locked:
      return problem(
        'lab-locked',
        `${path}: another program holds this lab file locked. Close it there and run the same command again.`,
      );
    case sqlite.readOnly:
      return readOnly(path, 'it is read-only');
    case sqlite.corrupt:
    case sqlite.notDatabase:
      return damaged(path, malformation(path));
    case sqlite.ioError:
      return problem(
        'lab-unreadable',
        `${path}: the disk failed while the lab file was read or written (SQLite error ${code}). Check the disk; rows already written are kept.`,
      );
    case sqlite.cannotOpen:
      return problem(
        'lab-unreadable',
        `${path}: cannot be opened. Check that it exists and that you may read it.`,
      );
    default:
      return null;
  }
}

function malformation(path: string): string {
  const end = missingEnd(path);
  if (end === null) return 'SQLite finds its pages malformed';
  return `its end is missing: ${end.has} of the ${end.should} bytes that its header names are there`;
}

function full(path: string): ProblemError {
  return problem(
    'disk-full',
    `${path}: the disk is full. Rows already written are kept: free some space and run the same command again.`,
  );
}
