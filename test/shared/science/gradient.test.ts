import { describe, expect, it } from 'vitest';
import { gradientStatistics } from '#shared/science/gradient.ts';
import { median, quantile } from '#shared/science/statistics.ts';
import { float32From, float64From, readNumpyFixture } from './numpy-fixture.ts';

interface GradientCase {
  n: number;
  width: number;
  modulus: number;
  residual: string;
  V: string;
  first: number[];
  second: number[];
  norm: number;
  cosineMedian: number;
  cosineP95: number;
}
const cases: GradientCase[] = JSON.parse(readNumpyFixture('gradient'));

describe('gradientStatistics', () => {
  it.each(cases)('agrees with numpy, which forms G_F ($n x $width)', (fixture) => {
    const { norm, cosineMedian, cosineP95 } = gradientStatistics(
      float64From(fixture.residual),
      float32From(fixture.V),
      fixture.n,
      fixture.width,
      fixture.modulus,
      { first: Int32Array.from(fixture.first), second: Int32Array.from(fixture.second) },
    );
    expect(norm / fixture.norm).toBeCloseTo(1, 13);
    expect(cosineMedian).toBeCloseTo(fixture.cosineMedian, 13);
    expect(cosineP95).toBeCloseTo(fixture.cosineP95, 13);
  });

  it('gives |cos| = 1 to parallel and 0 to orthogonal columns, and leaves out pairs with a column of 0 (closed form)', () => {
    const identity = Float64Array.of(1, 0, 0, 1);
    const V = Float32Array.of(1, 2, -2, -4, 2, -1, 0, 0);
    const at = (first: number[], second: number[]) =>
      gradientStatistics(identity, V, 2, 4, 2, {
        first: Int32Array.from(first),
        second: Int32Array.from(second),
      });
    expect(at([0], [1]).cosineMedian).toBeCloseTo(1, 15);
    expect(at([0], [2]).cosineMedian).toBe(0);
    expect(at([0, 2, 1], [1, 3, 3]).cosineMedian).toBeCloseTo(1, 15);
    expect(at([0], [3]).cosineMedian).toBeNaN();
    expect(at([0], [1]).norm).toBeCloseTo(Math.sqrt(30), 14);
  });

  it('gives any number of pairs what each of them has alone, to the bit', () => {
    const [n, width, modulus] = [12, 90, 7];
    const residual = Float64Array.from({ length: n * modulus }, (_, i) => Math.sin(i * i));
    const V = Float32Array.from({ length: width * modulus }, (_, i) => Math.cos(3 * i * i));
    V.fill(0, 4 * modulus, 5 * modulus);
    const first = Int32Array.from({ length: 201 }, (_, i) => (i * 17) % width);
    const second = Int32Array.from({ length: 201 }, (_, i) => (i * 31 + 1) % width);
    const measure = (from: number, to: number) =>
      gradientStatistics(residual, V, n, width, modulus, {
        first: first.slice(from, to),
        second: second.slice(from, to),
      });
    const alone = Array.from(first, (_, i) => measure(i, i + 1).cosineMedian).filter(Number.isFinite);
    expect(alone.length).toBeLessThan(201);
    const { cosineMedian, cosineP95 } = measure(0, 201);
    expect(cosineMedian).toBe(median(alone));
    expect(cosineP95).toBe(quantile(alone, 0.95));
  });
});
