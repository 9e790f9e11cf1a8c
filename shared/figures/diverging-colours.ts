import type { Theme } from './palette.ts';

/*
 * Blue for negative, orange for positive: the pair that stays apart under the common colour-vision deficiencies. Lightness runs one way on
 * either side of 0, away from the page: 0 is the page's own tone, so that what is nothing looks like nothing in both themes.
 * Light: the arms of ColorBrewer's RdBu and PuOr (Brewer, Harrower; Apache licence).
 */
const arms = {
  light: {
    negative: ['#f7f7f7', '#d1e5f0', '#92c5de', '#4393c3', '#2166ac', '#053061'],
    positive: ['#f7f7f7', '#fee0b6', '#fdb863', '#e08214', '#b35806', '#7f3b08'],
  },
  dark: {
    negative: ['#18181b', '#15324a', '#1d5583', '#3085c3', '#66b8f0', '#c4e6ff'],
    positive: ['#18181b', '#47290c', '#804410', '#c46a17', '#f5a142', '#ffe0b0'],
  },
} as const;

/** Cells without a pair (the diagonal). */
const blank = { light: [214, 214, 218], dark: [63, 63, 70] } as const;

export type Rgb = readonly [number, number, number];

/** The colour of value / scale, cut off at -1 and 1; of no pair for NaN. */
export function divergingColour(share: number, theme: Theme): Rgb {
  if (Number.isNaN(share)) return blank[theme];
  const stops = share < 0 ? arms[theme].negative : arms[theme].positive;
  const place = Math.min(Math.abs(share), 1) * (stops.length - 1);
  const below = Math.min(Math.floor(place), stops.length - 2);
  const [from, to] = [rgbOf(stops[below]), rgbOf(stops[below + 1])];
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(from[channel] + (place - below) * (to[channel] - from[channel]));
  return [mix(0), mix(1), mix(2)];
}

export function hexOf(rgb: Rgb): string {
  return `#${rgb.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

function rgbOf(hex: string): Rgb {
  const channel = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);
  return [channel(1), channel(3), channel(5)];
}

/** Steps on either side of 0: finer than a screen's. */
const steps = 512;

/** Cells as pixels, RGBA, in their order. @param scale the value at the ends of the colours, above 0 */
export function paintCells(
  values: Float64Array,
  scale: number,
  theme: Theme,
): Uint8ClampedArray<ArrayBuffer> {
  const table = Array.from({ length: 2 * steps + 1 }, (_, i) => divergingColour((i - steps) / steps, theme));
  const missing = divergingColour(NaN, theme);
  const pixels = new Uint8ClampedArray(4 * values.length);
  values.forEach((value, cell) => {
    const share = Math.min(Math.max(value / scale, -1), 1);
    const [red, green, blue] = Number.isNaN(share) ? missing : table[Math.round(share * steps) + steps];
    pixels[4 * cell] = red;
    pixels[4 * cell + 1] = green;
    pixels[4 * cell + 2] = blue;
    pixels[4 * cell + 3] = 255;
  });
  return pixels;
}
