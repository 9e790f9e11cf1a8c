import { describe, expect, it } from 'vitest';
import { conditionStroke, distinctStrokes, inkOf } from '#shared/figures/palette.ts';
import type { Theme } from '#shared/figures/palette.ts';
import { contrast, deficiencies, difference, linearRgb, seenWith } from './colour-vision.ts';

const themes: readonly Theme[] = ['light', 'dark'];
/** Those a study of up to six conditions uses; beyond, dashes tell conditions apart. */
const places = [0, 1, 2, 3, 4, 5];

describe.each(themes)('the %s palette', (theme) => {
  const colours = places.map((place) => linearRgb(conditionStroke(place, theme).colour));

  // Oracle: simulated dichromacy (Machado et al. 2009); 2.3 is just noticeable side by side, lines far apart need more.
  it.each(Object.keys(deficiencies))('keeps any two conditions apart for %s', (name) => {
    const seen = colours.map((colour) => seenWith(deficiencies[name], colour));
    for (const [i, first] of seen.entries())
      for (const second of seen.slice(i + 1)) expect(difference(first, second)).toBeGreaterThan(9);
  });

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
