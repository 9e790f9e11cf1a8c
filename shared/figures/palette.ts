/**
 * Blue, vermilion, green and pink of Okabe and Ito, brown and indigo. Their yellow, orange and sky blue are left out: on white a line needs a
 * contrast of 3. The brighter ones for a dark page were searched for: the hues of these, and six that stay furthest apart under the three
 * common colour-vision deficiencies (CIEDE2000). test/shared/figures/palette.test.ts holds both to it.
 */
const light = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#7A3B00', '#332288'] as const;
const dark = ['#6DC6F2', '#C1440D', '#138064', '#C4849F', '#E6DC7D', '#7A67E4'] as const;

export type Theme = 'light' | 'dark';

export interface Stroke {
  readonly colour: string;
  /** Lengths of dash and gap in pixels; null for a full line. */
  readonly dash: readonly number[] | null;
}

/** Past the colours, dashes tell conditions apart: a colour is never used twice with the same dash. */
const dashes = [null, [7, 3], [2, 3], [9, 3, 2, 3]] as const;

/** Conditions that can be told apart at once; beyond, styles start again. */
export const distinctStrokes = light.length * dashes.length;

/** How the condition at this place of the study's list is drawn, the same in every figure. */
export function conditionStroke(index: number, theme: Theme): Stroke {
  const colours = theme === 'light' ? light : dark;
  return {
    colour: colours[index % colours.length],
    dash: dashes[Math.floor(index / colours.length) % dashes.length],
  };
}

export interface Ink {
  readonly page: string;
  readonly text: string;
  readonly muted: string;
  readonly rule: string;
  readonly faint: string;
}

/** Everything of a figure that is not data. */
export function inkOf(theme: Theme): Ink {
  return theme === 'light'
    ? { page: '#ffffff', text: '#27272a', muted: '#52525b', rule: '#a1a1aa', faint: '#e9e9ec' }
    : { page: '#18181b', text: '#e4e4e7', muted: '#a1a1aa', rule: '#71717a', faint: '#2c2c31' };
}

/** Red, green and blue of a colour such as #0072B2, 0..255. */
export function channelsOf(colour: string): [number, number, number] {
  const channel = (start: number): number => Number.parseInt(colour.slice(start, start + 2), 16);
  return [channel(1), channel(3), channel(5)];
}
