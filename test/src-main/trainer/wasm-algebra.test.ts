// Oracle: the plain algebra (itself held to definitions and numpy), at sizes around the blocks of 120 and the tiles of 6 x 4.
import { describe, expect, it } from 'vitest';
import { plainAlgebra } from '#shared/science/dense.ts';
import { MersenneTwister } from '#shared/science/random.ts';
import { measureRepulsion } from '#shared/science/repulsion.ts';
import { wasmAlgebra } from '#main/trainer/engines/wasm/wasm-algebra.ts';
import { relativeDifference } from '../../shared/science/numpy-fixture.ts';

function noise(count: number, seed: number): Float64Array {
  const generator = new MersenneTwister(seed);
  return Float64Array.from({ length: count }, () => generator.uint32() / 2 ** 31 - 1);
}

/** F'F + I. */
function positiveDefinite(n: number): Float64Array {
  const a = plainAlgebra.symmetricProduct(noise((n + 3) * n, n), n + 3, n);
  for (let i = 0; i < n; i++) a[i * n + i] += 1;
  return a;
}

describe.each(['relaxed', 'simd'] as const)('the algebra on the %s kernels', (build) => {
  const algebra = wasmAlgebra(build);

  it.each([
    [1, 1],
    [239, 7],
    [241, 119],
    [500, 121],
    [40, 259],
  ])('multiplies F (%i x %i) with itself', (n, width) => {
    const features = noise(n * width, 1);
    const product = algebra.symmetricProduct(features, n, width);
    expect(relativeDifference(product, plainAlgebra.symmetricProduct(features, n, width))).toBeLessThan(
      1e-14,
    );
    for (let i = 0; i < width; i++) expect(product[i]).toBe(product[i * width]);
  });

  it.each([1, 2, 5, 6, 7, 119, 120, 121, 241, 263])('factors and inverts, n = %i', (n) => {
    const [factor, expected] = [positiveDefinite(n), positiveDefinite(n)];
    algebra.cholesky(factor, n);
    plainAlgebra.cholesky(expected, n);
    expect(relativeDifference(factor, expected)).toBeLessThan(1e-14);
    for (let j = 1; j < n; j++) expect(factor[j]).toBe(0);
    expect(relativeDifference(algebra.inverse(factor, n), plainAlgebra.inverse(expected, n))).toBeLessThan(
      1e-12,
    );
  });

  it('names the first pivot that is not positive', () => {
    const a = positiveDefinite(150);
    a[140 * 150 + 140] = -3;
    expect(() => algebra.cholesky(a, 150)).toThrow(/^matrix is not positive definite: pivot 140 of 150 is -/);
    expect(() => algebra.cholesky(Float64Array.of(NaN), 1)).toThrow(RangeError);
  });

  it('measures the repulsion that the plain algebra measures, and passes the identity check', () => {
    const input = {
      features: Float32Array.from(noise(150 * 130, 7)),
      n: 150,
      width: 130,
      epoch: 3,
      seed: 1,
      pairs: 20,
      randomPairs: 50,
      identityPairs: 6,
      ridges: [{ name: 'number', value: 0.01, borrowedFrom: null }],
    };
    const [actual, expected] = [measureRepulsion(input, algebra), measureRepulsion(input)];
    expect(actual.topPairs.first).toEqual(expected.topPairs.first);
    expect(relativeDifference(actual.ridges[0].top.b, expected.ridges[0].top.b)).toBeLessThan(1e-11);
    expect(actual.ridges[0].top.opposite).toBe(expected.ridges[0].top.opposite);
    expect(actual.ridges[0].identityDeviation).toBeLessThan(1e-10);
  });
});
