import { bandOf } from '#shared/figures/band.ts';
import type { DrawRequest } from '#shared/figures/drawn-figure.ts';
import type { Curve, EpochMarker, Figure } from '#shared/figures/figure.ts';

export function sampleCurve(condition: string, place: number, lines: readonly Float64Array[]): Curve {
  return {
    condition,
    place,
    series: 'spectrum.W.ratio23',
    companion: false,
    runs: lines.map((values, seed) => ({ runId: 10 * place + seed, seed, values })),
    band: bandOf(lines),
    rounding: null,
  };
}

export function sampleFigure(curves: readonly Curve[], markers: readonly EpochMarker[] = []): Figure {
  return {
    id: 'ratio23-W',
    title: 'sigma2/sigma3 of W',
    caption: '',
    x: { title: 'epoch', scale: 'linear', range: null },
    y: { title: 'sigma2/sigma3', scale: 'log', range: null },
    curves,
    markers,
  };
}

/** Everything of a figure, small, with its single runs as lines. */
export const wholeRequest: DrawRequest = {
  width: 300,
  height: 200,
  theme: 'light',
  xScale: 'linear',
  yScale: 'log',
  view: null,
  hiddenConditions: new Set(),
  hiddenRuns: new Set(),
  singleRuns: true,
  mostPoints: Infinity,
};

/** A seeded line that rises over some decades with noise, so that figures look like the real thing. */
export function noisyLine(length: number, seed: number): Float64Array {
  let state = seed + 1;
  return Float64Array.from({ length }, (_, t) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.exp((5 * t) / length + 0.4 * (state / 2 ** 32 - 0.5));
  });
}
