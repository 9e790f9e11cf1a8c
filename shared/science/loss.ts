/** A network's outputs against their targets. */
export interface Score {
  /** Mean over rows of |o~|^2 - 2 o~_y, plus 1 - 1/M: 0 for a perfect fit, 1 - 1/M for outputs of zero. */
  readonly loss: number;
  /** Share of rows whose largest output is the target's, in [0, 1]. */
  readonly accuracy: number;
}

/**
 * Loss and accuracy: L = (1/n) sum_i (|o~_i|^2 - 2 o~_i,y) + 1 - 1/M with o~ = o minus its mean over classes, which is
 * (1/n) sum_i |o~_i - (e_y - 1/M)|^2. Accumulated in float64. Of equal largest outputs the first counts, and NaN counts as
 * the largest, both as in torch.argmax.
 * @param output O, [n, M] row-major
 * @param target y, [n], each in 0..M-1
 * @param classes M
 * @returns NaN for both when n is 0; a NaN output makes the loss NaN
 * @throws RangeError when output does not hold target.length x classes values
 * @see Tian (2025), arXiv 2509.21519
 */
export function scoreOutputs(output: Float32Array, target: Int32Array, classes: number): Score {
  assertShape(output, target, classes);
  const n = target.length;
  let total = 0;
  let correct = 0;
  for (let i = 0, start = 0; i < n; i++, start += classes) {
    let sum = 0;
    let best = output[start];
    let bestClass = 0;
    for (let c = 0; c < classes; c++) {
      const o = output[start + c];
      sum += o;
      if (o > best || (Number.isNaN(o) && !Number.isNaN(best))) {
        best = o;
        bestClass = c;
      }
    }
    const mean = sum / classes;
    let squares = 0;
    for (let c = 0; c < classes; c++) {
      const centred = output[start + c] - mean;
      squares += centred * centred;
    }
    total += squares - 2 * (output[start + target[i]] - mean);
    if (bestClass === target[i]) correct++;
  }
  return { loss: total / n + 1 - 1 / classes, accuracy: correct / n };
}

/**
 * dL/dO of `scoreOutputs`' loss: (2/n) (o~ - e_y + 1/M), the centring's own derivative included.
 * @param output O, [n, M] row-major
 * @param target y, [n], each in 0..M-1
 * @param classes M
 * @param gradient where it is written, [n, M]; may be `output`
 * @returns `gradient`, [n, M] row-major, computed in float64 and rounded once; each row sums to 0
 * @throws RangeError when output does not hold target.length x classes values
 */
export function outputGradient(
  output: Float32Array,
  target: Int32Array,
  classes: number,
  gradient: Float32Array = new Float32Array(output.length),
): Float32Array {
  assertShape(output, target, classes);
  const n = target.length;
  const scale = 2 / n;
  for (let i = 0, start = 0; i < n; i++, start += classes) {
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += output[start + c];
    const shift = (1 - sum) / classes;
    const own = output[start + target[i]];
    for (let c = 0; c < classes; c++) gradient[start + c] = scale * (output[start + c] + shift);
    gradient[start + target[i]] = scale * (own + shift - 1);
  }
  return gradient;
}

/**
 * P1 (Y - O), the residual of G_F = P1 (Y - F V) V': one-hot targets minus outputs, each centred over the *rows* (P1 = I - 11'/n).
 * Not centred over classes: the 1/M that Tian subtracts from Y is constant down a column, so P1 removes it.
 * @param output O, [n, M] row-major
 * @param target y, [n], each in 0..M-1
 * @param classes M
 * @param residual where it is written, [n, M]
 * @returns `residual`, [n, M] row-major; each column sums to 0
 * @throws RangeError when output does not hold target.length x classes values
 * @see Xu (2026), arXiv 2605.08119; gF of reference/oracle.py
 */
export function centredResidual(
  output: Float32Array,
  target: Int32Array,
  classes: number,
  residual: Float64Array = new Float64Array(output.length),
): Float64Array {
  assertShape(output, target, classes);
  const n = target.length;
  const columnMean = new Float64Array(classes);
  for (let i = 0, start = 0; i < n; i++, start += classes) {
    for (let c = 0; c < classes; c++) columnMean[c] -= output[start + c];
    columnMean[target[i]] += 1;
  }
  for (let c = 0; c < classes; c++) columnMean[c] /= n;
  for (let i = 0, start = 0; i < n; i++, start += classes) {
    for (let c = 0; c < classes; c++) residual[start + c] = -output[start + c] - columnMean[c];
    residual[start + target[i]] += 1;
  }
  return residual;
}

function assertShape(output: Float32Array, target: Int32Array, classes: number): void {
  if (output.length !== target.length * classes) {
    throw new RangeError(`output must be [${target.length}, ${classes}], got ${output.length} values`);
  }
}
