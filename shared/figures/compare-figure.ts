import type { Figure } from './figure.ts';
import type { RunGroup } from './group-curve.ts';
import { groupCurve } from './group-curve.ts';
import { suitedScale } from './run-figure.ts';

/** One series of everything that is compared: conditions with their bands, single runs as lines. Colours go by place. */
export function compareFigure(groups: readonly RunGroup[], series: string, epochs: number): Figure {
  const curves = groups.flatMap((group) => groupCurve(group, series));
  return {
    id: series,
    title: series,
    caption: '',
    x: { title: 'epoch', scale: 'linear', range: [0, epochs] },
    y: {
      title: series,
      scale: suitedScale(Float64Array.from(curves.flatMap(({ band }) => [...band.median]))),
      range: series.endsWith('.accuracy') ? [0, 1] : null,
    },
    curves,
    markers: [],
  };
}
