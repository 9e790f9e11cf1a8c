import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symmetricProduct } from '#shared/science/dense.ts';
import { plainAlgebra, readFrom } from '#shared/science/gram-algebra.ts';
import type { OpenAlgebra } from '#shared/science/gram-algebra.ts';
import { centreColumns } from '#shared/science/gram.ts';
import { measureRepulsion, repulsionMatrices, summarizePairs } from '#shared/science/repulsion.ts';
import { float64From, relativeDifference } from './numpy-fixture.ts';
import { inputOf, repulsionCases } from './repulsion-fixture.ts';

const broken: OpenAlgebra = (input) => {
  const algebra = plainAlgebra(input);
  return { ...algebra, invert: () => algebra.invert().map((value) => value * (1 + 1e-7)) };
};

describe('measureRepulsion', () => {
  it.each(repulsionCases)('agrees with numpy.linalg.inv on $n x $width random features', (fixture) => {
    const { topPairs, ridges } = measureRepulsion(inputOf(fixture));
    expect([...topPairs.first]).toEqual(fixture.top.pairs.map(([j]) => j));
    expect([...topPairs.second]).toEqual(fixture.top.pairs.map(([, l]) => l));
    expect(relativeDifference(topPairs.cosine, fixture.top.cosine)).toBeLessThan(1e-13);
    expect(ridges.map(({ ridge }) => ridge.value)).toEqual(fixture.ridges.map(({ ridge }) => ridge));
    ridges.forEach(({ top, meanDiagonal, offDiagonal, identityDeviation, identityPairs }, i) => {
      const expected = fixture.ridges[i];
      expect(relativeDifference(top.b, expected.b)).toBeLessThan(1e-9);
      expect(top.opposite).toBe(expected.opposite);
      expect(top.negativeGivenPositive).toBe(expected.negativeGivenPositive);
      expect(top.positivePairs).toBe(expected.positivePairs);
      expect(top.medianAbsolute / expected.medianAbsolute).toBeCloseTo(1, 9);
      expect(meanDiagonal / expected.meanDiagonal).toBeCloseTo(1, 9);
      expect(offDiagonal.high / expected.histogram.high).toBeCloseTo(1, 9);
      expect(offDiagonal.low).toBe(-offDiagonal.high);
      expect([...offDiagonal.counts]).toEqual(expected.histogram.counts);
      expect(identityDeviation).toBeLessThan(1e-9);
      expect(identityPairs).toBe(16);
    });
  });

  it.each(repulsionCases)(
    "computes G = F'F of the centred features as numpy does, $n x $width",
    (fixture) => {
      const { values, n, width } = inputOf(fixture);
      const gram = symmetricProduct(centreColumns(values, n, width), n, width);
      expect(relativeDifference(gram, float64From(fixture.gram))).toBeLessThan(1e-14);
    },
  );

  it('measures the random pairs of the seed, with their entries of B and cosines', () => {
    const input = inputOf(repulsionCases[1]);
    const { randomPairs, ridges, epoch } = measureRepulsion(input);
    const { gram, b } = repulsionMatrices({ ...input, ridge: input.ridges[1] });
    const { width } = input;
    expect(epoch).toBe(50);
    expect(randomPairs.first.length).toBe(100);
    randomPairs.first.forEach((j, i) => {
      const l = randomPairs.second[i];
      const [low, high] = [Math.min(j, l), Math.max(j, l)];
      expect(ridges[1].random.b[i]).toBe(b[high * width + low]);
      const norms = Math.sqrt(gram[j * width + j] * gram[l * width + l]);
      expect(randomPairs.cosine[i]).toBeCloseTo(gram[low * width + high] / norms, 14);
    });
    expect(measureRepulsion({ ...input, seed: 4 }).randomPairs.first).not.toEqual(randomPairs.first);
    expect(measureRepulsion({ ...input, seed: 4 }).topPairs).toEqual(measureRepulsion(input).topPairs);
  });

  it('does not depend on the unit of the features: F / 4 at ridge / 16 gives 16 B, and the same shares', () => {
    const input = inputOf(repulsionCases[0]);
    const scaled = {
      ...input,
      features: readFrom(
        input.values.map((value) => value / 4),
        input.width,
      ),
      ridges: input.ridges.map((ridge) => ({ ...ridge, value: ridge.value / 16 })),
    };
    const [full] = measureRepulsion(input).ridges;
    const [quarter] = measureRepulsion(scaled).ridges;
    // Powers of two are exact in every operation of the way.
    expect(quarter.top.b).toEqual(full.top.b.map((value) => value * 16));
    expect(quarter.top.opposite).toBe(full.top.opposite);
    expect(quarter.offDiagonal.counts).toEqual(full.offDiagonal.counts);
  });

  it('does not depend on the signs of the features: which pairs repel is unchanged by flipping some', () => {
    const input = inputOf(repulsionCases[1]);
    const plain = measureRepulsion(input).ridges;
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 63 })), (flipped) => {
        const turned = new Set(flipped);
        const values = input.values.map((value, at) => (turned.has(at % input.width) ? -value : value));
        const features = readFrom(values, input.width);
        const ridges = measureRepulsion({ ...input, features, identityPairs: 0 }).ridges;
        ridges.forEach((at, i) => {
          expect(at.top.opposite).toBe(plain[i].top.opposite);
          expect(at.random.opposite).toBe(plain[i].random.opposite);
        });
      }),
      { numRuns: 10, seed: 5 },
    );
  });

  it('reports a broken inverse through the identity check', () => {
    for (const { identityDeviation } of measureRepulsion(inputOf(repulsionCases[0]), broken).ridges) {
      expect(identityDeviation).toBeCloseTo(1e-7, 9);
    }
  });

  it('takes all pairs when there are fewer than were asked for, and none of a single unit', () => {
    const input = {
      ...inputOf(repulsionCases[0]),
      features: readFrom(Float32Array.of(1, 2, 3, 1, 5, 0, 2, 8, 1), 3),
      n: 3,
      width: 3,
    };
    const three = measureRepulsion({ ...input, pairs: 10 });
    expect(three.topPairs.first.length).toBe(3);
    expect(three.ridges[0].offDiagonal.counts.reduce((sum, count) => sum + count)).toBe(3);
    const one = measureRepulsion({ ...input, features: readFrom(Float32Array.of(1, 2, 4), 1), width: 1 });
    expect([one.topPairs.first.length, one.randomPairs.first.length, one.ridges[0].identityPairs]).toEqual([
      0, 0, 0,
    ]);
    expect(one.ridges[0].identityDeviation).toBeNaN();
    expect(one.ridges[0].top.opposite).toBeNaN();
  });

  it('lets a dead unit neither repel nor attract', () => {
    const features = readFrom(Float32Array.of(1, 2, 7, 3, 1, 7, 5, 0, 7), 3);
    const input = { ...inputOf(repulsionCases[0]), features, n: 3, width: 3, pairs: 3, identityPairs: 4 };
    const { topPairs, ridges } = measureRepulsion(input);
    expect([...topPairs.cosine.subarray(1)]).toEqual([0, 0]);
    expect([...ridges[0].top.b.subarray(1)].map(Math.abs)).toEqual([0, 0]);
    expect(ridges[0].top.opposite).toBeCloseTo(1 / 3, 15);
    expect(ridges[0].identityDeviation).toBeLessThan(1e-12);
  });

  it('refuses a ridge that is negative, not a number, or 0 where G has no inverse, and says so', () => {
    const input = inputOf(repulsionCases[0]);
    const at = (value: number, more = {}) =>
      measureRepulsion({ ...input, ridges: [{ name: 'mine', value, borrowedFrom: null }], ...more });
    expect(() => at(-1)).toThrow(new RangeError('ridge mine must be >= 0; got -1'));
    expect(() => at(NaN)).toThrow(new RangeError('ridge mine must be >= 0; got NaN'));
    expect(() => at(0)).toThrow(
      new RangeError(
        'ridge mine is 0, and G is singular without one: width 64 exceeds its rank, at most n - 1 = 39',
      ),
    );
    const dead = { features: readFrom(new Float32Array(12), 2), n: 6, width: 2 };
    expect(() => at(0, dead)).toThrow(new RangeError('G + ridge I cannot be inverted at ridge 0'));
    expect(() => at(1, { ...dead, features: readFrom(new Float32Array(12).fill(NaN), 2) })).toThrow(
      RangeError,
    );
  });
});

describe('summarizePairs', () => {
  it('counts opposite signs, and negative B among positive cosines (counted by hand)', () => {
    const summary = summarizePairs(
      Float64Array.of(-2, 3, -4, 5, 0),
      Float64Array.of(0.5, -0.5, -0.1, 0.2, 0.3),
    );
    expect(summary.opposite).toBe(2 / 5);
    expect(summary.positivePairs).toBe(3);
    expect(summary.negativeGivenPositive).toBe(1 / 3);
    expect(summary.medianAbsolute).toBe(3);
  });
});
