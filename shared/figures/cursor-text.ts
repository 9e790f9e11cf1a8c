import type { DrawnCurve, DrawnFigure } from './drawn-figure.ts';
import { numberText } from './number-text.ts';

/** Median and quartiles of every condition that is shown, at the epoch under the cursor: from all points, not from those drawn. */
export function cursorText({ curves }: Pick<DrawnFigure, 'curves'>, epoch: number): string {
  const labels = new Set(curves.map(({ label }) => label));
  const lines = curves.flatMap((curve) => {
    const { condition, label, band, companion, n, sparse } = curve;
    const at = sparse ? nearestMeasured(curve, epoch) : epoch;
    const median = band.median[at];
    if (median === undefined || Number.isNaN(median)) return [];
    const name = labels.size > 1 ? `${condition}, ${label}` : condition;
    const quartiles = n > 1 && !companion ? `  [${numberText(band.q1[at])}, ${numberText(band.q3[at])}]` : '';
    const where = at === epoch ? '' : ` at ${at}`;
    return [`${name}${where}: ${numberText(median)}${quartiles}`];
  });
  return [`epoch ${epoch}`, ...lines].join('\n');
}

function nearestMeasured({ band: { counts } }: DrawnCurve, epoch: number): number {
  let nearest = -1;
  for (const [at, count] of counts.entries())
    if (count > 0 && (nearest < 0 || Math.abs(at - epoch) < Math.abs(nearest - epoch))) nearest = at;
  return nearest;
}
