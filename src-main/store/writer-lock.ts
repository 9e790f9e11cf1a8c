import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { problem } from '#shared/models/problem.ts';
import { isBusy, translateError } from './sqlite-problems.ts';

/** Who writes to a lab, as another program tells its user. */
const holderSchema = z.object({
  program: z.string(),
  pid: z.number(),
  host: z.string(),
  /** ISO 8601, UTC. */
  since: z.string(),
});
type Holder = z.infer<typeof holderSchema>;

/** Referenced here for as long as they are held: a lock whose owner is no longer referenced would go with the garbage. */
const held = new Set<DatabaseSync>();

/**
 * Makes this process the lab's only writer until it is released or the process ends, however it ends.
 *
 * The lock is an EXCLUSIVE transaction, never committed, on an empty SQLite file beside the lab (`x.lab-lock`). The operating
 * system drops it with the process, so kill -9 cannot leave it stuck. SQLite's own `locking_mode = EXCLUSIVE` on the lab would
 * do the same, but shuts readers out, and `list`, `show` and `report` must work while runs train. The empty file stays
 * behind: deleting it would let two processes hold locks on two files of the same name.
 *
 * `x.lab-holder` beside it only says who holds the lock. It is not in the locked file itself: reading that from outside SQLite and
 * closing it would drop this process's own lock on it (POSIX advisory locks).
 * @param path of the lab, with symbolic links resolved, so that every name of a lab has one lock
 * @param program what this process is called in the refusal another one gives
 * @throws lab-locked when another process, or another connection of this one, is the writer
 */
export function acquireWriterLock(path: string, program: string): () => void {
  const lockPath = `${path}-lock`;
  const holderPath = `${path}-holder`;
  let database: DatabaseSync | null = null;
  try {
    // A writer that is just closing is given a moment.
    database = new DatabaseSync(lockPath, { timeout: 250 });
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    writeHolder(holderPath, program);
  } catch (error) {
    if (database !== null) database.close();
    if (isBusy(error)) {
      throw problem(
        'lab-locked',
        `${path}: ${describeHolder(holderPath)} is writing to this lab. Wait until it ends or stop it, or name another file with --lab; list, show, report and export work meanwhile.`,
      );
    }
    throw translateError(error, lockPath);
  }
  const lock = database;
  held.add(lock);
  return () => {
    held.delete(lock);
    rmSync(holderPath, { force: true });
    lock.close();
  };
}

function writeHolder(holderPath: string, program: string): void {
  const holder: Holder = { program, pid: process.pid, host: hostname(), since: new Date().toISOString() };
  try {
    writeFileSync(`${holderPath}.partial`, JSON.stringify(holder));
    renameSync(`${holderPath}.partial`, holderPath);
  } catch {
    // Only the sentence of another program's refusal gets poorer, on a full disk for one.
    rmSync(`${holderPath}.partial`, { force: true });
  }
}

/** The holder by name and process where that is known and can be true; a file left by a killed process names nobody. */
function describeHolder(holderPath: string): string {
  const holder = readHolder(holderPath);
  if (holder === null) return 'another Grokscope';
  const here = holder.host === hostname();
  if (here && !isAlive(holder.pid)) return 'another Grokscope';
  const where = here ? '' : ` on ${holder.host}`;
  const since = holder.since.slice(0, 16).replace('T', ' ');
  return `another Grokscope (${holder.program}, process ${holder.pid}${where}, since ${since} UTC)`;
}

function readHolder(holderPath: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(holderPath, 'utf8')));
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
