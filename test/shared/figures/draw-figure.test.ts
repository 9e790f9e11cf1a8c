import { expect, it } from 'vitest';
import { drawFigure } from '#shared/figures/draw-figure.ts';
import { noisyLine, sampleCurve, sampleFigure, wholeRequest } from './sample-figure.ts';

it.each([
  ['linear', [0, 99]],
  ['log', [1, 99]],
] as const)('a part of the epochs knows the whole, on a %s axis', (xScale, whole) => {
  const drawn = drawFigure(sampleFigure([sampleCurve('a', 0, [noisyLine(100, 1)])]), {
    ...wholeRequest,
    xScale,
    view: [20, 40],
  });
  expect([drawn.x.min, drawn.x.max]).toStrictEqual([20, 40]);
  expect(drawn.whole).toStrictEqual(whole);
});
