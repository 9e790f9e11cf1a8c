import type { RunSummary, StudyProgress } from '#shared/models/lab.ts';

/** How far a study is, as its page says it. */
export interface Tally {
  readonly finished: number;
  readonly failed: number;
  readonly total: number;
  readonly rowsDone: number;
  readonly rowsTotal: number;
  readonly rowsPerSecond: number | null;
  readonly secondsLeft: number | null;
}

/** Counted from the runs themselves; speed and time left are the lab's, as long as something trains. */
export function tallyOf(runs: Iterable<RunSummary>, progress: StudyProgress | null): Tally {
  let [finished, failed, total, rowsDone, rowsTotal, running] = [0, 0, 0, 0, 0, 0];
  for (const { state, rows, settings } of runs) {
    total++;
    rowsTotal += settings.epochs + 1;
    rowsDone += rows;
    if (state === 'finished') finished++;
    if (state === 'failed') failed++;
    if (state === 'running') running++;
  }
  const live = running > 0 ? progress : null;
  return {
    finished,
    failed,
    total,
    rowsDone,
    rowsTotal,
    rowsPerSecond: live?.rowsPerSecond ?? null,
    secondsLeft: live?.secondsLeft ?? null,
  };
}
