import { describe, expect, it } from 'vitest';
import { drawFigure } from '#shared/figures/draw-figure.ts';
import { figureSvg } from '#shared/figures/figure-svg.ts';
import type { Figure } from '#shared/figures/figure.ts';
import { lineLabels } from '#shared/figures/line-labels.ts';
import { paperOptions } from '#shared/figures/paper.ts';
import { sampleCurve, sampleFigure, wholeRequest } from './sample-figure.ts';

const fontSize = 10;
const box = { left: 50, top: 20, width: 300, height: 200 };
const curve = sampleCurve('a', 0, [Float64Array.from({ length: 11 }, (_, t) => 10 ** (t / 5))]);
const flat = (value: number): Float64Array => new Float64Array(11).fill(value);
const limit = (value: number, side: 'above' | 'below', condition = 'a') => ({
  label: 'rounding',
  condition,
  place: 0,
  side,
  values: flat(value),
});
const level = (value: number, condition: string) => ({ label: 'epoch 0', condition, place: 0, value });
const labelsOf = (lines: Pick<Figure, 'limits' | 'levels'>, view: [number, number] | null = null) =>
  lineLabels(
    drawFigure(
      { ...sampleFigure([curve]), y: { title: '', scale: 'linear', range: [0, 100] }, ...lines },
      { ...wholeRequest, yScale: 'linear', view },
    ),
    box,
    fontSize,
  );

describe('the name of a line', () => {
  it('lies over every curve, in a rim of the colour of the page', () => {
    const figure = { ...sampleFigure([curve]), limits: [limit(50, 'below')], levels: [level(60, 'a')] };
    const svg = figureSvg(figure, paperOptions(figure, 85));
    const lastCurve = svg.lastIndexOf('stroke-width="1.8"');
    for (const text of ['rounding', 'epoch 0']) {
      const [element] = new RegExp(`<text[^>]*>${text}<`).exec(svg) ?? [''];
      expect(svg.indexOf(element)).toBeGreaterThan(lastCurve);
      expect(element).toMatch(/stroke="#ffffff"/);
      expect(element).toMatch(/stroke-width="3"/);
      // Else the rim would lie over the letters.
      expect(element).toMatch(/paint-order="stroke"/);
    }
  });

  it('stands at the right end of its line, on its far side', () => {
    // Oracle: 50 is the middle of 0 to 100.
    expect(labelsOf({ limits: [limit(50, 'below')] })).toStrictEqual([
      { text: 'rounding', x: 346, y: 123, verticalAlign: 'top' },
    ]);
    expect(labelsOf({ limits: [limit(50, 'above')] })).toMatchObject([{ y: 117, verticalAlign: 'bottom' }]);
    expect(labelsOf({ levels: [level(50, 'a')] })).toMatchObject([
      { x: 347, y: 117, verticalAlign: 'bottom' },
    ]);
  });

  it('stands on the other side where the far one has no room', () => {
    expect(labelsOf({ limits: [limit(1, 'below')] })).toMatchObject([{ verticalAlign: 'bottom' }]);
    expect(labelsOf({ levels: [level(99, 'a')] })).toMatchObject([{ verticalAlign: 'top' }]);
  });

  it('stands at the last epoch in view, where the line goes on', () => {
    const [whole] = labelsOf({ limits: [limit(2, 'below')] });
    const rising = { ...limit(2, 'below'), values: Float64Array.from({ length: 11 }, (_, t) => 2 ** t) };
    const [part] = labelsOf({ limits: [rising] }, [0, 5]);
    expect(part.x).toBe(whole.x);
    expect(part.y).toBeCloseTo(220 - 2 * 2 ** 5 + 3, 6);
  });

  it('is not there where its line is not', () => {
    const gone = Float64Array.from({ length: 11 }, (_, t) => (t < 5 ? 2 : NaN));
    const ended = { ...limit(2, 'below'), values: gone };
    expect(labelsOf({ limits: [ended], levels: [level(1000, 'a')] }, [5, 10])).toStrictEqual([]);
    expect(labelsOf({ limits: [ended] })).toHaveLength(1);
  });

  it('is written once for lines that lie on each other, and at each that is apart', () => {
    const limits = ['a', 'b', 'c'].map((name, k) => limit(2 + k / 100, 'below', name));
    expect(labelsOf({ limits })).toHaveLength(1);
    expect(labelsOf({ limits: [...limits, limit(20, 'below', 'd')] })).toHaveLength(2);
    expect(labelsOf({ levels: [level(30, 'a'), level(30, 'b'), level(3, 'c')] })).toHaveLength(2);
    // Other words are no repetition.
    expect(labelsOf({ limits: [limit(2, 'above')], levels: [level(2, 'a')] })).toHaveLength(2);
  });
});

/** Of the shades beyond so many bounds. */
function opacities(count: number): number[] {
  const limits = Array.from({ length: count }, (_, i) => limit(20 + i, 'below', `c${i}`));
  const figure = { ...sampleFigure([curve]), limits };
  const shades = figureSvg(figure, paperOptions(figure, 85)).matchAll(
    /fill="#52525b" fill-opacity="([\d.]+)"/g,
  );
  return [...shades].map(([, opacity]) => Number(opacity));
}

it('the shades beyond many bounds are together no darker than those of two', () => {
  expect(opacities(1)).toStrictEqual([0.1]);
  expect(opacities(2)).toStrictEqual([0.1, 0.1]);
  expect(opacities(20)).toHaveLength(20);
  // Oracle: what n shades of opacity a leave is (1 - a)^n.
  expect((1 - opacities(20)[0]) ** 20).toBeGreaterThan(0.9 ** 2);
});
