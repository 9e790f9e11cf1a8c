import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { countUndrawable } from '#shared/figures/decimate.ts';
import { extremesOf } from '#shared/figures/line-extremes.ts';

const value = fc.oneof(
  fc.double(),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(NaN, Infinity, -Infinity, -0),
);

// Oracle: every value looked at.
it('the extremes of any part of a line are those of its values, on either axis, asked once or again', () => {
  const property = fc.property(
    fc.array(value, { minLength: 300, maxLength: 700, size: 'max' }),
    fc.array(fc.tuple(fc.nat(700), fc.nat(700)), { minLength: 1, maxLength: 5 }),
    (all, parts) => {
      const values = Float64Array.from(all);
      for (const scale of ['linear', 'log'] as const) {
        for (const [a, b] of parts) {
          const [from, to] = [Math.min(a, b, values.length), Math.min(Math.max(a, b), values.length)];
          const drawable = [...values.subarray(from, to)].filter(
            (each) => Number.isFinite(each) && (scale === 'linear' || each > 0),
          );
          const [low, high] = extremesOf(values, from, to, scale);
          // 0 and -0 are the same place.
          expect(low === Math.min(...drawable)).toBe(true);
          expect(high === Math.max(...drawable)).toBe(true);
        }
      }
      const undrawable = all.filter((each) => each <= 0).length;
      expect([countUndrawable(values), countUndrawable(values)]).toStrictEqual([undrawable, undrawable]);
    },
  );
  fc.assert(property, { seed: 16, numRuns: 50, endOnFailure: true });
});
