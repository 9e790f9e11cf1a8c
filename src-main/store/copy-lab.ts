import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import type { LabDatabase } from './connection.ts';

/**
 * A copy of a lab as it is now, with what is still in its write-ahead log, whole or not at all: it is written to `x.partial`,
 * synced, and only then takes its name.
 * @param target is replaced if it is there
 * @throws what SQLite or the file system threw; nothing is left behind then
 */
export function copyLab(database: Pick<LabDatabase, 'run'>, target: string): void {
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  try {
    database.run('VACUUM INTO ?', partial);
    const file = openSync(partial, 'r+');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}
