/** Which frequency of Z_M each hidden unit is tuned to, parallel arrays, [K]. */
export interface UnitFrequencies {
  /** In 1..floor(M/2); 0 for a unit whose weights are constant in a. */
  readonly frequency: Int32Array;
  /** Share of the weights' variance over a that this frequency carries, in [1/floor(M/2), 1]; NaN for a constant unit. */
  readonly concentration: Float64Array;
}

/**
 * The frequency of largest power of each unit's weights on the first summand, by the discrete Fourier transform over Z_M:
 *
 *   P_f(k) = c_f |sum_a W[a, k] exp(-2 pi i f a / M)|^2,  f = 1..floor(M/2),
 *
 * c_f = 2, since M - f carries the same as f; c_f = 1 at f = M/2 of an even M, which is its own mirror. Then sum_f P_f / M is the
 * sum of squares about the mean (Parseval), and concentration = max_f P_f / sum_f P_f. Of equal powers the lowest frequency wins.
 * @param W [2M, width], row-major; rows 0..M-1 are read
 * @throws RangeError when M < 2, or when W has fewer than M rows
 * @see Tian, arXiv 2509.21519: features of modular addition that generalize are single frequencies of the group
 */
export function dominantFrequencies(W: Float32Array, modulus: number, width: number): UnitFrequencies {
  if (!(modulus >= 2)) throw new RangeError(`modulus must be >= 2; got ${modulus}`);
  if (W.length < modulus * width) {
    throw new RangeError(`W must have at least ${modulus} rows of ${width}; it has ${W.length} entries`);
  }
  const highest = Math.floor(modulus / 2);
  const frequency = new Int32Array(width);
  const largest = new Float64Array(width);
  const total = new Float64Array(width);
  const means = columnMeans(W, modulus, width);
  const real = new Float64Array(width);
  const imaginary = new Float64Array(width);
  for (let f = 1; f <= highest; f++) {
    real.fill(0);
    imaginary.fill(0);
    for (let a = 0; a < modulus; a++) {
      // The product is reduced first: an angle of a thousand turns has lost three digits.
      const angle = (2 * Math.PI * ((f * a) % modulus)) / modulus;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      for (let k = 0; k < width; k++) {
        const weight = W[a * width + k] - means[k];
        real[k] += weight * cos;
        imaginary[k] += weight * sin;
      }
    }
    const counted = 2 * f === modulus ? 1 : 2;
    for (let k = 0; k < width; k++) {
      const power = counted * (real[k] * real[k] + imaginary[k] * imaginary[k]);
      total[k] += power;
      if (power > largest[k]) {
        largest[k] = power;
        frequency[k] = f;
      }
    }
  }
  return { frequency, concentration: largest.map((power, k) => power / total[k]) };
}

/** Means over a, taken off before the transform: exact for a constant unit, whose powers would otherwise be rounding and not 0. */
function columnMeans(W: Float32Array, modulus: number, width: number): Float64Array {
  return Float64Array.from({ length: width }, (_, k) => {
    let sum = 0;
    for (let a = 0; a < modulus; a++) sum += W[a * width + k];
    return sum / modulus;
  });
}

/**
 * Units by frequency, ascending; within one by concentration, the purest first; then by index. Constant units come last.
 * @returns a permutation of 0..K-1
 */
export function frequencyOrder({ frequency, concentration }: UnitFrequencies): Int32Array {
  const rank = (k: number): number => (frequency[k] === 0 ? Infinity : frequency[k]);
  const units = Array.from(frequency, (_, k) => k);
  units.sort((j, k) => {
    if (frequency[j] !== frequency[k]) return rank(j) - rank(k);
    return frequency[j] === 0 ? j - k : concentration[k] - concentration[j] || j - k;
  });
  return Int32Array.from(units);
}
