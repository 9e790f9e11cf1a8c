import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialWeights, MersenneTwister, randomPairs, randomPermutation } from '#shared/science/random.ts';

// Oracle: PyTorch 2.13, test/fixtures/pytorch/make.py.
const fixtures = new URL('../../fixtures/pytorch/', import.meta.url);
const sha256 = (values: Uint32Array | Int32Array | Float32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');

interface GeneratorFixture {
  count: number;
  rows: { seed: number; first: number[]; sha256: string }[];
}
interface PermutationFixture {
  count: number;
  seed: number;
  first: number[];
  sha256: string;
}
interface WeightsFixture {
  seed: number;
  modulus: number;
  width: number;
  W: string;
  V: string;
  firstW: number[];
  firstV: number[];
}
const generators: GeneratorFixture = JSON.parse(readFileSync(new URL('generator.json', fixtures), 'utf8'));
const permutations: PermutationFixture[] = JSON.parse(
  readFileSync(new URL('permutations.json', fixtures), 'utf8'),
);
const weights: WeightsFixture[] = JSON.parse(readFileSync(new URL('weights.json', fixtures), 'utf8'));

describe('MersenneTwister', () => {
  it.each(generators.rows)(
    'draws 2,000 words as PyTorch for seed $seed',
    ({ seed, first, sha256: digest }) => {
      const generator = new MersenneTwister(seed);
      const words = Uint32Array.from({ length: generators.count }, () => generator.uint32());
      expect([...words.subarray(0, 4)]).toEqual(first);
      expect(sha256(words)).toBe(digest);
    },
  );

  it('takes only the low 32 bits of a seed, as PyTorch does', () => {
    expect(new MersenneTwister(2 ** 32 + 5).uint32()).toBe(new MersenneTwister(5).uint32());
    expect(new MersenneTwister(6).uint32()).not.toBe(new MersenneTwister(5).uint32());
  });

  it.each([-1, 0.5, 2 ** 53, NaN, Infinity])('refuses seed %d and shows it', (seed) => {
    expect(() => new MersenneTwister(seed)).toThrow(RangeError);
    expect(() => new MersenneTwister(seed)).toThrow(String(seed));
  });
});

describe('randomPermutation', () => {
  it.each(permutations)(
    'equals torch.randperm($count) for seed $seed',
    ({ count, seed, first, sha256: digest }) => {
      const order = randomPermutation(count, seed);
      expect([...order.subarray(0, 10)]).toEqual(first);
      expect(sha256(order)).toBe(digest);
    },
  );

  it('holds every index once', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(), (n, seed) => {
        expect(randomPermutation(n, seed).toSorted()).toEqual(Int32Array.from({ length: n }, (_, i) => i));
      }),
      { seed: 1 },
    );
  });

  it.each([-1, 2.5, NaN, 2 ** 30])(
    'refuses length %d, which PyTorch would draw otherwise or not at all',
    (n) => {
      expect(() => randomPermutation(n, 0)).toThrow(RangeError);
    },
  );
});

describe('initialWeights', () => {
  it.each(weights)('equals PyTorch bit for bit at M=$modulus, K=$width, seed $seed', (fixture) => {
    const { W, V } = initialWeights(fixture.modulus, fixture.width, fixture.seed);
    expect([...W.subarray(0, 3)]).toEqual(fixture.firstW);
    expect([...V.subarray(0, 3)]).toEqual(fixture.firstV);
    expect(sha256(W)).toBe(fixture.W);
    expect(sha256(V)).toBe(fixture.V);
  });

  it.each([
    [0, 5],
    [7, 0],
    [7, 1.5],
    [NaN, 5],
  ])('refuses modulus %d with width %d', (modulus, width) => {
    expect(() => initialWeights(modulus, width, 0)).toThrow(RangeError);
  });
});

describe('randomPairs', () => {
  it('draws first < second inside the size, the same again for the same seed', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.integer({ min: 2, max: 2 ** 31 }), fc.nat(), (count, size, seed) => {
        const { first, second } = randomPairs(count, size, seed);
        expect(first).toHaveLength(count);
        for (let i = 0; i < count; i++) {
          expect(first[i]).toBeGreaterThanOrEqual(0);
          expect(second[i]).toBeGreaterThan(first[i]);
          expect(second[i]).toBeLessThan(size);
        }
        expect(randomPairs(count, size, seed)).toEqual({ first, second });
      }),
      { seed: 2 },
    );
  });

  it('draws each of the 10 pairs of 5 equally often', () => {
    // Oracle: the chi-squared distribution with 9 degrees of freedom, whose 99.9 % point is 27.9.
    const { first, second } = randomPairs(20_000, 5, 3);
    const counts = new Map<string, number>();
    for (let i = 0; i < first.length; i++) {
      const pair = `${first[i]}-${second[i]}`;
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    expect(counts.size).toBe(10);
    const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    expect(chiSquared).toBeLessThan(27.9);
  });

  it('favours no index where the size does not divide 2^32', () => {
    // Without rejection 3/4 of the indices below 3 * 2^29 would lie below 2^30, not 2/3. Oracle: 4 standard deviations of a count.
    const { first, second } = randomPairs(20_000, 3 * 2 ** 29, 4);
    const low = [...first, ...second].filter((index) => index < 2 ** 30).length;
    expect(Math.abs(low / 40_000 - 2 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / 40_000));
  });

  it('draws other pairs for another seed', () => {
    expect(randomPairs(20, 1000, 1)).not.toEqual(randomPairs(20, 1000, 2));
  });

  it.each([
    [5, 1],
    [-1, 5],
    [0.5, 5],
    [5, NaN],
  ])('refuses %d pairs of %d', (count, size) => {
    expect(() => randomPairs(count, size, 0)).toThrow(RangeError);
  });
});
