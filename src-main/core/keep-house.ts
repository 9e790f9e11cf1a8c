import { backupDaily } from '../store/backup.ts';
import type { LabStore } from '../store/lab-store.ts';

/** Often enough that a backup is at most a day and an hour old. */
const hour = 3_600_000;

/**
 * What a host does for its lab now and, as it may stay open for weeks, every hour again: ends for good what was deleted 30 days ago, and
 * makes the daily backup beside everything else where one is due.
 * @param warn hears why a backup could not be made; the same reason once
 * @returns stops it, when a backup under way has ended
 */
export function keepHouse(
  store: LabStore,
  warn: (message: string) => void,
  every = hour,
): () => Promise<void> {
  let backup: Promise<void> = Promise.resolve();
  let lastWarning = '';

  async function work(): Promise<void> {
    try {
      store.purgeDeleted();
      await backupDaily(store);
      lastWarning = '';
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== lastWarning) warn(message);
      lastWarning = message;
    }
  }

  function next(): void {
    backup = backup.then(work);
  }

  next();
  const timer = setInterval(next, every);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await backup;
  };
}
