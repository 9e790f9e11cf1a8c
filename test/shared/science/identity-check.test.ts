import { describe, expect, it } from 'vitest';
import { plainAlgebra, readFrom } from '#shared/science/gram-algebra.ts';
import type { OpenAlgebra } from '#shared/science/gram-algebra.ts';
import { identityDeviation, pairForms } from '#shared/science/identity-check.ts';
import { inputOf, repulsionCases } from './repulsion-fixture.ts';

const wrongGram: OpenAlgebra = (input) => {
  const algebra = plainAlgebra(input);
  algebra.gram[3 * input.width + 7] *= 1.001;
  algebra.gram[7 * input.width + 3] *= 1.001;
  return algebra;
};

const wrongFactor: OpenAlgebra = (input) => {
  const algebra = plainAlgebra(input);
  return { ...algebra, factor: (ridge) => algebra.factor(ridge * (1 + 1e-4)) };
};

const wrongSolve: OpenAlgebra = (input) => {
  const algebra = plainAlgebra(input);
  const solve = (vectors: Float64Array): Float64Array =>
    algebra.solve(vectors).map((value, i) => value * (1 + 0.01 * Math.sin(i)));
  return { ...algebra, solve };
};

describe('identityDeviation', () => {
  it.each(repulsionCases)('finds Theorem 6 to hold to 1e-9 for $n x $width random features', (fixture) => {
    for (const { ridge } of fixture.ridges) {
      expect(deviationOf(checkOf(fixture, ridge))).toBeLessThan(1e-9);
    }
  });

  it('finds it for numbers that numpy agrees on: B and -S_jl / det S by brute-force projectors', () => {
    for (const { ridges, top, ...fixture } of repulsionCases) {
      for (const { ridge, b, theorem } of ridges) {
        const check = checkOf({ ...fixture, ridges, top }, ridge);
        top.pairs.forEach(([j, l], i) => {
          const { jj, jl, ll } = check.forms[i];
          const at = placeOf(j, l, fixture.width);
          expect(check.b[at] / b[i]).toBeCloseTo(1, 9);
          expect(check.b[at] / theorem[i]).toBeCloseTo(1, 9);
          expect(-jl / (jj * ll - jl * jl) / theorem[i]).toBeCloseTo(1, 9);
        });
      }
    }
  });

  it.each([1e-6, 0.01, 2])('shows one entry of B that is wrong by a factor 1 + %d', (error) => {
    const check = checkOf(repulsionCases[0], 0.01);
    check.b[placeOf(check.pairs.first[4], check.pairs.second[4], check.width)] *= 1 + error;
    expect(deviationOf(check)).toBeCloseTo(error / (1 + error), 9);
  });

  it('shows a wrong power of the ridge: B / ridge keeps every sign, and is off by its own size', () => {
    const check = checkOf(repulsionCases[1], 0.01);
    expect(deviationOf({ ...check, b: check.b.map((value) => value / 0.01) })).toBeCloseTo(0.99, 6);
  });

  it("shows a G that is not F'F, though B is its exact inverse", () => {
    for (const fixture of repulsionCases) {
      expect(deviationOf(checkOf(fixture, 2, wrongGram))).toBeGreaterThan(1e-6);
    }
  });

  it('shows a factor that is not of G + ridge I, though B is the exact inverse of its product', () => {
    for (const fixture of repulsionCases) {
      expect(deviationOf(checkOf(fixture, 2, wrongFactor))).toBeGreaterThan(1e-6);
    }
  });

  it('shows a solve that is wrong: a form is least at the true one', () => {
    const [fixture] = repulsionCases;
    const [right, off] = [checkOf(fixture, 2).forms, checkOf(fixture, 2, wrongSolve).forms];
    right.forEach(({ jj, ll }, i) => {
      expect(off[i].jj).toBeGreaterThan(jj);
      expect(off[i].ll).toBeGreaterThan(ll);
    });
    expect(deviationOf(checkOf(fixture, 2, wrongSolve))).toBeGreaterThan(1e-6);
  });

  it('is NaN, not agreement, when B is, and when there is no pair', () => {
    const check = checkOf(repulsionCases[0], 2);
    const none = { first: new Int32Array(0), second: new Int32Array(0) };
    expect(deviationOf({ ...check, forms: [], pairs: none })).toBeNaN();
    check.b[placeOf(check.pairs.first[0], check.pairs.second[0], check.width)] = NaN;
    expect(deviationOf(check)).toBeNaN();
  });

  it('needs no others: with two hidden units S is G + ridge I itself', () => {
    const algebra = plainAlgebra({
      features: readFrom(Float32Array.of(1, 2, 3, 1, 0, 5), 2),
      n: 3,
      width: 2,
    });
    algebra.factor(1);
    const pairs = { first: Int32Array.of(0), second: Int32Array.of(1) };
    const forms = pairForms(algebra, 2, 1, pairs);
    expect(forms[0].jj).toBeCloseTo(algebra.gram[0] + 1, 13);
    expect(forms[0].jl).toBeCloseTo(algebra.gram[1], 13);
    expect(identityDeviation(forms, algebra.invert(), 2, pairs)).toBeLessThan(1e-14);
  });
});

/** In the lower triangle. */
function placeOf(j: number, l: number, width: number): number {
  return Math.max(j, l) * width + Math.min(j, l);
}

function checkOf(fixture: (typeof repulsionCases)[number], ridge: number, open: OpenAlgebra = plainAlgebra) {
  const input = inputOf(fixture);
  const algebra = open(input);
  algebra.factor(ridge);
  const pairs = {
    first: Int32Array.from(fixture.top.pairs, ([j]) => j),
    second: Int32Array.from(fixture.top.pairs, ([, l]) => l),
  };
  const forms = pairForms(algebra, input.width, ridge, pairs);
  return { forms, b: algebra.invert(), width: input.width, pairs };
}

function deviationOf({ forms, b, width, pairs }: ReturnType<typeof checkOf>): number {
  return identityDeviation(forms, b, width, pairs);
}
