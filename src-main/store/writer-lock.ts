import { DatabaseSync } from 'node:sqlite';
import { problem } from '#shared/models/problem.ts';
import { isBusy, translateError } from './sqlite-problems.ts';

/** Referenced here for as long as they are held: a lock whose owner is no longer referenced would go with the garbage. */
const held = new Set<DatabaseSync>();

/**
 * Makes this process the lab's only writer until it is released or the process ends, however it ends.
 *
 * The lock is an EXCLUSIVE transaction, never committed, on an empty SQLite file beside the lab (`x.lab-lock`). The operating
 * system drops it with the process, so kill -9 cannot leave it stuck. SQLite's own `locking_mode = EXCLUSIVE` on the lab would
 * do the same, but shuts readers out, and `list`, `show` and `report` must work while runs train. The empty file stays
 * behind: deleting it would let two processes hold locks on two files of the same name.
 * @param path of the lab, with symbolic links resolved, so that every name of a lab has one lock
 * @throws lab-locked when another process, or another connection of this one, is the writer
 */
export function acquireWriterLock(path: string): () => void {
  const lockPath = `${path}-lock`;
  let database: DatabaseSync | null = null;
  try {
    // A writer that is just closing is given a moment.
    database = new DatabaseSync(lockPath, { timeout: 250 });
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    if (database !== null) database.close();
    if (isBusy(error)) {
      throw problem(
        'lab-locked',
        `${path}: another Grokscope is writing to this lab. Wait until it ends or stop it, or name another file with --lab; list, show, report and export work meanwhile.`,
      );
    }
    throw translateError(error, lockPath);
  }
  const lock = database;
  held.add(lock);
  return () => {
    held.delete(lock);
    lock.close();
  };
}
