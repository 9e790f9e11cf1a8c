/** Of `update`, how much stays in a core's first cache while every other update streams past it. */
const chunk = 4096;

/**
 * update . other, for each other, in float64. Four others at a time read each number of `update` once; each product is summed in
 * its own accumulator and in the same order in whichever group it is, so that a restored ring (other slots) gives equal bits.
 */
export function dotProducts(update: Float32Array, others: readonly Float32Array[]): Float64Array {
  const products = new Float64Array(others.length);
  for (let from = 0; from < update.length; from += chunk) {
    const to = Math.min(from + chunk, update.length);
    for (let i = 0; i < others.length; i += 4) {
      const a = others[i];
      const b = others[i + 1] ?? a;
      const c = others[i + 2] ?? a;
      const d = others[i + 3] ?? a;
      let sumA = 0;
      let sumB = 0;
      let sumC = 0;
      let sumD = 0;
      for (let p = from; p < to; p++) {
        const x = update[p];
        sumA += x * a[p];
        sumB += x * b[p];
        sumC += x * c[p];
        sumD += x * d[p];
      }
      products[i] += sumA;
      // Writes past the end of a typed array do nothing: the last group may be short.
      products[i + 1] += sumB;
      products[i + 2] += sumC;
      products[i + 3] += sumD;
    }
  }
  return products;
}
