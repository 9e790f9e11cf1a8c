import type { ConditionFires } from '../report/score-detector.ts';
import { csvCell } from './csv-cell.ts';
import type { SweptDetector } from './threshold-plot.ts';

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

/**
 * How many runs would fire at other thresholds, and when. Columns: kind, condition, control, n, threshold, share, median, q1, q3. Rows of kind
 * "curve" are of one condition at one threshold; the others hold a threshold alone: one in use, by its name, and where the last control stops
 * to fire ("last control") and the first run of the other condition ("first signal").
 */
export function sweepCsv({ sweep, thresholds, margin }: SweptDetector): string {
  const curves = sweep.conditions.flatMap(({ condition, isControl, n, share, median, q1, q3 }) =>
    [...sweep.thresholds].map((threshold, k) => [
      'curve',
      condition,
      isControl,
      n,
      threshold,
      ...[share[k], median[k], q1[k], q3[k]].map((value) => (Number.isNaN(value) ? '' : value)),
    ]),
  );
  return table(
    ['kind', 'condition', 'control', 'n', 'threshold', 'share', 'median', 'q1', 'q3'],
    [
      ...curves,
      ...thresholds.map(({ label, value }) => alone(label, value)),
      ...(margin ? [alone('last control', margin.control), alone('first signal', margin.signal)] : []),
    ],
  );
}

function alone(kind: string, threshold: number): (string | number)[] {
  return [kind, '', '', '', threshold, '', '', '', ''];
}

function table(head: readonly string[], rows: readonly (readonly (string | number | boolean)[])[]): string {
  return [head, ...rows].map((cells) => `${cells.map((cell) => csvCell(String(cell))).join(',')}\n`).join('');
}
