import type { DenseAlgebra } from '#shared/science/dense.ts';
import { mirrorLower, zeroUpper } from '#shared/science/triangle.ts';
import { KernelMemory } from './kernel-memory.ts';
import { loadKernels } from './load-kernels.ts';
import type { KernelBuild } from '../../kernel-file.ts';
import type { LoadedKernels } from './load-kernels.ts';

/** Rows of F that are added to a Gram at a time. */
const rowsAtOnce = 240;

/**
 * The products of a repulsion probe on the kernels, in float64: one matrix in the kernels' memory, overwritten in place, and
 * copies in and out. To be made for one probe and dropped: its memory lives as long as it does.
 * @throws what loading the kernels threw
 */
export function wasmAlgebra(build?: KernelBuild): DenseAlgebra {
  const loaded = loadKernels(build);
  let workshop: Workshop | null = null;
  // A probe works on K x K first and, later, on a few sampled units, which fit into the same room.
  const forSize = (n: number): Workshop => {
    if (workshop === null) workshop = new Workshop(loaded, n);
    else if (workshop.n < n) workshop = new Workshop(loadKernels(build), n);
    return workshop;
  };
  return {
    symmetricProduct: (features, n, width) => forSize(width).symmetricProduct(features, n, width),
    cholesky: (a, n) => forSize(n).cholesky(a, n),
    inverse: (factor, n) => forSize(n).inverse(factor, n),
  };
}

/** The kernels with room for a matrix of up to n x n. */
class Workshop {
  readonly n: number;
  readonly #kernels: LoadedKernels['kernels'];
  readonly #memory: KernelMemory;
  readonly #matrix: number;
  readonly #rows: number;
  readonly #work: number;

  constructor({ kernels }: LoadedKernels, n: number) {
    this.n = n;
    this.#kernels = kernels;
    this.#memory = new KernelMemory(kernels);
    this.#matrix = this.#memory.reserve(8 * n * n);
    this.#rows = this.#memory.reserve(8 * n * rowsAtOnce);
    this.#work = this.#memory.reserve(kernels.workBytes(n, rowsAtOnce));
  }

  symmetricProduct(features: Float64Array, n: number, width: number): Float64Array {
    this.#memory.float64(this.#matrix, width * width).fill(0);
    for (let row = 0; row < n; row += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, n - row);
      const rows = features.subarray(row * width, (row + count) * width);
      this.#memory.float64(this.#rows, rows.length).set(rows);
      this.#kernels.addSymmetricProduct(this.#matrix, width, this.#rows, count, this.#work);
    }
    const product = this.#memory.float64(this.#matrix, width * width).slice();
    mirrorLower(product, width);
    return product;
  }

  cholesky(a: Float64Array, n: number): void {
    const matrix = this.#memory.float64(this.#matrix, n * n);
    matrix.set(a);
    const failed = this.#kernels.factorCholesky(this.#matrix, n, this.#work);
    a.set(matrix);
    if (failed >= 0) {
      const [pivot] = this.#memory.float64(this.#work, 1);
      throw new RangeError(`matrix is not positive definite: pivot ${failed} of ${n} is ${pivot}`);
    }
    zeroUpper(a, n);
  }

  inverse(factor: Float64Array, n: number): Float64Array {
    const matrix = this.#memory.float64(this.#matrix, n * n);
    matrix.set(factor);
    this.#kernels.invertFactor(this.#matrix, n, this.#work);
    const inverse = matrix.slice();
    mirrorLower(inverse, n);
    return inverse;
  }
}
