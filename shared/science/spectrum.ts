import { EigenvalueDecomposition } from 'ml-matrix';
import { plainLoops } from './loops.ts';
import type { Loops } from './loops.ts';
import { legendreOverlaps } from './smoothness.ts';

const depth = 5;
const overlaps = 4;

/** What the spectrum of a layer's last updates says. NaN where it is not defined yet; sigma_k are eigenvalues of the update Gram. */
export interface SpectrumValues {
  /** sigma_1..sigma_5, descending, >= 0; [5]; NaN past the number of updates in the window. */
  readonly sigma: Float64Array;
  /** sigma_1 / sigma_2; NaN when sigma_2 is 0. */
  readonly ratio12: number;
  /** sigma_2 / sigma_3; NaN with fewer than three updates or when sigma_3 is 0. */
  readonly ratio23: number;
  /** exp(-sum_k p_k ln p_k), p_k = sigma_k / sum sigma, over the whole window; in [1, window]. */
  readonly effectiveRank: number;
  /** sigma_1 / sum_k sigma_k, in [1/window, 1]. */
  readonly share1: number;
  /** Overlaps of the eigenvectors with P_0..P_3, [4]; see `legendreOverlaps`. */
  readonly smoothness: Float64Array;
  /** 1 - cos of the last two updates, in [0, 2] up to rounding; NaN when one of them is 0. */
  readonly stepCosineDistance: number;
}

/** All that is needed to go on with equal bits. The arrays are shared with the spectrum, which may hand one out again with `spare`. */
export interface SpectrumSnapshot {
  readonly window: number;
  /** Oldest first. */
  readonly updates: readonly Float32Array[];
  /** Of these updates in this order, [updates.length, updates.length]. */
  readonly gram: Float64Array;
}

/**
 * The Gram of the last `window` updates of a layer, D'D with D = [w_t - w_{t-1}, ...] flattened, kept in float64. A push
 * computes one new row of dot products; the others stay. Eigenvalues of this Gram are what the study calls sigma: squares of the
 * singular values of D. Memory: `window` updates are held.
 * @see Xu (2026), arXiv 2605.08119; docs/science.md, "What is measured"
 */
export class UpdateSpectrum {
  readonly #window: number;
  /** A ring: update number i is in slot i % window, and its products are in that row and column of the Gram. */
  readonly #updates: Float32Array[] = [];
  readonly #gram: Float64Array;
  readonly #loops: Pick<Loops, 'dotProducts'>;
  #pushed = 0;

  /**
   * @param loops of an engine, with the bits of the plain ones
   * @throws RangeError when the window is not a whole number of at least 2
   */
  constructor(window: number, loops: Pick<Loops, 'dotProducts'> = plainLoops) {
    if (!Number.isInteger(window) || window < 2)
      throw new RangeError(`window must be a whole number >= 2; got ${window}`);
    this.#window = window;
    this.#loops = loops;
    this.#gram = new Float64Array(window * window);
  }

  /** The array whose update the next push lets fall out of a full window, for that push to bring again; null until then. */
  spare(): Float32Array | null {
    return this.#updates[this.#pushed % this.#window] ?? null;
  }

  /**
   * Takes in w_t - w_{t-1}; the oldest update falls out of a full window. The array is kept, not copied: do not write to it before `spare` gives it back.
   * @throws RangeError when its length is not that of the updates before
   */
  push(update: Float32Array): void {
    const last = this.#updates[0];
    if (last && last.length !== update.length) {
      throw new RangeError(`an update has ${update.length} parameters; those before it had ${last.length}`);
    }
    const slot = this.#pushed % this.#window;
    this.#updates[slot] = update;
    this.#pushed++;
    const products = this.#loops.dotProducts(update, this.#updates);
    for (let other = 0; other < products.length; other++) {
      this.#gram[slot * this.#window + other] = products[other];
      this.#gram[other * this.#window + slot] = products[other];
    }
  }

  /**
   * The spectrum of the updates so far. With fewer than two of them, or once one has a NaN or Infinity, every value is NaN.
   * Eigenvalues that rounding made slightly negative (some 1e-16 sigma_1) are reported as 0.
   */
  measure(): SpectrumValues {
    const slots = this.#slots();
    const size = slots.length;
    const gram = this.#gramOf(slots);
    if (size < 2 || !gram.every(Number.isFinite)) return undefinedSpectrum();
    const rows = Array.from({ length: size }, (_, i) => gram.subarray(i * size, (i + 1) * size));
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(rows, {
      assumeSymmetric: true,
    });
    const order = realEigenvalues
      .map((_, i) => i)
      .toSorted((i, j) => realEigenvalues[j] - realEigenvalues[i]);
    const all = order.map((i) => Math.max(realEigenvalues[i], 0));
    const sigma = new Float64Array(depth).fill(NaN);
    sigma.set(all.slice(0, depth));
    const leading = order.slice(0, overlaps).map((i) => Float64Array.from(eigenvectorMatrix.getColumn(i)));
    return {
      sigma,
      ratio12: ratio(sigma[0], sigma[1]),
      ratio23: ratio(sigma[1], sigma[2]),
      ...shares(all),
      smoothness: legendreOverlaps(leading, overlaps),
      stepCosineDistance: stepCosineDistance(gram, size),
    };
  }

  snapshot(): SpectrumSnapshot {
    const slots = this.#slots();
    return {
      window: this.#window,
      updates: slots.map((slot) => this.#updates[slot]),
      gram: this.#gramOf(slots),
    };
  }

  /** A spectrum whose further values equal, bit for bit, those of the one the snapshot was taken of. */
  static restore(snapshot: SpectrumSnapshot): UpdateSpectrum {
    const { window, updates, gram } = snapshot;
    const size = updates.length;
    if (size > window || gram.length !== size * size) {
      throw new RangeError(
        `a window of ${window} cannot hold ${size} updates with a Gram of ${gram.length} entries`,
      );
    }
    const spectrum = new UpdateSpectrum(window);
    spectrum.#updates.push(...updates);
    spectrum.#pushed = size;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) spectrum.#gram[i * window + j] = gram[i * size + j];
    }
    return spectrum;
  }

  /** Slots in use, oldest first. */
  #slots(): number[] {
    const size = this.#updates.length;
    return Array.from({ length: size }, (_, i) => (this.#pushed - size + i) % this.#window);
  }

  #gramOf(slots: readonly number[]): Float64Array {
    const size = slots.length;
    const gram = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) gram[i * size + j] = this.#gram[slots[i] * this.#window + slots[j]];
    }
    return gram;
  }
}

function ratio(numerator: number, denominator: number): number {
  return denominator > 0 ? numerator / denominator : NaN;
}

/** NaN, both, when every sigma is 0. */
function shares(sigma: readonly number[]): { share1: number; effectiveRank: number } {
  const total = sigma.reduce((sum, value) => sum + value, 0);
  let entropy = 0;
  for (const value of sigma) {
    // p ln p tends to 0 with p.
    if (value > 0) entropy -= (value / total) * Math.log(value / total);
  }
  return { share1: ratio(sigma[0], total), effectiveRank: total > 0 ? Math.exp(entropy) : NaN };
}

function stepCosineDistance(gram: Float64Array, size: number): number {
  const last = size - 1;
  const norms = gram[last * size + last] * gram[(last - 1) * size + last - 1];
  return 1 - ratio(gram[last * size + last - 1], Math.sqrt(norms));
}

function undefinedSpectrum(): SpectrumValues {
  return {
    sigma: new Float64Array(depth).fill(NaN),
    ratio12: NaN,
    ratio23: NaN,
    effectiveRank: NaN,
    share1: NaN,
    smoothness: new Float64Array(overlaps).fill(NaN),
    stepCosineDistance: NaN,
  };
}
