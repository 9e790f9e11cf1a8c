import { csvCell } from './csv-cell.ts';
import type { Figure } from './figure.ts';

/** Lines a part has at most: some megabytes of text, far below what one string may hold. */
const partLines = 50_000;

/**
 * The figure's numbers, all of them and not only those that were drawn: every point of every run, the statistics over runs at every epoch,
 * the detectors' epochs, the bounds of rounding and the values compared with. Long form, one number a line; numbers are written so that
 * they read back exactly. A missing one is empty; of a series that is measured at some epochs only, those are written.
 *
 * Columns: figure, series, condition, kind (run, median, q1, q3, n, limit, level, or detector and its statistic), seed, epoch, value.
 * @returns in parts, to be joined: a figure of a thousand runs is larger than a string can be
 */
export function* figureCsvParts(figure: Figure): Generator<string> {
  let lines = ['figure,series,condition,kind,seed,epoch,value'];
  const flush = (): string => {
    const part = `${lines.join('\n')}\n`;
    lines = [];
    return part;
  };
  for (const { series, condition, kind, seed, values, sparse } of columnsOf(figure)) {
    const start = [figure.id, series, condition, kind].map(csvCell).join(',');
    for (const [epoch, value] of values.entries()) {
      if (sparse && (Number.isNaN(value) || (kind === 'n' && value === 0))) continue;
      lines.push(`${start},${seed},${epoch},${Number.isNaN(value) ? '' : value}`);
      if (lines.length >= partLines) yield flush();
    }
  }
  for (const { detector, condition, fired, n, median, q1, q3 } of figure.markers) {
    const start = [figure.id, `detector ${detector}`, condition].map(csvCell).join(',');
    for (const [kind, value] of Object.entries({ fired, n, median, q1, q3 }))
      lines.push(`${start},${kind},,,${value}`);
  }
  for (const { label, condition, value } of figure.levels ?? [])
    lines.push(`${[figure.id, label, condition ?? '', 'level'].map(csvCell).join(',')},,,${value}`);
  yield flush();
}

export function figureCsv(figure: Figure): string {
  return [...figureCsvParts(figure)].join('');
}

interface Column {
  readonly series: string;
  readonly condition: string;
  readonly kind: string;
  readonly seed: number | '';
  readonly values: Float64Array | Int32Array;
  readonly sparse: boolean;
}

function* columnsOf({ curves, limits }: Figure): Generator<Column> {
  for (const { series, condition, runs, band, sparse = false } of curves) {
    for (const { seed, values } of runs) yield { series, condition, kind: 'run', seed, values, sparse };
    const { median, q1, q3, counts: n } = band;
    for (const [kind, values] of Object.entries({ median, q1, q3, n }))
      yield { series, condition, kind, seed: '', values, sparse };
  }
  for (const { label, condition, values } of limits ?? [])
    yield { series: label, condition, kind: 'limit', seed: '', values, sparse: false };
}
