import { describe, expect, it } from 'vitest';
import { centreColumns, gramStatistics, gramSums } from '#shared/science/gram.ts';
import { float32From, readNumpyFixture } from './numpy-fixture.ts';

interface GramCase {
  n: number;
  width: number;
  features: string;
  sums: Record<'absolute' | 'diagonal' | 'squares' | 'columnForm' | 'columnSquares', number>;
  statistics: Record<'diagonal' | 'offDiagonal' | 'ratio' | 'rho', number>;
}
const cases: GramCase[] = JSON.parse(readNumpyFixture('gram'));

describe('gramSums and gramStatistics', () => {
  it.each(cases)('agree with numpy, which forms the $n x $n kernel and takes norms of it', (fixture) => {
    const { n, width } = fixture;
    const sums = gramSums(float32From(fixture.features), n, width);
    const statistics = gramStatistics(sums, n, width);
    expect(sums.absolute / fixture.sums.absolute).toBeCloseTo(1, 12);
    expect(sums.diagonal / fixture.sums.diagonal).toBeCloseTo(1, 12);
    expect(sums.squares / fixture.sums.squares).toBeCloseTo(1, 12);
    expect(sums.columnForm / fixture.sums.columnForm).toBeCloseTo(1, 12);
    expect(sums.columnSquares / fixture.sums.columnSquares).toBeCloseTo(1, 12);
    expect(statistics.diagonal / fixture.statistics.diagonal).toBeCloseTo(1, 12);
    expect(statistics.offDiagonal / fixture.statistics.offDiagonal).toBeCloseTo(1, 12);
    expect(statistics.ratio / fixture.statistics.ratio).toBeCloseTo(1, 12);
    expect(statistics.rho / fixture.statistics.rho).toBeCloseTo(1, 12);
  });

  it("find rho = 0 when FF' is exactly aI + b11' (closed form: F = [2I | 3 1], a = 4, b = 9)", () => {
    const n = 6;
    const features = new Float32Array(n * (n + 1));
    for (let i = 0; i < n; i++) {
      features[i * (n + 1) + i] = 2;
      features[i * (n + 1) + n] = 3;
    }
    // The squared residual is a difference of equal numbers near 80, exact to about 1e-14.
    expect(gramStatistics(gramSums(features, n, n + 1), n, n + 1).rho).toBeLessThan(1e-7);
  });

  it("find rho = 0 for FF' = 2I - 11' and sqrt(1/2) for FF' = diag(1, 0) (closed forms)", () => {
    // F = (1, -1)' and F = (1, 0)'; the nearest to the latter is I/2, at a distance of sqrt(1/2) from it, whose norm is 1.
    const flipped = gramStatistics(gramSums(Float32Array.of(1, -1), 2, 1), 2, 1);
    const single = gramStatistics(gramSums(Float32Array.of(1, 0), 2, 1), 2, 1);
    expect(flipped.rho).toBe(0);
    expect(single.rho).toBeCloseTo(Math.SQRT1_2, 14);
    expect(single.offDiagonal).toBeNaN();
  });

  it('have no ratio when the features are constant, and no rho when they are 0', () => {
    const constant = gramStatistics(gramSums(new Float32Array(6).fill(2), 3, 2), 3, 2);
    expect([constant.diagonal, constant.offDiagonal, constant.ratio, constant.rho]).toEqual([0, 0, NaN, 0]);
    expect(gramStatistics(gramSums(new Float32Array(6), 3, 2), 3, 2).rho).toBeNaN();
  });
});

describe('centreColumns', () => {
  it("subtracts each column's mean", () => {
    expect([...centreColumns(Float32Array.of(1, 10, 3, 30), 2, 2)]).toEqual([-1, -10, 1, 10]);
  });
});
