import type { Rows, Split } from './network.ts';
import { randomPermutation } from './random.ts';

/**
 * Modular addition: every pair (a, b) of Z_M x Z_M with target (a + b) mod M, split at random by the seed.
 * Pair number p is (floor(p / M), p mod M), as torch.cartesian_prod lists them; the first `train` of
 * `randomPermutation(M^2, seed)` train and the rest test, both in the permutation's order.
 * @param modulus M, an integer >= 2
 * @param train n, 1..M^2; at M^2 no row is left to test
 * @returns rows of shape [n] and [M^2 - n]
 * @throws RangeError naming the modulus, train or seed that is out of range
 */
export function splitModularAddition(modulus: number, train: number, seed: number): Split {
  if (!Number.isInteger(modulus) || modulus < 2) {
    throw new RangeError(`modulus must be an integer >= 2, got ${modulus}`);
  }
  const pairs = modulus * modulus;
  if (!Number.isInteger(train) || train < 1 || train > pairs) {
    throw new RangeError(
      `train must be an integer in 1..${pairs} (modulus ${modulus} squared), got ${train}`,
    );
  }
  const order = randomPermutation(pairs, seed);
  return {
    train: additionRows(modulus, order.subarray(0, train)),
    test: additionRows(modulus, order.subarray(train)),
  };
}

function additionRows(modulus: number, pairs: Int32Array): Rows {
  const a = new Int32Array(pairs.length);
  const b = new Int32Array(pairs.length);
  const target = new Int32Array(pairs.length);
  for (let i = 0; i < pairs.length; i++) {
    a[i] = Math.floor(pairs[i] / modulus);
    b[i] = pairs[i] % modulus;
    target[i] = (a[i] + b[i]) % modulus;
  }
  return { a, b, target };
}
