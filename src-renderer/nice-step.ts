/** The largest 1, 2 or 5 times a power of ten of which at least `steps` fit into the span. @param span > 0 */
export function niceStep(span: number, steps: number): number {
  const most = span / steps;
  if (!(most > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  const times = [5, 2].find((factor) => factor * power <= most * (1 + 1e-9)) ?? 1;
  // 5 * 10 ** -4 has digits of rounding that a field would show.
  return Number((times * power).toPrecision(1));
}
