import type { Curve, Figure } from './figure.ts';

/**
 * The figure's numbers, all of them and not only those that were drawn: every point of every run, the statistics over runs at every epoch,
 * and the detectors' epochs. Long form, one number a line; numbers are written so that they read back exactly, a missing one is empty.
 *
 * Columns: figure, series, condition, kind (run, median, q1, q3, n, or detector and its statistic), seed, epoch, value.
 */
export function figureCsv(figure: Figure): string {
  const lines = ['figure,series,condition,kind,seed,epoch,value'];
  const push = (
    curve: Pick<Curve, 'series' | 'condition'>,
    kind: string,
    seed: number | '',
    epoch: number | '',
    value: number,
  ): void => {
    const fields = [figure.id, curve.series, curve.condition, kind].map(quoted);
    lines.push([...fields, seed, epoch, Number.isNaN(value) ? '' : value].join(','));
  };
  for (const curve of figure.curves) {
    for (const { seed, values } of curve.runs)
      values.forEach((value, epoch) => push(curve, 'run', seed, epoch, value));
    const { median, q1, q3, counts } = curve.band;
    for (const [kind, values] of Object.entries({ median, q1, q3, n: counts }))
      values.forEach((value, epoch) => push(curve, kind, '', epoch, value));
  }
  for (const { detector, condition, fired, n, median, q1, q3 } of figure.markers) {
    for (const [kind, value] of Object.entries({ fired, n, median, q1, q3 }))
      push({ series: `detector ${detector}`, condition }, kind, '', '', value);
  }
  return `${lines.join('\n')}\n`;
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
