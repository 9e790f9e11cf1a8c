import type { LabStore } from '../store/lab-store.ts';

/** Stores that a run has failed, from whichever state its trainer left it in; its rows stay, with a snapshot to go on from. */
export function failRun(store: LabStore, runId: number, reason: string, seconds: number): void {
  // One that was cancelled before waits again from the moment it is tried.
  if (store.runs.get(runId).state === 'cancelled') store.runs.retry(runId);
  store.runs.fail(runId, reason, seconds);
}
