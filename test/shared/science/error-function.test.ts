import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scaledErfc } from '#shared/science/error-function.ts';

// Oracle: mpmath with 50 digits, test/fixtures/pytorch/make.py.
const { scaledErfc: fixture }: { scaledErfc: { x: number[]; value: number[] } } = JSON.parse(
  readFileSync(new URL('../../fixtures/pytorch/activations.json', import.meta.url), 'utf8'),
);

describe('scaledErfc', () => {
  it('equals exp(x^2) erfc(x) to a relative 1e-15 from 0 to 25', () => {
    const deviations = fixture.x.map((x, i) => Math.abs(scaledErfc(x) / fixture.value[i] - 1));
    expect(Math.max(...deviations)).toBeLessThan(1e-15);
  });

  it('tends to 1 / (x sqrt(pi)), the first term of its asymptotic series', () => {
    expect(scaledErfc(1e9) * 1e9 * Math.sqrt(Math.PI)).toBeCloseTo(1, 14);
    expect(scaledErfc(Infinity)).toBe(0);
  });

  it('passes NaN on', () => {
    expect(scaledErfc(NaN)).toBeNaN();
  });
});
