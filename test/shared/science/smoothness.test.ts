import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { discreteLegendre, legendreOverlaps } from '#shared/science/smoothness.ts';

describe('discreteLegendre', () => {
  it('is constant, a line and a parabola on five points (closed forms)', () => {
    const [p0, p1, p2] = discreteLegendre(5, 3).map((p) => [...p]);
    const expected = [
      [1, 1, 1, 1, 1].map((x) => x / Math.sqrt(5)),
      [-2, -1, 0, 1, 2].map((x) => x / Math.sqrt(10)),
      [2, -1, -2, -1, 2].map((x) => x / Math.sqrt(14)),
    ];
    [p0, p1, p2].forEach((p, k) => p.forEach((value, t) => expect(value).toBeCloseTo(expected[k][t], 14)));
  });

  it('is orthonormal at every length and degree', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 8 }), (length, count) => {
        const polynomials = discreteLegendre(length, Math.min(count, length));
        polynomials.forEach((p, i) =>
          polynomials.forEach((q, j) => {
            const product = p.reduce((sum, value, t) => sum + value * q[t], 0);
            expect(Math.abs(product - (i === j ? 1 : 0))).toBeLessThan(1e-13);
          }),
        );
      }),
    );
  });

  it('refuses more polynomials than points', () => {
    expect(() => discreteLegendre(3, 4)).toThrow(
      new RangeError('3 points carry 3 polynomials; 4 were asked for'),
    );
  });
});

describe('legendreOverlaps', () => {
  it('is 1 for the polynomials themselves, whatever their sign, and 0 for them in another order', () => {
    const [p0, p1, p2, p3] = discreteLegendre(20, 4);
    const same = legendreOverlaps([p0, p1.map((x) => -x), p2, p3], 4);
    same.forEach((overlap) => expect(overlap).toBeCloseTo(1, 14));
    const other = legendreOverlaps([p1, p0, p3, p2], 4);
    other.forEach((overlap) => expect(overlap).toBeCloseTo(0, 14));
  });

  it('is NaN where there is no eigenvector', () => {
    const overlaps = legendreOverlaps([Float64Array.of(1, 0)], 3);
    expect(overlaps[0]).toBeCloseTo(Math.SQRT1_2, 15);
    expect([...overlaps.subarray(1)]).toEqual([NaN, NaN]);
    expect([...legendreOverlaps([], 2)]).toEqual([NaN, NaN]);
  });
});
