// A thread of its own for copying a lab, so that the host goes on taking rows meanwhile: a reader never holds the writer up.
import { workerData, parentPort } from 'node:worker_threads';
import { type BackupOutcome, backupRequestSchema } from './backup.ts';
import { copyLab } from './copy-lab.ts';
import { openLabFile } from './database.ts';
import { isDiskFull } from './disk-full.ts';

function work(): BackupOutcome {
  const { lab, target } = backupRequestSchema.parse(workerData);
  try {
    const database = openLabFile(lab, { readOnly: true });
    try {
      copyLab(database, target);
      return { problem: null };
    } finally {
      database.close();
    }
  } catch (error) {
    if (isDiskFull(error)) return { problem: 'the disk is full; with room again the next start makes it' };
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.postMessage(work(), []);
