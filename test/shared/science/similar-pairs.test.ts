import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symmetricProduct } from '#shared/science/dense.ts';
import { mostSimilarPairs } from '#shared/science/similar-pairs.ts';

describe('mostSimilarPairs', () => {
  it('are the head of a full sort by |cos|, then by index (oracle: that sort)', () => {
    // Entries of -1, 0, 1 in few rows make many equal cosines, and columns of 0.
    const columns = fc
      .integer({ min: 2, max: 30 })
      .chain((width) =>
        fc.tuple(
          fc.constant(width),
          fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 3 * width, maxLength: 3 * width }),
          fc.integer({ min: 0, max: 500 }),
        ),
      );
    fc.assert(
      fc.property(columns, ([width, entries, count]) => {
        const gram = symmetricProduct(Float64Array.from(entries), 3, width);
        const expected = everyPair(gram, width)
          .toSorted((x, y) => Math.abs(y.cosine) - Math.abs(x.cosine) || x.j - y.j || x.l - y.l)
          .slice(0, count);
        const { first, second, cosine } = mostSimilarPairs(gram, width, count);
        expect([...first]).toEqual(expected.map(({ j }) => j));
        expect([...second]).toEqual(expected.map(({ l }) => l));
        expect([...cosine]).toEqual(expected.map((pair) => pair.cosine));
      }),
      { seed: 3 },
    );
  });

  it('are found among more candidates than wait at once, though each is more similar than all before it', () => {
    const width = 150;
    const gram = new Float64Array(width * width);
    for (let j = 0; j < width; j++) {
      for (let l = 0; l < width; l++) gram[j * width + l] = j === l ? 1 : (j * width + l) / 1e5;
    }
    const { first, second } = mostSimilarPairs(gram, width, 3);
    expect([...first]).toEqual([148, 147, 147]);
    expect([...second]).toEqual([149, 149, 148]);
  });
});

function everyPair(gram: Float64Array, width: number) {
  const pairs: { j: number; l: number; cosine: number }[] = [];
  for (let j = 0; j < width; j++) {
    for (let l = j + 1; l < width; l++) {
      const scale = Math.sqrt(gram[j * width + j]) * Math.sqrt(gram[l * width + l]);
      pairs.push({ j, l, cosine: scale > 0 ? gram[j * width + l] / scale : 0 });
    }
  }
  return pairs;
}
