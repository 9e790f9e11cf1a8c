// One at a time: a file with the id of the process whose turn it is. Trainers read it too (src-main/trainer/tensorflow-coming.ts).
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** No turn takes as long: what is older was left by a process that was ended, and its id may be another's by now. */
const mostMilliseconds = 3_600_000;

/**
 * Runs `action` while `file` says that it is this process's turn.
 * @param onWait called once where another process has to be waited for
 * @param {AbortSignal} [signal] ends the wait
 */
export async function inTurn(file, action, onWait, signal) {
  mkdirSync(path.dirname(file), { recursive: true });
  let waits = false;
  while (!take(file)) {
    if (!waits) onWait(holder(file));
    waits = true;
    await wait(500, undefined, { signal });
  }
  try {
    return await action();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isLeft(file)) clear(file);
    return false;
  }
}

/** Another that waits may have cleared it already, and taken its turn since: what was taken away is looked at again, and that put back. */
function clear(file) {
  const away = `${file}.${process.pid}`;
  try {
    renameSync(file, away);
    if (!isLeft(away)) linkSync(away, file);
  } catch (error) {
    // Gone, or there is a newer one.
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(away, { force: true });
  }
}

function holder(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return NaN;
  }
}

function isLeft(file) {
  const written = statSync(file, { throwIfNoEntry: false });
  if (written === undefined) return false;
  if (Date.now() - written.mtimeMs > mostMilliseconds) return true;
  const id = holder(file);
  // Not written yet, or just gone: whoever waits looks again.
  if (!(id > 0)) return false;
  try {
    process.kill(id, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
