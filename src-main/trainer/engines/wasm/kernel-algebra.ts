import { addToSums } from '#shared/science/gram.ts';
import type { FeatureMatrix, GramAlgebra, OpenAlgebra } from '#shared/science/gram-algebra.ts';
import { lowerToUpper, upperToLower } from '#shared/science/triangle.ts';
import { addSymmetricProduct, blockRows, factorCholesky, invertFactor, workBytes } from './dense-algebra.ts';
import { KernelMemory } from './kernel-memory.ts';
import type { Kernels, LoadKernels } from './load-kernels.ts';

/** Rows of F~ that are added to a Gram at a time; of F that are read at a time. */
const rowsAtOnce = 240;
const rowsRead = 24;
/** Kernels take vectors four at a time. */
const vectorMultiple = 4;
/** Vectors that `solve` and `combine` take at once. */
const vectorsAtOnce = 32;

/**
 * The algebra of a repulsion probe on the kernels: G, one matrix beside it, and a few rows of F~ in an instance's memory, which the
 * matrices are views of; 45 MB at K = 2048. To be opened for one probe and dropped: the memory lives as long as they do.
 * @throws what loading the kernels threw
 */
export function kernelAlgebra(load: LoadKernels): OpenAlgebra {
  let { kernels } = load();
  let isFresh = true;
  return (input) => {
    if (!isFresh) ({ kernels } = load());
    isFresh = false;
    return new KernelAlgebra(kernels, input);
  };
}

class KernelAlgebra implements GramAlgebra {
  readonly gram: Float64Array;
  readonly #input: FeatureMatrix;
  readonly #kernels: Kernels;
  readonly #memory: KernelMemory;
  readonly #gram: number;
  readonly #matrix: number;
  readonly #means: number;
  readonly #raw: number;
  readonly #rows: number;
  readonly #vectors: number;
  readonly #products: number;
  readonly #work: number;

  constructor(kernels: Kernels, input: FeatureMatrix) {
    const { n, width } = input;
    this.#input = input;
    this.#kernels = kernels;
    this.#memory = new KernelMemory(kernels);
    const reserve = (numbers: number): number => this.#memory.reserve(8 * numbers);
    // Two triangles in the room of one matrix, G's upper one a block higher than the lower one of the other: so blocks on its diagonal end before G begins.
    this.#gram = reserve((blockRows + width) * width);
    this.#matrix = this.#gram + 8 * blockRows * width;
    this.#means = reserve(width);
    this.#raw = this.#memory.reserve(4 * rowsRead * width);
    this.#rows = reserve(rowsAtOnce * width);
    this.#vectors = reserve(vectorsAtOnce * width);
    this.#products = reserve(vectorsAtOnce * Math.max(n, 8));
    this.#work = this.#memory.reserve(workBytes(width, rowsAtOnce));
    this.gram = this.#square(this.#gram);
    this.#meanColumns();
    this.#eachBlock((_, count) =>
      addSymmetricProduct(kernels, this.#matrix, width, this.#rows, count, this.#work),
    );
    lowerToUpper(this.#square(this.#matrix), this.gram, width);
  }

  factor(ridge: number): void {
    const { width } = this.#input;
    const matrix = this.#square(this.#matrix);
    upperToLower(this.gram, matrix, width);
    for (let j = 0; j < width; j++) matrix[j * width + j] += ridge;
    const failed = factorCholesky(this.#kernels, this.#matrix, width, this.#work);
    if (failed < 0) return;
    const [pivot] = this.#memory.float64(this.#work, 1);
    throw new RangeError(`matrix is not positive definite: pivot ${failed} of ${width} is ${pivot}`);
  }

  solve(vectors: Float64Array): Float64Array {
    const { width } = this.#input;
    return this.#byVectors(vectors, width, (count) => {
      this.#kernels.solveFactor(this.#matrix, width, this.#vectors, count, this.#products);
      return this.#vectors;
    });
  }

  combine(vectors: Float64Array): Float64Array {
    const { n, width } = this.#input;
    return this.#byVectors(vectors, n, (count) => {
      this.#eachBlock((row, rows) => {
        const out = this.#products + 8 * row;
        this.#kernels.dotRows(this.#rows, width, rows, width, this.#vectors, width, count, out, n);
      });
      return this.#products;
    });
  }

  invert(): Float64Array {
    const { width } = this.#input;
    invertFactor(this.#kernels, this.#matrix, width, this.#work);
    return this.#square(this.#matrix);
  }

  #square(address: number): Float64Array {
    return this.#memory.float64(address, this.#input.width ** 2);
  }

  #meanColumns(): void {
    const { n, width } = this.#input;
    const means = this.#memory.float64(this.#means, width);
    for (let row = 0; row < n; row += rowsRead)
      addToSums(means, this.#read(row, Math.min(rowsRead, n - row)));
    for (let j = 0; j < width; j++) means[j] /= n;
  }

  #read(row: number, rows: number): Float32Array {
    const raw = this.#memory.float32(this.#raw, rows * this.#input.width);
    this.#input.features(row, raw);
    return raw;
  }

  /** Calls with each block of F~ in its place, its first row and how many there are. */
  #eachBlock(work: (row: number, rows: number) => void): void {
    const { n, width } = this.#input;
    for (let row = 0; row < n; row += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, n - row);
      for (let i = 0; i < rows; i += rowsRead) {
        const count = Math.min(rowsRead, rows - i);
        this.#read(row + i, count);
        this.#kernels.centreRows(this.#raw, count, width, this.#means, this.#rows + 8 * i * width);
      }
      work(row, rows);
    }
  }

  /** @param work where the results, `length` numbers each, of the vectors in their place are; their number is padded */
  #byVectors(vectors: Float64Array, length: number, work: (count: number) => number): Float64Array {
    const { width } = this.#input;
    const total = vectors.length / width;
    const results = new Float64Array(total * length);
    for (let start = 0; start < total; start += vectorsAtOnce) {
      const used = Math.min(vectorsAtOnce, total - start);
      const count = Math.ceil(used / vectorMultiple) * vectorMultiple;
      const place = this.#memory.float64(this.#vectors, count * width);
      place.fill(0, used * width);
      place.set(vectors.subarray(start * width, (start + used) * width));
      const address = work(count);
      results.set(this.#memory.float64(address, used * length), start * length);
    }
    return results;
  }
}
