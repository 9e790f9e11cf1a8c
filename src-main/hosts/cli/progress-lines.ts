import { cutText, padText, textWidth } from '#shared/report/text-width.ts';
import { formatDuration } from './duration.ts';
import type { RowRate } from '../../core/row-rate.ts';

export interface ProgressTotal {
  readonly runs: number;
  readonly rows: number;
}

export interface ProgressState {
  /** Finished runs; failed ones are counted apart. */
  readonly runsDone: number;
  readonly runsFailed: number;
  readonly rowsDone: number;
  readonly active: readonly ActiveRun[];
}

export interface ActiveRun {
  readonly condition: string;
  readonly seed: number;
  readonly epoch: number;
  readonly epochs: number;
  /** In [0, 1]; NaN before it is known. */
  readonly testAccuracy: number;
  /** What it does besides training, such as a probe. */
  readonly phase?: string;
}

/** The most a line says, in the order in which a narrow terminal drops it from the end. */
export function overallText(total: ProgressTotal, state: ProgressState, rate: RowRate): string {
  const { runsDone, runsFailed, rowsDone } = state;
  const parts = [`${runsDone}/${total.runs} runs`];
  if (runsFailed > 0) parts.push(`${runsFailed} failed`);
  parts.push(`${thousands(rowsDone)}/${thousands(total.rows)} rows`);
  const perSecond = rate.perSecond();
  const rowsLeft = total.rows - rowsDone;
  if (perSecond !== null) {
    parts.push(`${perSecond < 100 ? perSecond.toFixed(1) : Math.round(perSecond)} rows/s`);
    // Rounded up to 5 s: an estimate that counts single seconds promises more than it knows.
    const secondsLeft = rowsLeft / perSecond;
    const rounded = secondsLeft < 10 ? Math.ceil(secondsLeft) : Math.ceil(secondsLeft / 5) * 5;
    if (rowsLeft > 0 && runsDone + runsFailed < total.runs) {
      parts.push(`about ${formatDuration(rounded)} left`);
    }
  }
  return parts.join('  ');
}

/** The same with a bar before it, where there is room for one. */
export function overallLine(
  total: ProgressTotal,
  state: ProgressState,
  rate: RowRate,
  width: number,
): string {
  const text = overallText(total, state, rate);
  const room = width - text.length - 1;
  return (room >= 8 ? `${bar(state.rowsDone, total.rows, Math.min(24, room))} ${text}` : text).slice(
    0,
    width,
  );
}

/** One line a run, their columns aligned; long condition names give way first. */
export function activeLines(active: readonly ActiveRun[], width: number): string[] {
  const rows = active.map((run) => ({
    run,
    seed: `seed ${run.seed}`,
    epochs: `${run.epoch}/${run.epochs}`,
    accuracy: `test ${Number.isNaN(run.testAccuracy) ? '-' : run.testAccuracy.toFixed(3)}`,
  }));
  const seedWidth = longest(rows.map((row) => row.seed));
  const epochsWidth = longest(rows.map((row) => row.epochs));
  const barWidth = 12;
  const spaces = 10;
  const rest = seedWidth + barWidth + epochsWidth + 'test 0.000'.length + spaces;
  const nameWidth = Math.max(8, Math.min(longest(active.map((run) => run.condition)), width - rest));
  return rows.map(({ run, seed, epochs, accuracy }) =>
    cutText(
      [
        `  ${padText(shorten(run.condition, nameWidth), nameWidth)}`,
        seed.padEnd(seedWidth),
        bar(run.epoch, run.epochs, barWidth),
        epochs.padStart(epochsWidth),
        accuracy.padEnd('test 0.000'.length),
        run.phase ?? '',
      ]
        .join('  ')
        .trimEnd(),
      width,
    ),
  );
}

function bar(done: number, total: number, width: number): string {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  const full = Math.floor(share * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

function shorten(text: string, width: number): string {
  return textWidth(text) <= width ? text : `${cutText(text, width - 1)}…`;
}

function longest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(textWidth));
}

/** Grouped by commas whatever the machine's language, as every line of the lab is English. */
function thousands(count: number): string {
  return count.toLocaleString('en-US');
}
