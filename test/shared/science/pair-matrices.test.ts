import { describe, expect, it } from 'vitest';
import { readFrom } from '#shared/science/gram-algebra.ts';
import { pairMatrices, unitFacts } from '#shared/science/pair-matrices.ts';
import { measureRepulsion } from '#shared/science/repulsion.ts';
import { entryOf } from '#shared/science/symmetric-matrix.ts';
import { inputOf, repulsionCases } from './repulsion-fixture.ts';

describe('pairMatrices', () => {
  it('inverts a 3 x 3 matrix as one does by hand', () => {
    // Columns (1,-1,0,0), (1,0,-1,0) and (0,0,1,-1) have mean 0, so G = [[2,1,0],[1,2,-1],[0,-1,2]], and with ridge 1
    // [[3,1,0],[1,3,-1],[0,-1,3]]: determinant 21, adjugate [[8,-3,-1],[-3,9,3],[-1,3,8]].
    const features = readFrom(Float32Array.of(1, 1, 0, -1, 0, 0, 0, -1, 1, 0, 0, -1), 3);
    const ridge = { name: '1', value: 1, borrowedFrom: null };
    const { b, cosine } = pairMatrices({ features, n: 4, width: 3, ridge });
    const expected = [8, -3, -1, 9, 3, 8].map((entry) => entry / 21);
    expect(b.upper).toHaveLength(6);
    b.upper.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 14));
    expect([...cosine.upper].map((value) => Number(value.toFixed(14)))).toEqual([1, 0.5, 0, 1, -0.5, 1]);
  });

  it('has the numbers of a probe at its pairs, to the bit', () => {
    const input = inputOf(repulsionCases[1]);
    const probe = measureRepulsion(input);
    const { b, cosine } = pairMatrices({ ...input, ridge: input.ridges[0] });
    for (const [pairs, values] of [
      [probe.topPairs, probe.ridges[0].top.b],
      [probe.randomPairs, probe.ridges[0].random.b],
    ] as const) {
      pairs.first.forEach((j, i) => {
        expect(entryOf(b, j, pairs.second[i])).toBe(values[i]);
        expect(entryOf(cosine, j, pairs.second[i])).toBe(pairs.cosine[i]);
      });
    }
  });
});

describe('unitFacts', () => {
  it('ends its scales at the largest pair, which is no unit with itself', () => {
    const input = inputOf(repulsionCases[0]);
    const matrices = pairMatrices({ ...input, ridge: input.ridges[0] });
    const W = Float32Array.from({ length: 14 * input.width }, (_, i) => Math.sin(i));
    const { quantiles, cluster, frequency } = unitFacts(matrices, W, 7);
    let largest = 0;
    for (let j = 0; j < input.width; j++) {
      for (let l = 0; l < j; l++) largest = Math.max(largest, Math.abs(entryOf(matrices.cosine, j, l)));
    }
    expect(quantiles.cosine.at(-1)).toBe(largest);
    expect(new Set(cluster).size).toBe(input.width);
    expect(frequency).toHaveLength(input.width);
  });
});
