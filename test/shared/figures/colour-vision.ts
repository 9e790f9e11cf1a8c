export type Rgb = readonly [number, number, number];

/** Full dichromacy in linear RGB. Source: Machado, Oliveira and Fernandes (2009), severity 1.0. */
export const deficiencies: Readonly<Record<string, readonly [Rgb, Rgb, Rgb]>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

export function linearRgb(hex: string): Rgb {
  const channel = (start: number): number => {
    const value = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

export function seenWith([red, green, blue]: readonly [Rgb, Rgb, Rgb], colour: Rgb): Rgb {
  const mix = (row: Rgb): number =>
    Math.min(1, Math.max(0, row[0] * colour[0] + row[1] * colour[1] + row[2] * colour[2]));
  return [mix(red), mix(green), mix(blue)];
}

/** Cube root with a straight foot, of the definition of L*a*b*. */
function foot(t: number): number {
  return t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116;
}

export type Lab = Rgb;

/** CIE 1976 L*a*b* under D65. */
export function labOf([r, g, b]: Rgb): Lab {
  const x = foot((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = foot(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = foot((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** sqrt(c^7 / (c^7 + 25^7)): how far greys are bent at this chroma. */
const bend = (chroma: number): number => Math.sqrt(chroma ** 7 / (chroma ** 7 + 25 ** 7));

/** Lightness, chroma and hue (degrees), with a* stretched near the greys. */
function lightnessChromaHue([lightness, a, b]: Lab, stretch: number): Lab {
  const wide = a * (1 + stretch);
  const hue = (Math.atan2(b, wide) * 180) / Math.PI;
  return [lightness, Math.hypot(wide, b), (hue + 360) % 360];
}

/**
 * Colour difference CIEDE2000 with weights of one: about 1 is just noticeable side by side.
 * @see Sharma, Wu and Dalal (2005), Color Research and Application 30(1), equations 2 to 22
 */
export function labDifference(first: Lab, second: Lab): number {
  const chroma = (Math.hypot(first[1], first[2]) + Math.hypot(second[1], second[2])) / 2;
  const stretch = 0.5 * (1 - bend(chroma));
  const [l1, c1, h1] = lightnessChromaHue(first, stretch);
  const [l2, c2, h2] = lightnessChromaHue(second, stretch);
  const grey = c1 * c2 === 0;
  // The shorter way round the circle of hues.
  const turn = grey ? 0 : ((h2 - h1 + 540) % 360) - 180;
  const deltaHue = 2 * Math.sqrt(c1 * c2) * Math.sin(radians(turn) / 2);
  const lightness = (l1 + l2) / 2;
  const meanChroma = (c1 + c2) / 2;
  const hue = grey ? h1 + h2 : (h1 + turn / 2 + 360) % 360;
  const t =
    1 -
    0.17 * Math.cos(radians(hue - 30)) +
    0.24 * Math.cos(radians(2 * hue)) +
    0.32 * Math.cos(radians(3 * hue + 6)) -
    0.2 * Math.cos(radians(4 * hue - 63));
  const away = (lightness - 50) ** 2;
  const byLightness = (l2 - l1) / (1 + (0.015 * away) / Math.sqrt(20 + away));
  const byChroma = (c2 - c1) / (1 + 0.045 * meanChroma);
  const byHue = deltaHue / (1 + 0.015 * meanChroma * t);
  const rotation = -Math.sin(radians(60 * Math.exp(-(((hue - 275) / 25) ** 2)))) * 2 * bend(meanChroma);
  return Math.sqrt(byLightness ** 2 + byChroma ** 2 + byHue ** 2 + rotation * byChroma * byHue);
}

export function difference(first: Rgb, second: Rgb): number {
  return labDifference(labOf(first), labOf(second));
}

/** WCAG contrast of two colours, 1 to 21. */
export function contrast(first: Rgb, second: Rgb): number {
  const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const [light, dark] = [luminance(first), luminance(second)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}
