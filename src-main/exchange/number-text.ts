/** The shortest decimal that reads back as the same float64; -0 keeps its sign. */
export function finiteText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** JSON has no infinities; 1e999 is a JSON number that every reader of float64 takes for one. NaN must be left out. */
export function jsonNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '1e999';
  if (value === Number.NEGATIVE_INFINITY) return '-1e999';
  if (Number.isNaN(value)) throw new RangeError('NaN is not a JSON number');
  return finiteText(value);
}

/** Empty for NaN; infinities as pandas, R and NumPy read them. */
export function csvNumber(value: number): string {
  if (Number.isNaN(value)) return '';
  if (Number.isFinite(value)) return finiteText(value);
  return value > 0 ? 'inf' : '-inf';
}
