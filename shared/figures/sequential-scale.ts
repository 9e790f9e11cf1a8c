/** Viridis (matplotlib, CC0) at ninths: even in lightness, and in order under the three common colour-vision deficiencies. */
const stops = [
  [68, 1, 84],
  [71, 39, 119],
  [62, 73, 137],
  [49, 103, 142],
  [38, 130, 142],
  [31, 157, 138],
  [72, 186, 110],
  [142, 209, 69],
  [213, 226, 26],
  [253, 231, 37],
] as const;

export interface Shade {
  /** `rgb(r g b)`. */
  readonly colour: string;
  /** Black or white, whichever is read better on it: a contrast of at least 4.5. */
  readonly ink: string;
}

/** The colour of a share of the way from the smallest value to the largest. @param share in [0, 1]; beyond, the nearer end */
export function shadeOf(share: number): Shade {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(at));
  const [red, green, blue] = stops[low].map((from, c) =>
    Math.round(from + (at - low) * (stops[low + 1][c] - from)),
  );
  const luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  // Where black and white are read equally well (WCAG 2).
  const ink = luminance > Math.sqrt(1.05 * 0.05) - 0.05 ? '#000000' : '#ffffff';
  return { colour: `rgb(${red} ${green} ${blue})`, ink };
}

function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
