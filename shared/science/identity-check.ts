import type { GramAlgebra } from './gram-algebra.ts';

/** Hidden units j and l, in parallel arrays. */
export interface UnitPairs {
  readonly first: Int32Array;
  readonly second: Int32Array;
}

/** S of a pair, a symmetric 2 x 2 matrix. */
export interface PairForm {
  readonly jj: number;
  readonly jl: number;
  readonly ll: number;
}

/**
 * S of Theorem 6 for each pair (j, l), from the feature columns and without B. With F_- = F~ without f_j and f_l,
 *
 *   S = [f_j f_l]' P [f_j f_l] + ridge I,   P = I - F_- (F_-'F_- + ridge I)^-1 F_-'.
 *
 * P leaves what a ridge regression on the other columns does not explain: with A = G + ridge I,
 *
 *   S = min Y'(F~'F~ + ridge I) Y  over Y [K, 2] whose rows j and l are those of the identity,
 *
 * reached at Y = U D^-1 with A U = [e_j e_l] and D the rows j and l of U. U is solved for by the factor; then S = (F~Y)'(F~Y) + ridge Y'Y,
 * with F~Y formed from the columns. At its least a form is level: an error in Y, so one in the factor or in its G, enters S by its square,
 * whereas it enters B as it is. So an error in G, in its factor or in B shows as a difference between the two.
 * @param algebra factored at `ridge`
 */
export function pairForms(
  algebra: GramAlgebra,
  width: number,
  ridge: number,
  { first, second }: UnitPairs,
): readonly PairForm[] {
  if (first.length === 0) return [];
  const units = Array.from(first, (j, pair) => [j, second[pair]]).flat();
  const vectors = new Float64Array(units.length * width);
  for (const [i, unit] of units.entries()) vectors[i * width + unit] = 1;
  const Y = leastForms(algebra.solve(vectors), width, { first, second });
  const projected = algebra.combine(Y);
  const n = projected.length / units.length;
  const form = (i: number, j: number): number => dot(projected, n, i, j) + ridge * dot(Y, width, i, j);
  return Array.from(first, (_, pair) => {
    const [j, l] = [2 * pair, 2 * pair + 1];
    return { jj: form(j, j), jl: form(j, l), ll: form(l, l) };
  });
}

/**
 * Theorem 6 as a test of the arithmetic: a 2 x 2 block inverse gives B_jl = -S_jl / det S, for every F.
 * @param forms S of each pair
 * @param b B = (G + ridge I)^-1 as it was computed, [width, width]: its lower triangle
 * @returns max over the pairs of |B_jl + S_jl / det S| / |B_jl|; NaN without pairs. A |B_jl| below the rounding of its own
 *   diagonal, 2^-52 sqrt(B_jj B_ll), is divided by that instead.
 * @see Tian, arXiv 2509.21519, Theorem 6; docs/science.md, "Repulsion"
 */
export function identityDeviation(
  forms: readonly PairForm[],
  b: Float64Array,
  width: number,
  { first, second }: UnitPairs,
): number {
  if (forms.length === 0) return NaN;
  return forms.reduce((worst, { jj, jl, ll }, pair) => {
    const [j, l] = [first[pair], second[pair]];
    const measured = b[Math.max(j, l) * width + Math.min(j, l)];
    const rounding = Number.EPSILON * Math.sqrt(Math.abs(b[j * width + j] * b[l * width + l]));
    const deviation = Math.abs(measured + jl / (jj * ll - jl * jl)) / Math.max(Math.abs(measured), rounding);
    // Math.max keeps a NaN: a check that could not be made must not pass for agreement.
    return Math.max(worst, deviation);
  }, 0);
}

/** Y = U D^-1 of each pair, its rows j and l exactly those of the identity; as rows, two a pair, like U. */
function leastForms(U: Float64Array, width: number, { first, second }: UnitPairs): Float64Array {
  const Y = new Float64Array(U.length);
  first.forEach((j, pair) => {
    const l = second[pair];
    const uj = U.subarray(2 * pair * width, (2 * pair + 1) * width);
    const ul = U.subarray((2 * pair + 1) * width, (2 * pair + 2) * width);
    const off = (uj[l] + ul[j]) / 2;
    const determinant = uj[j] * ul[l] - off * off;
    const yj = Y.subarray(2 * pair * width, (2 * pair + 1) * width);
    const yl = Y.subarray((2 * pair + 1) * width, (2 * pair + 2) * width);
    for (let k = 0; k < width; k++) {
      yj[k] = (ul[l] * uj[k] - off * ul[k]) / determinant;
      yl[k] = (uj[j] * ul[k] - off * uj[k]) / determinant;
    }
    yj[j] = 1;
    yj[l] = 0;
    yl[j] = 0;
    yl[l] = 1;
  });
  return Y;
}

/** Row i . row j. */
function dot(rows: Float64Array, length: number, i: number, j: number): number {
  let sum = 0;
  for (let p = 0; p < length; p++) sum += rows[i * length + p] * rows[j * length + p];
  return sum;
}
