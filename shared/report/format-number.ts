/** What stands where nothing was measured or published. */
export const absent = '-';

/** Whole epochs as integers; medians and quartiles between two seeds keep their half or quarter. */
export function formatEpoch(value: number | null): string {
  return value === null ? absent : String(Math.round(value * 100) / 100);
}

/** Three significant digits, all digits of a large integer part: 0.0123, 1.31, 283, 1949; an exponent below 1e-3 and from 1e6. */
export function formatRatio(value: number | null): string {
  if (value === null) return absent;
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-3 || size >= 1e6) return trimExponent(value.toExponential(2));
  // Rounding first, so that 9.996 is 10.0 and not 10.00.
  const rounded = Number(value.toPrecision(3));
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(rounded))));
  return value.toFixed(digits);
}

/** Three decimals; a share that is not 0 or 1 never reads as 0 or 1. */
export function formatShare(value: number | null): string {
  if (value === null) return absent;
  if (value > 0 && value < 0.0005) return '<0.001';
  if (value < 1 && value >= 0.9995) return '>0.999';
  return value.toFixed(3);
}

/** A difference with its sign, in the format of what it is a difference of; 0 has none. */
export function formatDifference(value: number | null, format: (size: number) => string): string {
  if (value === null) return absent;
  const size = format(Math.abs(value));
  if (Number(size) === 0) return '0';
  return `${value < 0 ? '-' : '+'}${size}`;
}

/** A measured ratio minus the published one, to the decimals of the published one: 1.324 - 1.31 is +0.01, not +0.0143. */
export function formatRatioDifference(difference: number | null, published: number | null): string {
  if (difference === null || published === null) return absent;
  const [, exponent] = formatRatio(published).split('e');
  if (exponent !== undefined) return formatDifference(difference, formatRatio);
  const decimals = formatRatio(published).split('.')[1]?.length ?? 0;
  return formatDifference(difference, (size) => size.toFixed(decimals));
}

/** A setting, which is not measured and so is not rounded to three digits: 0.2016, 0.0002. */
export function formatSetting(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** Both ends as `low..high`, as study files write ranges; absent when one is. */
export function formatRange(
  low: number | null,
  high: number | null,
  format: (value: number) => string,
): string {
  return low === null || high === null ? absent : `${format(low)}..${format(high)}`;
}

/** Quartiles of so many values, null where nobody says how many; one value has none. */
export function formatQuartiles(
  count: number | null,
  { q1, q3 }: { readonly q1: number | null; readonly q3: number | null },
  format: (value: number) => string,
): string {
  return count === 1 ? absent : formatRange(q1, q3, format);
}

/** Seeds as a study file would write them: 0..4, 7, 9. */
export function formatSeeds(seeds: readonly number[]): string {
  const parts: string[] = [];
  const sorted = [...new Set(seeds)].toSorted((a, b) => a - b);
  for (let start = 0, end = 0; start < sorted.length; start = end + 1) {
    end = start;
    while (sorted[end + 1] === sorted[end] + 1) end += 1;
    if (end - start >= 2) parts.push(`${sorted[start]}..${sorted[end]}`);
    else parts.push(...sorted.slice(start, end + 1).map(String));
  }
  return parts.join(', ');
}

function trimExponent(text: string): string {
  return text.replace(/\.?0*e\+?/, 'e');
}
