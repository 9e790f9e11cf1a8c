import type { ConditionFires } from '../report/score-detector.ts';
import type { ThresholdSweep } from '../report/threshold-sweep.ts';
import { csvCell } from './csv-cell.ts';

/*
 * What the detector bench shows beside its charts, as tables that redraw it: one number a cell, written so that it reads back exactly; empty
 * where there is none.
 */

/** When each run fires. Columns: condition, seed, run, finished (statistics are of finished runs), epoch (empty: it does not fire). */
export function firesCsv(fires: readonly ConditionFires[]): string {
  const rows = fires.flatMap(({ condition, runs }) =>
    runs.map(({ seed, runId, finished, epoch }) => [condition, seed, runId, finished, epoch ?? '']),
  );
  return table(['condition', 'seed', 'run', 'finished', 'epoch'], rows);
}

/** How many runs would fire at other thresholds, and when. Columns: condition, n, threshold, share, median, q1, q3. */
export function sweepCsv({ thresholds, conditions }: ThresholdSweep): string {
  const rows = conditions.flatMap(({ condition, n, share, median, q1, q3 }) =>
    [...thresholds].map((threshold, k) => [
      condition,
      n,
      threshold,
      ...[share[k], median[k], q1[k], q3[k]].map((value) => (Number.isNaN(value) ? '' : value)),
    ]),
  );
  return table(['condition', 'n', 'threshold', 'share', 'median', 'q1', 'q3'], rows);
}

function table(head: readonly string[], rows: readonly (readonly (string | number | boolean)[])[]): string {
  return [head, ...rows].map((cells) => `${cells.map((cell) => csvCell(String(cell))).join(',')}\n`).join('');
}
