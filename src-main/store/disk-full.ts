import { ProblemError } from '#shared/models/problem.ts';

/** Whether this, thrown by SQLite's adapter or the file system, comes of a full disk or a used-up quota. */
export function isDiskFull(error: unknown): boolean {
  if (error instanceof ProblemError) return error.problems.some(({ code }) => code === 'disk-full');
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === 'ENOSPC' || error.code === 'EDQUOT';
}
