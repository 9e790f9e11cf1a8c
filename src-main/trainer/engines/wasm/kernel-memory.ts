import type { Kernels } from './load-kernels.ts';

const page = 65_536;
/** A cache line: no two regions share one, and every vector is aligned. */
const alignment = 64;

/** The memory of one instance, laid out once from its beginning; only with the instance is it given back. Views are made when they are used: growing the memory ends older ones. */
export class KernelMemory {
  readonly #memory: Kernels['memory'];
  #next: number;

  /** @param from where the layout begins */
  constructor(kernels: Kernels, from = kernels.heapBase()) {
    this.#memory = kernels.memory;
    this.#next = from;
  }

  /** @returns the address of so many bytes, zeroed where no other layout has them too */
  reserve(bytes: number): number {
    const address = Math.ceil(this.#next / alignment) * alignment;
    this.#next = address + bytes;
    const missing = this.#next - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / page));
    return address;
  }

  /** The same layout in a fresh instance of the same kernels, of which what lies below `end` is copied there. */
  moveTo(kernels: Kernels, end: number): KernelMemory {
    const moved = new KernelMemory(kernels, this.#next);
    moved.reserve(0);
    const start = kernels.heapBase();
    const kept = new Uint8Array(this.#memory.buffer, start, end - start);
    new Uint8Array(kernels.memory.buffer, start).set(kept);
    return moved;
  }

  float32(address: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#memory.buffer, address, length);
  }

  float64(address: number, length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#memory.buffer, address, length);
  }

  int32(address: number, length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#memory.buffer, address, length);
  }
}
