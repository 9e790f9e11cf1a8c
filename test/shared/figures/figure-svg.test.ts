import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { figureSvg } from '#shared/figures/figure-svg.ts';
import type { Figure } from '#shared/figures/figure.ts';
import { paperOptions } from '#shared/figures/paper.ts';
import { paperSize } from '#shared/figures/svg-markup.ts';
import { noisyLine, sampleCurve, sampleFigure } from './sample-figure.ts';

const lines = (count: number, length: number, from = 0): Float64Array[] =>
  Array.from({ length: count }, (_, seed) => noisyLine(length, from + seed));

const drawn = (figure: Figure, millimetres: number): string =>
  figureSvg(figure, paperOptions(figure, millimetres));

function attempt(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    return error;
  }
}

/** Of conditions without detectors. */
const many = (count: number): Figure =>
  sampleFigure(Array.from({ length: count }, (_, i) => sampleCurve(`condition ${i}`, i, lines(2, 50, i))));

/** How long its vertical axis is, as drawn. */
const plotOf = (svg: string): number =>
  Number(/<path d="M[\d.]+ [\d.]+l0-([\d.]+)"[^>]*stroke="#a1a1aa"/.exec(svg)?.[1]);

describe('a figure for paper', () => {
  const figure = sampleFigure(
    [sampleCurve('grokking', 0, lines(5, 200)), sampleCurve('control', 1, lines(4, 200, 50))],
    [{ detector: 'lock-in', condition: 'grokking', place: 0, fired: 5, n: 5, median: 120, q1: 110, q3: 130 }],
  );
  const svg = drawn(figure, 85);

  it('is sized in millimetres', () => {
    expect(svg).toMatch(/^<svg width="85mm" height="52\.7mm"/);
    expect(svg).toMatch(/viewBox="0 0 321 199"/);
  });

  // Oracle: a renderer that is strict about XML.
  it('is an SVG that another program draws', () => {
    const { width, height } = new Resvg(svg).render();
    expect(width / height).toBeCloseTo(85 / 52.7, 1);
  });

  it('has legend with n, axis titles and markers as text', () => {
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
    for (const text of ['grokking (n = 5)', 'control (n = 4)', 'epoch', 'sigma2/sigma3', 'lock-in 120 (5/5)'])
      expect(texts).toContain(text);
  });

  it('says in a row of its own what dashes mean, where one row is too short for all', () => {
    const train = { ...sampleCurve('grokking', 0, lines(5, 200, 90)), companion: true, label: 'train' };
    const tested = figure.curves.map((curve) => ({ ...curve, label: 'test' }));
    const texts = drawn({ ...figure, curves: [...tested, train] }, 85).matchAll(
      /<text[^>]*translate\(([\d.]+) ([\d.]+)\)[^>]*>([^<]*)</g,
    );
    const places = new Map([...texts].map(([, x, y, text]) => [text, { x: Number(x), y: Number(y) }]));
    const [first, full, dashed] = ['grokking (n = 5)', 'test', 'train'].map((text) => places.get(text));
    expect(full?.x).toBe(first?.x);
    expect(full?.y).toBeGreaterThan(first?.y ?? NaN);
    expect(dashed?.y).toBe(full?.y);
  });

  it('draws a band, the runs and a median for every condition', () => {
    for (const colour of ['#0072B2', '#D55E00']) {
      expect(svg).toMatch(
        new RegExp(
          `<(polygon|path)[^>]*fill="${colour}"[^>]*fill-opacity="0.22"|fill="${colour}"[^>]*opacity="0.22"`,
        ),
      );
      expect(svg).toMatch(new RegExp(`stroke="${colour}" stroke-width="1.8"`));
      expect(svg).toMatch(new RegExp(`stroke="${colour}" stroke-width="0.75"`));
    }
  });

  // The target of interface.md.
  it('of 20 runs of 10,000 epochs is at most 300 KB', () => {
    const large = sampleFigure([
      sampleCurve('a', 0, lines(10, 10_000)),
      sampleCurve('b', 1, lines(10, 10_000, 50)),
    ]);
    expect(drawn(large, 170).length).toBeLessThanOrEqual(300_000);
  });

  it('breaks a line where nothing was measured', () => {
    const values = Float64Array.from([1, 2, 3, NaN, 5, 6]);
    // The first is the legend's.
    const [, [, path]] = drawn(sampleFigure([sampleCurve('a', 0, [values])]), 85).matchAll(
      /<path d="([^"]*)"[^>]*stroke-width="1\.8"/g,
    );
    expect(path.match(/M/g)).toHaveLength(2);
  });

  it('of many conditions is as much higher as its legend is longer, so that its plot is not lower', () => {
    expect(drawn(many(2), 85)).toMatch(/height="52\.7mm"/);
    const twenty = drawn(many(20), 85);
    const { height } = paperSize(twenty);
    expect(plotOf(twenty)).toBeGreaterThan(0.75 * plotOf(svg));
    const shorter = {
      ...paperOptions(many(20), 85),
      hiddenConditions: new Set(['condition 3', 'condition 4']),
    };
    expect(paperSize(figureSvg(many(20), shorter)).height).toBeLessThan(height);
    expect(paperSize(figureSvg(many(20), { ...shorter, legend: false })).height).toBe(52.7);
  });

  it('of a height that its legend takes whole is refused, with the height it needs', () => {
    const twenty = many(20);
    const of = (height: number) => () => figureSvg(twenty, { ...paperOptions(twenty, 85), height });
    const [, needed] = /needs a height of (\d+) mm, got 50/.exec(String(attempt(of(50)))) ?? [];
    expect(paperSize(of(Number(needed))()).height).toBe(Number(needed));
    expect(of(Number(needed) - 1)).toThrow(RangeError);
  });

  it.each([0, 20, -85, NaN])('of %d mm is refused', (width) => {
    expect(() => drawn(figure, width)).toThrow(`wider than 20 mm, got ${width}`);
  });
});
