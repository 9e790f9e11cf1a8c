import { describe, expect, it } from 'vitest';
import { conditionStroke, distinctStrokes, inkOf } from '#shared/figures/palette.ts';
import type { Theme } from '#shared/figures/palette.ts';
import { contrast, deficiencies, difference, labDifference, linearRgb, seenWith } from './colour-vision.ts';
import type { Lab, Rgb } from './colour-vision.ts';

const themes: readonly Theme[] = ['light', 'dark'];
/** Those a study of up to six conditions uses; beyond, dashes tell conditions apart. */
const places = [0, 1, 2, 3, 4, 5];

function least(colours: readonly Rgb[]): number {
  return Math.min(
    ...colours.flatMap((first, i) => colours.slice(i + 1).map((second) => difference(first, second))),
  );
}

describe.each(themes)('the %s palette', (theme) => {
  const colours = places.map((place) => linearRgb(conditionStroke(place, theme).colour));

  // Simulated dichromacy (Machado et al. 2009) and CIEDE2000, of which 1 is just noticeable side by side; lines far apart need more.
  it.each(Object.keys(deficiencies))('keeps any two conditions apart for %s', (name) => {
    const seen = colours.map((colour) => seenWith(deficiencies[name], colour));
    expect(least(seen)).toBeGreaterThan(12);
  });

  it('keeps any two conditions apart for whoever sees all colours', () =>
    expect(least(colours)).toBeGreaterThan(16));

  // WCAG 2.2, 1.4.11: what is needed to understand a graphic.
  it.each(places)('draws condition %i with a contrast of at least 3 on the page', (place) =>
    expect(contrast(colours[place], linearRgb(inkOf(theme).page))).toBeGreaterThanOrEqual(3),
  );

  it('draws text with AA contrast on the page', () => {
    const { page, text, muted } = inkOf(theme);
    for (const ink of [text, muted])
      expect(contrast(linearRgb(ink), linearRgb(page))).toBeGreaterThanOrEqual(4.5);
  });
});

it('no two conditions have the same stroke until all are used up', () => {
  const strokes = Array.from({ length: distinctStrokes }, (_, place) =>
    JSON.stringify(conditionStroke(place, 'light')),
  );
  expect(new Set(strokes).size).toBe(distinctStrokes);
});

// Oracle: the table of test pairs of Sharma, Wu and Dalal (2005), to its four decimals.
it.each<{ first: Lab; second: Lab; expected: number }>([
  { first: [50, 2.6772, -79.7751], second: [50, 0, -82.7485], expected: 2.0425 },
  { first: [50, 2.49, -0.001], second: [50, -2.49, 0.0009], expected: 7.1792 },
  { first: [50, 2.5, 0], second: [73, 25, -18], expected: 27.1492 },
  { first: [50, 2.5, 0], second: [50, 3.1736, 0.5854], expected: 1 },
  { first: [60.2574, -34.0099, 36.2677], second: [60.4626, -34.1751, 39.4387], expected: 1.2644 },
  { first: [2.0776, 0.0795, -1.135], second: [0.9033, -0.0636, -0.5514], expected: 0.9082 },
])('measures colours $expected apart', ({ first, second, expected }) =>
  expect(labDifference(first, second)).toBeCloseTo(expected, 4),
);
