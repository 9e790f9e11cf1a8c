import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { discreteLegendre } from '#shared/science/smoothness.ts';
import { UpdateSpectrum } from '#shared/science/spectrum.ts';
import { float32From, readNumpyFixture, relativeDifference } from './numpy-fixture.ts';

interface SpectrumCase {
  window: number;
  updates: number;
  size: number;
  data: string;
  rows: {
    sigma: number[];
    effectiveRank: number;
    share1: number;
    smoothness: number[];
    stepCosineDistance: number;
  }[];
}
const cases: SpectrumCase[] = JSON.parse(readNumpyFixture('spectrum'));

describe('UpdateSpectrum', () => {
  it.each(cases)(
    'agrees with numpy while a window of $window fills and rolls over $updates updates',
    (fixture) => {
      const spectrum = new UpdateSpectrum(fixture.window);
      for (const [at, update] of updatesOf(fixture).entries()) {
        spectrum.push(update);
        const measured = spectrum.measure();
        if (at === 0) {
          expect([...measured.sigma, measured.ratio12, measured.share1]).toEqual(Array(7).fill(NaN));
          continue;
        }
        const expected = fixture.rows[at - 1];
        const defined = expected.sigma.length;
        expect(relativeDifference(measured.sigma.subarray(0, defined), expected.sigma)).toBeLessThan(1e-14);
        expect([...measured.sigma.subarray(defined)]).toEqual(Array(5 - defined).fill(NaN));
        expect(measured.ratio12 / (expected.sigma[0] / expected.sigma[1])).toBeCloseTo(1, 11);
        if (at === 1) expect(measured.ratio23).toBeNaN();
        else expect(measured.ratio23 / (expected.sigma[1] / expected.sigma[2])).toBeCloseTo(1, 11);
        expect(measured.effectiveRank).toBeCloseTo(expected.effectiveRank, 12);
        expect(measured.share1).toBeCloseTo(expected.share1, 13);
        expect(measured.stepCosineDistance).toBeCloseTo(expected.stepCosineDistance, 13);
        const overlaps = expected.smoothness.length;
        expect(
          relativeDifference(measured.smoothness.subarray(0, overlaps), expected.smoothness),
        ).toBeLessThan(1e-9);
        expect([...measured.smoothness.subarray(overlaps)]).toEqual(Array(4 - overlaps).fill(NaN));
      }
    },
  );

  it('finds a straight path to be one direction with all its weight in P0 (closed form)', () => {
    const { sigma, share1, effectiveRank, smoothness, stepCosineDistance } = measured(
      20,
      Array.from({ length: 25 }, () => Float32Array.of(3, 4)),
    );
    expect(sigma[0]).toBeCloseTo(20 * 25, 10);
    expect(sigma[1]).toBeLessThan(1e-12);
    expect(share1).toBeCloseTo(1, 14);
    expect(effectiveRank).toBeCloseTo(1, 11);
    expect(smoothness[0]).toBeCloseTo(1, 13);
    expect(stepCosineDistance).toBeCloseTo(0, 14);
  });

  it('finds a path whose speed is P0..P3 of time, each along its own axis, to overlap by 1 with each (closed form)', () => {
    const strengths = [8, 4, 2, 1];
    const polynomials = discreteLegendre(12, 4);
    const path = Array.from({ length: 12 }, (_, t) =>
      Float32Array.from(strengths, (s, k) => s * polynomials[k][t]),
    );
    const { sigma, smoothness } = measured(12, path);
    strengths.forEach((strength, k) => expect(sigma[k]).toBeCloseTo(strength ** 2, 5));
    smoothness.forEach((overlap) => expect(overlap).toBeCloseTo(1, 6));
  });

  it('finds no smoothness in a step that turns back each time (closed form)', () => {
    const path = Array.from({ length: 10 }, (_, t) => Float32Array.of(t % 2 === 0 ? 1 : -1));
    const { smoothness, stepCosineDistance } = measured(10, path);
    expect(smoothness[0]).toBeCloseTo(0, 13);
    expect(stepCosineDistance).toBe(2);
  });

  it('counts orthogonal updates of one length as so many directions (closed form)', () => {
    const path = Array.from({ length: 6 }, (_, t) =>
      Float32Array.from({ length: 6 }, (_, i) => (i === t ? 2 : 0)),
    );
    const { sigma, ratio12, ratio23, effectiveRank, share1 } = measured(6, path);
    expect([...sigma]).toEqual([4, 4, 4, 4, 4]);
    expect([ratio12, ratio23]).toEqual([1, 1]);
    expect(effectiveRank).toBeCloseTo(6, 13);
    expect(share1).toBeCloseTo(1 / 6, 15);
  });

  it('sums a layer larger than one cache chunk: sigma_1 of ones is their number times the window', () => {
    const { sigma } = measured(
      3,
      Array.from({ length: 4 }, () => new Float32Array(10_001).fill(1)),
    );
    expect(sigma[0]).toBeCloseTo(30_003, 8);
  });

  it('has no value when an update is not finite, when nothing moves, and when lengths differ it refuses', () => {
    const broken = measured(3, [Float32Array.of(1, 2), Float32Array.of(NaN, 1), Float32Array.of(1, 1)]);
    expect([...broken.sigma, broken.stepCosineDistance]).toEqual(Array(6).fill(NaN));
    const still = measured(3, [new Float32Array(2), new Float32Array(2), new Float32Array(2)]);
    expect([...still.sigma.subarray(0, 3)]).toEqual([0, 0, 0]);
    expect([still.ratio23, still.share1, still.effectiveRank, still.stepCosineDistance]).toEqual(
      Array(4).fill(NaN),
    );
    const spectrum = new UpdateSpectrum(2);
    spectrum.push(new Float32Array(3));
    expect(() => spectrum.push(new Float32Array(4))).toThrow(
      'an update has 4 parameters; those before it had 3',
    );
    expect(() => new UpdateSpectrum(1)).toThrow(new RangeError('window must be a whole number >= 2; got 1'));
  });

  it('measures the same when each update is written over the one it pushes out', () => {
    const updates = updatesOf(cases[0]);
    const [fresh, recycled] = [new UpdateSpectrum(5), new UpdateSpectrum(5)];
    for (const [i, update] of updates.entries()) {
      const spare = recycled.spare();
      if (i < 5) expect(spare).toBeNull();
      spare?.set(update);
      fresh.push(update);
      recycled.push(spare ?? update.slice());
      expect(recycled.measure()).toEqual(fresh.measure());
    }
    expect(new Set(recycled.snapshot().updates).size).toBe(5);
  });

  it('goes on from a snapshot with equal bits, wherever it is taken', () => {
    const fixture = cases[1];
    const updates = updatesOf(cases[0]);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: updates.length }),
        fc.integer({ min: 2, max: 21 }),
        (cut, window) => {
          const whole = new UpdateSpectrum(window);
          for (const update of updates.slice(0, cut)) whole.push(update);
          const resumed = UpdateSpectrum.restore(structuredClone(whole.snapshot()));
          expect(resumed.measure()).toEqual(whole.measure());
          for (const update of updates.slice(cut)) {
            whole.push(update);
            resumed.push(update);
            expect(resumed.measure()).toEqual(whole.measure());
          }
          expect(resumed.snapshot()).toEqual(whole.snapshot());
        },
      ),
      { numRuns: 40, seed: 7 },
    );
    expect(() =>
      UpdateSpectrum.restore({ window: 2, updates: updatesOf(fixture), gram: new Float64Array(64) }),
    ).toThrow(RangeError);
  });
});

function measured(window: number, updates: readonly Float32Array[]) {
  const spectrum = new UpdateSpectrum(window);
  for (const update of updates) spectrum.push(update);
  return spectrum.measure();
}

function updatesOf({ data, updates, size }: SpectrumCase): Float32Array[] {
  const all = float32From(data);
  return Array.from({ length: updates }, (_, t) => all.slice(t * size, (t + 1) * size));
}
