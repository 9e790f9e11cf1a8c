/**
 * How much of a layer's rank-2 spectrum is plain smoothness of its path: the overlap of the update Gram's k-th eigenvector
 * with the discrete Legendre polynomial of degree k - 1. A window that moves as t^0, t^1, ... gives 1, whatever the network does.
 *
 *   overlap_k = |<u_k, P_{k-1}>|, both of unit length
 *
 * @param eigenvectors u_1, u_2, ..., largest eigenvalue first, each of shape [window] in time order
 * @param count how many overlaps
 * @returns [count], each in [0, 1] up to rounding; NaN where there are fewer eigenvectors. Where sigma_k is rounding (below
 *   about 1e-7 sigma_1 in float32 weights), u_k is too, and so is its overlap.
 * @see docs/science.md, "What is measured"
 */
export function legendreOverlaps(eigenvectors: readonly Float64Array[], count: number): Float64Array {
  const overlaps = new Float64Array(count).fill(NaN);
  const defined = Math.min(count, eigenvectors.length);
  if (defined === 0) return overlaps;
  const polynomials = discreteLegendre(eigenvectors[0].length, defined);
  for (let k = 0; k < defined; k++) overlaps[k] = Math.abs(dot(eigenvectors[k], polynomials[k]));
  return overlaps;
}

/**
 * The polynomials P_0..P_{count-1} on the points 0..length-1 that are orthonormal there: sum_t P_i(t) P_j(t) = 1 if i = j, else 0.
 * Signs are such that the last value is positive.
 * @returns `count` vectors of shape [length]
 * @throws RangeError when count > length: that many points carry no more polynomials
 */
export function discreteLegendre(length: number, count: number): Float64Array[] {
  if (count > length)
    throw new RangeError(`${length} points carry ${length} polynomials; ${count} were asked for`);
  const polynomials: Float64Array[] = [];
  for (let degree = 0; degree < count; degree++) {
    const next = new Float64Array(length).fill(1);
    // t P_{degree-1} has degree `degree`, and unlike t^degree it is nearly orthogonal to the others already.
    const previous = polynomials.at(-1);
    if (previous) for (let t = 0; t < length; t++) next[t] = (t - (length - 1) / 2) * previous[t];
    // The second pass removes what rounding in the first left behind.
    for (let pass = 0; pass < 2; pass++) {
      for (const polynomial of polynomials) {
        const along = dot(next, polynomial);
        for (let t = 0; t < length; t++) next[t] -= along * polynomial[t];
      }
    }
    const norm = Math.sqrt(dot(next, next));
    for (let t = 0; t < length; t++) next[t] /= norm;
    polynomials.push(next);
  }
  return polynomials;
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let t = 0; t < x.length; t++) sum += x[t] * y[t];
  return sum;
}
