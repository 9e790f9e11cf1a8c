import { existsSync, statfsSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { HostReport } from '#shared/models/host-report.ts';
import { listBackups } from '../store/backup.ts';
import { appVersion } from '../version.ts';

/** What this machine and this lab are, for whoever has to find out why something is slow or missing. The lab need not exist yet. */
export function hostReport(labPath: string, workers: number): HostReport {
  const folder = path.dirname(labPath);
  return {
    appVersion,
    runtime: process.versions.electron
      ? `Electron ${process.versions.electron}, Node ${process.versions.node}`
      : `Node ${process.versions.node}`,
    platform: `${process.platform} ${process.arch}`,
    cores: os.availableParallelism(),
    workers,
    threadsPerTrainer: 1,
    memoryBytes: os.totalmem(),
    lab: { path: labPath, bytes: sizeOf(labPath), freeBytes: freeBytes(folder) },
    backups: listBackups(labPath)
      .toReversed()
      .map((file) => ({ path: file, bytes: sizeOf(file) ?? 0, madeAt: statSync(file).mtime.toISOString() })),
  };
}

/** With what its write-ahead log holds; null when there is no such file. */
function sizeOf(file: string): number | null {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) return null;
  return size + (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0);
}

function freeBytes(folder: string): number | null {
  if (!existsSync(folder)) return null;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
