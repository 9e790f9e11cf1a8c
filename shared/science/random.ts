import type { Weights } from './network.ts';

const stateLength = 624;
const middle = 397;
/** From this length on PyTorch's randperm draws 64-bit numbers (aten/src/ATen/native/TensorFactories.cpp). */
const longestPermutation = Math.floor(0xffffffff / 20) - 1;

/**
 * MT19937, seeded and tempered as PyTorch's CPU generator is, so a seed means here what it means there.
 * @see Matsumoto and Nishimura (1998); aten/src/ATen/core/MT19937RNGEngine.h
 */
export class MersenneTwister {
  private readonly state = new Int32Array(stateLength);
  private next = stateLength;

  /**
   * @param seed integer in 0..2^53-1. As in PyTorch only its low 32 bits count: 2^32 + 5 draws what 5 draws
   * @throws RangeError for any other number (PyTorch also takes negative seeds and seeds up to 2^64-1; the lab does not)
   */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`seed must be an integer in 0..2^53-1, got ${seed}`);
    }
    const state = this.state;
    state[0] = (seed % 2 ** 32) | 0;
    for (let i = 1; i < stateLength; i++) {
      const previous = state[i - 1];
      state[i] = (Math.imul(1812433253, previous ^ (previous >>> 30)) + i) | 0;
    }
  }

  /** The next draw, uniform on 0..2^32-1. */
  uint32(): number {
    if (this.next === stateLength) this.refill();
    let y = this.state[this.next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  private refill(): void {
    const state = this.state;
    for (let i = 0; i < stateLength; i++) {
      const y = (state[i] & 0x80000000) | (state[(i + 1) % stateLength] & 0x7fffffff);
      state[i] = state[(i + middle) % stateLength] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.next = 0;
  }
}

/**
 * PyTorch's `torch.randperm(n, generator=torch.Generator().manual_seed(seed))`, element for element:
 * for i = 0..n-2, swap entry i with entry i + r_i mod (n - i).
 * @param n length, 0..214,748,363 (PyTorch draws otherwise beyond)
 * @returns a permutation of 0..n-1, shape [n]
 * @throws RangeError for another n, or a seed that `MersenneTwister` refuses
 */
export function randomPermutation(n: number, seed: number): Int32Array {
  if (!Number.isInteger(n) || n < 0 || n > longestPermutation) {
    throw new RangeError(`a permutation has 0..${longestPermutation} entries, got ${n}`);
  }
  const generator = new MersenneTwister(seed);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < n - 1; i++) {
    const j = i + (generator.uint32() % (n - i));
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  return order;
}

/**
 * The weights PyTorch draws after `torch.manual_seed(seed)` for `nn.Linear(2M, K, bias=False)` and then
 * `nn.Linear(K, M, bias=False)`: U(-1/sqrt(fan_in), 1/sqrt(fan_in)), bit for bit as on a CPU with fused multiply-add.
 * @param modulus M
 * @param width K
 * @returns W [2M, K] and V [K, M], row-major: PyTorch's arrays transposed
 * @throws RangeError when modulus or width is not a positive integer, or the seed is one `MersenneTwister` refuses
 * @see torch/nn/init.py kaiming_uniform_ with a = sqrt(5), whose bound is 1/sqrt(fan_in)
 */
export function initialWeights(modulus: number, width: number, seed: number): Weights {
  if (!Number.isInteger(modulus) || modulus < 1) throw new RangeError(`modulus must be >= 1, got ${modulus}`);
  if (!Number.isInteger(width) || width < 1) throw new RangeError(`width must be >= 1, got ${width}`);
  const generator = new MersenneTwister(seed);
  const W = drawLinear(generator, 2 * modulus, width);
  const V = drawLinear(generator, width, modulus);
  return { W, V };
}

/** One layer: drawn in PyTorch's [outputs, inputs] order, returned as [inputs, outputs]. */
function drawLinear(generator: MersenneTwister, inputs: number, outputs: number): Float32Array {
  const bound = Math.fround(1 / Math.sqrt(inputs));
  const weights = new Float32Array(inputs * outputs);
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      const unit = (generator.uint32() & 0xffffff) * 2 ** -24;
      // Exact in float64 (24 bits times 24 bits, and a shift of the same size), so storing rounds once: PyTorch's fused multiply-add.
      weights[input * outputs + output] = unit * (2 * bound) - bound;
    }
  }
  return weights;
}

/**
 * Pairs of distinct indices, each of the size (size - 1) / 2 pairs equally likely, drawn with replacement.
 * Reproducible from the seed; the draws are the lab's own, PyTorch has no counterpart.
 * @param count how many pairs, >= 0
 * @param size indices run 0..size-1, size in 2..2^31
 * @returns parallel arrays of shape [count] with first < second
 * @throws RangeError when count or size is out of range, or the seed is one `MersenneTwister` refuses
 */
export function randomPairs(
  count: number,
  size: number,
  seed: number,
): { first: Int32Array; second: Int32Array } {
  if (!Number.isInteger(count) || count < 0) throw new RangeError(`count must be >= 0, got ${count}`);
  if (!Number.isInteger(size) || size < 2 || size > 2 ** 31) {
    throw new RangeError(`pairs need 2..2^31 indices, got ${size}`);
  }
  const generator = new MersenneTwister(seed);
  const first = new Int32Array(count);
  const second = new Int32Array(count);
  for (let pair = 0; pair < count; pair++) {
    const i = uniformBelow(generator, size);
    const drawn = uniformBelow(generator, size - 1);
    const j = drawn < i ? drawn : drawn + 1;
    first[pair] = Math.min(i, j);
    second[pair] = Math.max(i, j);
  }
  return { first, second };
}

/** Uniform on 0..limit-1 without modulo bias: draws in the last, incomplete stretch of 2^32 are thrown away. */
function uniformBelow(generator: MersenneTwister, limit: number): number {
  const complete = 2 ** 32 - (2 ** 32 % limit);
  let draw = generator.uint32();
  while (draw >= complete) draw = generator.uint32();
  return draw % limit;
}
