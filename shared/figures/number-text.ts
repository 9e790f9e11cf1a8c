/** A number as an axis or a tooltip shows it: four significant digits, an exponent below 1e-3 and from 1e6. Empty for no number. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return '';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2).replace(/\.?0*e\+?/, 'e');
  return String(Number(value.toPrecision(4)));
}
