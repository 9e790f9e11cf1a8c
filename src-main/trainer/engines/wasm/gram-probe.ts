import type { GramSums } from '#shared/science/network.ts';
import type { KernelMemory } from './kernel-memory.ts';
import type { PanelShape } from './layer-passes.ts';
import { add, store } from './load-kernels.ts';
import type { Kernels } from './load-kernels.ts';
import type { RowLookups } from './row-lookups.ts';

/** Rows of the Gram that are made at a time; kernels/products.ts has the same. */
const unitsAtOnce = 96;
/** Rows of F~ a pass takes: the left side's 16 panels of them are 129 KB. */
const depthAtOnce = 336;

/** Features of the training rows, [panels, rows, 8], and what is measured on them. Nothing of it is read again by a later call. */
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
    this.#left = memory.reserve(4 * unitsAtOnce * depthAtOnce);
    this.#block = memory.reserve(panels * unitsAtOnce * 32);
    this.#sums = memory.reserve(24);
  }

  gramSums(): GramSums {
    this.#sumsNow ??= this.#measure();
    return this.#sumsNow;
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

  /** [sum |G_jl|, sum |G_jj|, sum G_jl^2] of G = F~'F~, by blocks of rows of its upper triangle; nothing of G is kept. */
  #addProducts(): void {
    const { panels } = this.#shape;
    const { rows } = this.#lookups;
    const kernels = this.#kernels;
    this.#memory.float64(this.#sums, 3).fill(0);
    for (let unit = 0; unit < panels * 8; unit += unitsAtOnce) {
      const firstPanel = unit / 8;
      for (let row = 0; row < rows; row += depthAtOnce) {
        const depth = Math.min(depthAtOnce, rows - row);
        kernels.packGramLeft(this.#features, rows, panels, unit, row, depth, this.#left);
        const right = this.#features + 32 * row;
        const how = row === 0 ? store : add;
        kernels.gramTiles(depth, this.#left, unit, right, 32 * rows, firstPanel, panels, this.#block, how);
      }
      kernels.reduceGram(this.#block, unit, firstPanel, panels, this.#sums);
    }
  }

  #measure(): GramSums {
    const { panels } = this.#shape;
    const { count, rows } = this.#lookups;
    this.#compute();
    this.#kernels.centrePanels(this.#features, count, rows, panels, this.#columnSums, this.#along);
    this.#addProducts();
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
