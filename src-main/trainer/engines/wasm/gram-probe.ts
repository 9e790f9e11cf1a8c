import type { GramSums } from '#shared/science/network.ts';
import type { KernelMemory } from './kernel-memory.ts';
import type { Kernels } from './load-kernels.ts';
import type { RowLookups } from './row-lookups.ts';
import type { PanelShape } from './wasm-engine.ts';

/** Scratch of kernels/gram.ts: 16 left panels of 336 rows, and 96 rows of the Gram. */
const leftScratch = 16 * 336 * 6;
const unitsAtOnce = 96;

/** Features of the training rows, [panels, rows, 8], and what is measured on them. Memory n x K, for as long as the engine lives. */
export class GramProbe {
  readonly #kernels: Kernels;
  readonly #memory: KernelMemory;
  readonly #shape: PanelShape;
  readonly #lookups: RowLookups;
  readonly #W: number;
  readonly #features: number;
  readonly #columnSums: number;
  readonly #along: number;
  readonly #left: number;
  readonly #block: number;
  readonly #sums: number;
  /** Of the weights of the last forward pass, or null. */
  #sumsNow: GramSums | null = null;

  constructor(kernels: Kernels, memory: KernelMemory, shape: PanelShape, lookups: RowLookups, W: number) {
    this.#kernels = kernels;
    this.#memory = memory;
    this.#shape = shape;
    this.#lookups = lookups;
    this.#W = W;
    const { panels } = shape;
    this.#features = memory.reserve(panels * lookups.rows * 32);
    this.#columnSums = memory.reserve(panels * 64);
    this.#along = memory.reserve(lookups.count * 8);
    this.#left = memory.reserve(leftScratch * 4);
    this.#block = memory.reserve(panels * unitsAtOnce * 32);
    this.#sums = memory.reserve(24);
  }

  gramSums(): GramSums {
    this.#sumsNow ??= this.#measure();
    return this.#sumsNow;
  }

  /** F in the task's order of rows, [n, K]. */
  features(): Float32Array {
    const { width } = this.#shape;
    const { count, rows, order } = this.#lookups;
    this.#compute();
    const places = this.#memory.int32(order, count);
    const panels = this.#memory.float32(this.#features, this.#shape.panels * rows * 8);
    const features = new Float32Array(count * width);
    for (let k = 0; k < width; k++) {
      let from = (k >> 3) * rows * 8 + (k & 7);
      for (let i = 0; i < count; i++, from += 8) features[places[i] * width + k] = panels[from];
    }
    return features;
  }

  /** The weights are others now. */
  forget(): void {
    this.#sumsNow = null;
  }

  #compute(): void {
    const { kind, wRows, panels } = this.#shape;
    const { first, second, rows } = this.#lookups;
    this.#kernels.featurePanels(kind, this.#W, wRows, first, second, rows, panels, this.#features);
  }

  #measure(): GramSums {
    const { panels } = this.#shape;
    const { count, rows } = this.#lookups;
    this.#compute();
    this.#kernels.centrePanels(this.#features, count, rows, panels, this.#columnSums, this.#along);
    this.#kernels.gramSums(this.#features, rows, panels, this.#left, this.#block, this.#sums);
    const [absolute, diagonal, squares] = this.#memory.float64(this.#sums, 3);
    return {
      absolute,
      diagonal,
      squares,
      // s'Gs = |F~ s|^2, which cannot be negative.
      columnForm: sumOfSquares(this.#memory.float64(this.#along, count)),
      columnSquares: sumOfSquares(this.#memory.float64(this.#columnSums, panels * 8)),
    };
  }
}

function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
