import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rows } from '#shared/science/network.ts';
import { splitModularAddition } from '#shared/science/tasks.ts';

interface SplitFixture {
  modulus: number;
  train: number;
  seed: number;
  trainRows: Record<keyof Rows, string>;
  testRows: Record<keyof Rows, string>;
}
// Oracle: torch.cartesian_prod and torch.randperm of PyTorch 2.13, test/fixtures/pytorch/make.py.
const fixtures: SplitFixture[] = JSON.parse(
  readFileSync(new URL('../../fixtures/pytorch/splits.json', import.meta.url), 'utf8'),
);

function sha256(values: Int32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');
}

function digests(rows: Rows): Record<keyof Rows, string> {
  return { a: sha256(rows.a), b: sha256(rows.b), target: sha256(rows.target) };
}

describe('splitModularAddition', () => {
  it.each(fixtures)('splits M=$modulus, n=$train, seed $seed as PyTorch', (fixture) => {
    const split = splitModularAddition(fixture.modulus, fixture.train, fixture.seed);
    expect(digests(split.train)).toEqual(fixture.trainRows);
    expect(digests(split.test)).toEqual(fixture.testRows);
  });

  it('uses every pair exactly once, with target (a + b) mod M', () => {
    const sizes = fc
      .integer({ min: 2, max: 15 })
      .chain((modulus) => fc.tuple(fc.constant(modulus), fc.integer({ min: 1, max: modulus * modulus })));
    fc.assert(
      fc.property(sizes, fc.nat(), ([modulus, train], seed) => {
        const split = splitModularAddition(modulus, train, seed);
        expect(split.train.a).toHaveLength(train);
        const seen = new Set<number>();
        for (const { a, b, target } of [split.train, split.test]) {
          for (let i = 0; i < a.length; i++) {
            seen.add(a[i] * modulus + b[i]);
            expect((a[i] + b[i] - target[i]) % modulus).toBe(0);
            expect(target[i]).toBeLessThan(modulus);
          }
        }
        expect(seen.size).toBe(modulus * modulus);
      }),
      { seed: 1 },
    );
  });

  it('leaves nothing to test when all M^2 pairs train', () => {
    expect(splitModularAddition(5, 25, 0).test.a).toHaveLength(0);
  });

  it.each([
    [1, 1, 'modulus must be an integer >= 2, got 1'],
    [2.5, 1, 'got 2.5'],
    [5, 26, 'train must be an integer in 1..25 (modulus 5 squared), got 26'],
    [5, 0, 'got 0'],
    [5, NaN, 'got NaN'],
  ])('refuses modulus %d with %d training rows and shows the value', (modulus, train, message) => {
    expect(() => splitModularAddition(modulus, train, 0)).toThrow(message);
  });
});
