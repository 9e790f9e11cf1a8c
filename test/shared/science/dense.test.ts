import { describe, expect, it } from 'vitest';
import {
  choleskyInPlace,
  invertFromCholesky,
  solveLower,
  solveUpper,
  symmetricProduct,
} from '#shared/science/dense.ts';
import { packRows, unpackRows } from '#shared/science/panels.ts';
import { MersenneTwister } from '#shared/science/random.ts';
import { relativeDifference } from './numpy-fixture.ts';

/** Around the edges of tiles (4), factor blocks (64) and blocks (128), and past two of them. */
const sizes = [1, 2, 3, 4, 5, 63, 64, 65, 127, 128, 129, 200, 261];

describe('symmetricProduct', () => {
  it.each([
    [1, 1],
    [3, 7],
    [128, 5],
    [129, 66],
    [300, 131],
    [40, 259],
  ])('of a %i x %i matrix is the sum of products, by the definition', (n, width) => {
    const features = noise(n * width, 1);
    const product = symmetricProduct(features, n, width);
    expect(
      relativeDifference(product, multiply(transpose(features, n, width), features, width, n, width)),
    ).toBeLessThan(1e-13);
  });

  it('is symmetric to the bit', () => {
    const product = symmetricProduct(noise(50 * 70, 2), 50, 70);
    expect(product).toEqual(transpose(product, 70, 70));
  });
});

describe('choleskyInPlace', () => {
  it.each(sizes)('of an n x n matrix, n = %i, is lower triangular and multiplies back to it', (n) => {
    const a = positiveDefinite(n);
    const factor = a.slice();
    choleskyInPlace(factor, n);
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(factor[i * n + j]).toBe(0);
    expect(relativeDifference(multiply(factor, transpose(factor, n, n), n, n, n), a)).toBeLessThan(1e-14);
  });

  it('reads the lower triangle only', () => {
    const a = positiveDefinite(70);
    const lower = a.map((value, at) => (at % 70 > Math.floor(at / 70) ? NaN : value));
    choleskyInPlace(a, 70);
    choleskyInPlace(lower, 70);
    expect(lower).toEqual(a);
  });

  it('names the first pivot that is not positive', () => {
    const a = positiveDefinite(150);
    a[100 * 150 + 100] = -3;
    expect(() => choleskyInPlace(a, 150)).toThrow(/pivot 100 of 150 is -/);
    expect(() => choleskyInPlace(Float64Array.of(0), 1)).toThrow(
      new RangeError('matrix is not positive definite: pivot 0 of 1 is 0'),
    );
    expect(() => choleskyInPlace(Float64Array.of(NaN), 1)).toThrow(RangeError);
  });
});

describe('invertFromCholesky', () => {
  it.each(sizes)('times the matrix is the identity, n = %i', (n) => {
    const a = positiveDefinite(n);
    const factor = a.slice();
    choleskyInPlace(factor, n);
    const inverse = invertFromCholesky(factor, n);
    const identity = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
    expect(relativeDifference(multiply(a, inverse, n, n, n), identity)).toBeLessThan(1e-11);
    expect(inverse).toEqual(transpose(inverse, n, n));
  });
});

describe('solveLower and solveUpper', () => {
  it.each([1, 4, 6])(
    'of %i vectors, with the leading rows of a factor, multiply back by L and its transpose',
    (count) => {
      const n = 30;
      const lead = 21;
      const factor = positiveDefinite(n);
      choleskyInPlace(factor, n);
      const leading = Float64Array.from(
        { length: lead * lead },
        (_, at) => factor[Math.floor(at / lead) * n + (at % lead)],
      );
      const transposed = transpose(leading, lead, lead);
      const rhs = noise(count * lead, 5);
      const block = { data: rhs, offset: 0, stride: lead };
      const lower = packRows(block, count, lead);
      const upper = packRows(block, count, lead);
      solveLower(lower, { data: factor, offset: 0, stride: n });
      solveUpper(upper, { data: factor, offset: 0, stride: n });
      const x = new Float64Array(rhs.length);
      unpackRows(lower, { ...block, data: x });
      expect(relativeDifference(multiply(x, transposed, count, lead, lead), rhs)).toBeLessThan(1e-13);
      unpackRows(upper, { ...block, data: x });
      expect(relativeDifference(multiply(x, leading, count, lead, lead), rhs)).toBeLessThan(1e-13);
    },
  );
});

function noise(length: number, seed: number): Float64Array {
  const generator = new MersenneTwister(seed);
  return Float64Array.from({ length }, () => generator.uint32() / 2 ** 31 - 1);
}

/** N'N + I of noise: eigenvalues from 1 to about 2n. */
function positiveDefinite(n: number): Float64Array {
  const rows = noise(n * n, n);
  const a = multiply(transpose(rows, n, n), rows, n, n, n);
  for (let i = 0; i < n; i++) a[i * n + i] += 1;
  return a;
}

function transpose(a: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from(a, (_, at) => a[(at % rows) * columns + Math.floor(at / rows)]);
}

/** The triple loop of the definition. */
function multiply(
  a: Float64Array,
  b: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): Float64Array {
  const product = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      for (let p = 0; p < inner; p++) product[i * columns + j] += a[i * inner + p] * b[p * columns + j];
    }
  }
  return product;
}
