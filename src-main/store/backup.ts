import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { problem } from '#shared/models/problem.ts';
import type { LabStore } from './lab-store.ts';

export const backupRequestSchema = z.object({ lab: z.string(), target: z.string() });
export const backupOutcomeSchema = z.object({ problem: z.string().nullable() });
export type BackupOutcome = z.infer<typeof backupOutcomeSchema>;

/** It lies beside this script, of which the desktop application has a bundle. */
const workerScript = join(import.meta.dirname, `backup-worker${extname(import.meta.filename)}`);

const day = 86_400_000;

/**
 * Copies the lab to `x.lab.backup-YYYY-MM-DD` when the newest such copy is a day old or there is none, and then removes all
 * but the newest `keep`. The copy is made in a thread of its own, from one consistent state, and takes its name when it is whole and
 * on the disk: a copy that fails removes nothing.
 * @param folder beside the lab by default
 * @returns the new copy's path, or null when none was due
 * @throws export-failed when the copy cannot be made, saying why
 */
export async function backupDaily(
  store: Pick<LabStore, 'path' | 'clock'>,
  folder = dirname(store.path),
  keep = 3,
): Promise<string | null> {
  const now = store.clock();
  const newest = listBackups(store.path, folder).at(-1);
  if (newest !== undefined) {
    const age = now.getTime() - statSync(newest).mtimeMs;
    // A copy from the future comes of a clock that was wrong: it must not stop backups until then.
    if (age >= 0 && age < day) return null;
  }
  mkdirSync(folder, { recursive: true });
  const target = join(folder, `${basename(store.path)}.backup-${now.toISOString().slice(0, 10)}`);
  const failure = await copyInThread(store.path, target);
  if (failure !== null) {
    throw problem(
      'export-failed',
      `${target}: the daily backup could not be made (${failure}). The lab itself and earlier backups are as they were.`,
    );
  }
  utimesSync(target, now, now);
  for (const old of listBackups(store.path, folder).slice(0, -keep)) rmSync(old);
  return target;
}

/** The daily copies of a lab, oldest first. */
export function listBackups(lab: string, folder = dirname(lab)): string[] {
  if (!existsSync(folder)) return [];
  const prefix = `${basename(lab)}.backup-`;
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && /^\d{4}-\d\d-\d\d$/.test(name.slice(prefix.length)))
    .toSorted()
    .map((name) => join(folder, name));
}

/** @returns why it failed, or null */
function copyInThread(lab: string, target: string): Promise<string | null> {
  return new Promise((resolve) => {
    const worker = new Worker(workerScript, {
      workerData: { lab, target },
    });
    worker.once('message', (message: unknown) => resolve(backupOutcomeSchema.parse(message).problem));
    worker.once('error', (error) => resolve(error instanceof Error ? error.message : String(error)));
    worker.once('exit', () => resolve('its thread ended early'));
  });
}
