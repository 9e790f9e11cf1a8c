/**
 * Chebyshev coefficients of (1 + 2x) exp(x^2) erfc(x) in t = (x - 3.75) / (x + 3.75), x >= 0, lowest order first.
 * Projected with 40-digit arithmetic (mpmath) at 64 nodes; the next coefficient is 5e-17.
 * @see Shepherd and Laframboise (1981), Math. Comp. 36, 249: the form and the 3.75
 */
const coefficients = Float64Array.of(
  1.1775789345674017,
  -0.004590054580646478,
  -0.08424913336651792,
  0.05920993999819189,
  -0.026658668435305753,
  0.009074997670705265,
  -0.002413163540417608,
  0.0004907758365258086,
  -6.916973302501207e-5,
  4.13902798607301e-6,
  7.74038306619849e-7,
  -2.1886401049234397e-7,
  1.076499946567091e-8,
  4.521959811218287e-9,
  -7.754400208831351e-10,
  -6.318088340886684e-11,
  2.86879501093067e-11,
  1.9455868545777347e-13,
  -9.65469674843344e-13,
  3.25254814814874e-14,
  3.3478119482868056e-14,
  -1.864562880419313e-15,
  -1.2507950530688648e-15,
  7.418235256624044e-17,
);

/**
 * exp(x^2) erfc(x), the complementary error function without its vanishing factor, so nothing cancels in the tail:
 * erf(x) = 1 - exp(-x^2) scaledErfc(x).
 * @param x >= 0; Infinity gives 0, NaN gives NaN
 * @returns in [0, 1], relative error below 1e-15 (checked against mpmath)
 */
export function scaledErfc(x: number): number {
  // Not (x - 3.75) / (x + 3.75): this form is also right at Infinity.
  const t = 1 - 7.5 / (x + 3.75);
  const twice = 2 * t;
  let next = 0;
  let afterNext = 0;
  for (let k = coefficients.length - 1; k > 0; k--) {
    const current = twice * next + (coefficients[k] - afterNext);
    afterNext = next;
    next = current;
  }
  return (t * next - afterNext + coefficients[0]) / (1 + 2 * x);
}
