import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossingsOf, fireAt, lastThreshold } from '#shared/science/crossings.ts';
import type { Detector } from '#shared/science/detector.ts';
import { fireEpoch } from '#shared/science/detectors.ts';

const value = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -2, max: 5, noNaN: true }) },
  // Values that tie with thresholds, gaps, and what a collapsed ratio gives.
  { weight: 3, arbitrary: fc.constantFrom(0, 0.5, 1, NaN, Infinity, -Infinity) },
);
const threshold = fc.oneof(
  fc.double({ min: -2, max: 5, noNaN: true }),
  fc.constantFrom(-0.5, 0, 0.04, 0.5, 1),
);
const detector: fc.Arbitrary<Detector> = fc
  .record({
    kind: fc.constantFrom('slope' as const, 'level' as const),
    series: fc.constant('any'),
    lag: fc.integer({ min: 1, max: 6 }),
    threshold,
    from: fc.integer({ min: 0, max: 12 }),
    direction: fc.constantFrom('rising' as const, 'falling' as const),
  })
  .map(({ lag, kind, ...rest }) => (kind === 'slope' ? { kind, lag, ...rest } : { kind, ...rest }));
const series = fc.array(value, { maxLength: 30 }).map((values) => Float64Array.from(values));

describe('the crossings of a series', () => {
  it('tell at every threshold the epoch at which the detector fires', () => {
    // Oracle: fireEpoch, which reads the whole series for one threshold.
    fc.assert(
      fc.property(detector, series, fc.array(threshold), (own, values, thresholds) => {
        const crossings = crossingsOf(own, values);
        for (const tried of [own.threshold, ...thresholds])
          expect(fireAt(own, crossings, tried)).toBe(fireEpoch({ ...own, threshold: tried }, values));
      }),
      { seed: 4, numRuns: 2000 },
    );
  });

  it('end where the detector stops firing', () => {
    const ramp = Float64Array.of(0, 0.2, 0.1, 0.6, 0.5);
    const level: Detector = { kind: 'level', series: 'any', threshold: 0, from: 1, direction: 'rising' };
    expect(crossingsOf(level, ramp)).toStrictEqual({ epochs: [1, 3], extremes: [0.2, 0.6] });
    expect(lastThreshold(level, crossingsOf(level, ramp))).toBe(0.6);
    const falling: Detector = { ...level, kind: 'slope', lag: 1, direction: 'falling' };
    const halving = Float64Array.of(8, 4, 2, 2);
    expect(lastThreshold(falling, crossingsOf(falling, halving))).toBeCloseTo(Math.log(2), 12);
    expect(lastThreshold(level, crossingsOf(level, new Float64Array()))).toBeNull();
  });
});
