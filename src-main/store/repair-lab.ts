import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type ProblemError, problem } from '#shared/models/problem.ts';
import { listBackups } from './backup.ts';
import { checkLab } from './check-lab.ts';
import { newestVersion, openLabFile } from './database.ts';
import { isDiskFull } from './disk-full.ts';
import { mendLabHeader, readLabHeader } from './lab-header.ts';
import { storeOver } from './lab-store.ts';
import { type Recovered, recoverLab } from './recover-lab.ts';
import { sqliteCode } from './sqlite-problems.ts';
import { acquireWriterLock } from './writer-lock.ts';

export interface RepairOutcome {
  /** The damaged lab, kept byte for byte. */
  readonly original: string;
  /** The new lab, which `checkLab` finds sound. */
  readonly repaired: string;
  readonly recovered: Recovered;
  /** What could not be brought over, a sentence each; empty when nothing was lost. */
  readonly lost: readonly string[];
}

/**
 * Reads what can still be read of a damaged lab, table by table and row by row, into a new one. The damaged lab is copied first and never
 * written to. A run keeps the epochs that are there of every series without a gap; a finished run whose numbers changed is queued again,
 * since nobody can say which number it was.
 * @param out `x.repaired.lab` beside `x.lab` by default
 * @throws lab-unreadable, lab-not-sqlite, lab-newer, lab-locked while another program writes to it; lab-damaged when nothing can be
 *   recovered, naming the backups there are; export-failed when `out` is there already; disk-full
 */
export function repairLab(path: string, out?: string): RepairOutcome {
  const original = resolve(path);
  requireLab(original);
  const repaired = resolve(out ?? freeName(original));
  if (existsSync(repaired)) {
    throw problem('export-failed', `${repaired} is there already. Name another file for the repaired lab.`);
  }
  const release = acquireWriterLock(original, 'lab repair');
  try {
    const result = inWorkshop(dirname(repaired), (workshop) => {
      const made = join(workshop, 'repaired.lab');
      const outcome = recoverInto(original, join(workshop, 'damaged.lab'), made);
      renameSync(made, repaired);
      return outcome;
    });
    return { original, repaired, ...result };
  } catch (error) {
    throw isDiskFull(error) ? noRoom(original, repaired) : error;
  } finally {
    release();
  }
}

/** In a folder of its own beside the new lab, on its disk, that is gone afterwards. */
function inWorkshop<T>(folder: string, work: (workshop: string) => T): T {
  const workshop = mkdtempSync(join(folder, '.grokscope-repair-'));
  try {
    return work(workshop);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

/** The copy that is worked on, the new lab, and its log while it is written. */
const timesTheSize = 3;

function noRoom(original: string, repaired: string): ProblemError {
  const megabytes = Math.ceil((timesTheSize * statSync(original).size) / 1e6);
  return problem(
    'disk-full',
    `${original}: cannot be repaired, because the disk of ${dirname(repaired)} is full: it takes about ${megabytes} MB for the time being. Free some space, or name a file on another disk with --out. Nothing was changed.`,
  );
}

function requireLab(path: string): void {
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw problem('lab-unreadable', `${path}: there is no such lab file. Name the lab to repair.`);
  }
  if (statSync(path).size === 0) {
    throw problem('lab-damaged', `${path}: is empty; nothing can be recovered. ${backups(path)}`);
  }
  const header = readLabHeader(path);
  if (!header.isLab) {
    throw problem(
      'lab-not-sqlite',
      `${path}: is not a lab file. It was left as it is: name the lab to repair.`,
    );
  }
  // A version in the thousands is a damaged header, not a newer program.
  if (header.version > newestVersion && header.version < 1000) {
    throw problem(
      'lab-newer',
      `${path}: was written by a newer Grokscope (format ${header.version}; this one knows up to ${newestVersion}). Repair it with that one.`,
    );
  }
}

function freeName(original: string): string {
  const extension = extname(original);
  const stem = join(dirname(original), `${basename(original, extension)}.repaired`);
  let name = `${stem}${extension}`;
  for (let copy = 2; existsSync(name); copy += 1) name = `${stem}-${copy}${extension}`;
  return name;
}

function recoverInto(
  original: string,
  damaged: string,
  repaired: string,
): { readonly recovered: Recovered; readonly lost: readonly string[] } {
  copyFileSync(original, damaged);
  if (existsSync(`${original}-wal`)) copyFileSync(`${original}-wal`, `${damaged}-wal`);
  mendLabHeader(damaged);
  const from = openDamaged(original, damaged);
  try {
    const database = openLabFile(repaired);
    let result;
    try {
      result = recoverLab(
        from,
        storeOver(database, () => new Date()),
      );
    } finally {
      database.close();
    }
    const check = checkLab(repaired);
    if (!check.sound) throw new Error(`the repaired lab is not sound: ${check.findings.join(' ')}`);
    return result;
  } finally {
    from.close();
  }
}

/** @throws lab-damaged when not even the list of tables can be read */
function openDamaged(original: string, damaged: string): DatabaseSync {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(damaged);
    database.prepare('SELECT id FROM study LIMIT 0').all();
    database.prepare('SELECT id FROM run LIMIT 0').all();
    return database;
  } catch (error) {
    database?.close();
    if (sqliteCode(error) === null) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw problem(
      'lab-damaged',
      `${original}: its list of tables cannot be read (${reason}); nothing can be recovered. ${backups(original)}`,
    );
  }
}

function backups(path: string): string {
  const found = listBackups(path).toReversed();
  if (found.length === 0) return 'There is no backup beside it.';
  return `Open a backup instead: ${found.join(', ')}.`;
}
