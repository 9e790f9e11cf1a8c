import { describe, expect, it } from 'vitest';
import { plainAlgebra, type DenseAlgebra } from '#shared/science/dense.ts';
import { centreColumns } from '#shared/science/gram.ts';
import { identityDeviation } from '#shared/science/identity-check.ts';
import { repulsionMatrices } from '#shared/science/repulsion.ts';
import { inputOf, repulsionCases } from './repulsion-fixture.ts';

describe('identityDeviation', () => {
  it.each(repulsionCases)('finds Theorem 6 to hold to 1e-9 for $n x $width random features', (fixture) => {
    for (const { ridge } of fixture.ridges) {
      const input = identityInput(fixture, ridge);
      expect(identityDeviation(input, plainAlgebra)).toBeLessThan(1e-9);
    }
  });

  it('finds it for numbers that numpy agrees on: B and -S_jl / det S by brute-force projectors', () => {
    for (const { ridges, top, ...fixture } of repulsionCases) {
      for (const { ridge, b, theorem } of ridges) {
        const measured = identityInput({ ...fixture, ridges, top }, ridge).b;
        top.pairs.forEach(([j, l], i) => {
          expect(measured[j * fixture.width + l] / b[i]).toBeCloseTo(1, 9);
          expect(measured[j * fixture.width + l] / theorem[i]).toBeCloseTo(1, 9);
        });
      }
    }
  });

  it.each([1e-6, 0.01, 2])('shows one entry of B that is wrong by a factor 1 + %d', (error) => {
    const input = identityInput(repulsionCases[0], 0.01);
    const at = input.pairs.first[4] * input.width + input.pairs.second[4];
    input.b[at] *= 1 + error;
    expect(identityDeviation(input, plainAlgebra)).toBeCloseTo(error / (1 + error), 9);
  });

  it('shows a wrong power of the ridge: B / ridge keeps every sign, and is off by its own size', () => {
    const input = identityInput(repulsionCases[1], 0.01);
    const deviation = identityDeviation({ ...input, b: input.b.map((value) => value / 0.01) }, plainAlgebra);
    expect(deviation).toBeCloseTo(0.99, 6);
  });

  it("shows a G that is not F'F, though B is its exact inverse", () => {
    const wrong: DenseAlgebra = {
      ...plainAlgebra,
      symmetricProduct: (features, n, width) => {
        const gram = plainAlgebra.symmetricProduct(features, n, width);
        gram[3 * width + 7] *= 1.001;
        gram[7 * width + 3] *= 1.001;
        return gram;
      },
    };
    for (const fixture of repulsionCases) {
      expect(identityDeviation(identityInput(fixture, 2, wrong), plainAlgebra)).toBeGreaterThan(1e-6);
    }
  });

  it('is NaN, not agreement, when B is, and when there is no pair', () => {
    const input = identityInput(repulsionCases[0], 2);
    const none = { first: new Int32Array(0), second: new Int32Array(0) };
    expect(identityDeviation({ ...input, pairs: none }, plainAlgebra)).toBeNaN();
    input.b[input.pairs.first[0] * input.width + input.pairs.second[0]] = NaN;
    expect(identityDeviation(input, plainAlgebra)).toBeNaN();
  });

  it('needs no others: with two hidden units S is G + ridge I itself', () => {
    const features = Float32Array.of(1, 2, 3, 1, 0, 5);
    const ridge = { name: 'one', value: 1, borrowedFrom: null };
    const matrices = repulsionMatrices({ features, n: 3, width: 2, ridge });
    const pairs = { first: Int32Array.of(0), second: Int32Array.of(1) };
    const centred = centreColumns(features, 3, 2);
    const input = { features: centred, n: 3, width: 2, ...matrices, ridge: 1, pairs };
    expect(identityDeviation(input, plainAlgebra)).toBeLessThan(1e-14);
  });
});

function identityInput(
  fixture: (typeof repulsionCases)[number],
  ridge: number,
  algebra: DenseAlgebra = plainAlgebra,
) {
  const { features, n, width } = inputOf(fixture);
  const named = { name: String(ridge), value: ridge, borrowedFrom: null };
  return {
    features: centreColumns(features, n, width),
    n,
    width,
    ...repulsionMatrices({ features, n, width, ridge: named }, algebra),
    ridge,
    pairs: {
      first: Int32Array.from(fixture.top.pairs, ([j]) => j),
      second: Int32Array.from(fixture.top.pairs, ([, l]) => l),
    },
  };
}
