import { describe, expect, it } from 'vitest';
import { dominantFrequencies, frequencyOrder } from '#shared/science/dominant-frequency.ts';

/** Columns as functions of a, in the first M rows of W [2M, width]; the rows of b hold something else altogether. */
function weights(modulus: number, columns: readonly ((a: number) => number)[]): Float32Array {
  const W = new Float32Array(2 * modulus * columns.length).fill(7);
  for (let a = 0; a < modulus; a++) {
    columns.forEach((column, k) => (W[a * columns.length + k] = column(a)));
  }
  return W;
}

const wave =
  (modulus: number, f: number, phase = 0.3) =>
  (a: number): number =>
    Math.cos((2 * Math.PI * f * a) / modulus + phase);

describe('dominantFrequencies', () => {
  it.each([31, 32])('finds the one frequency that was planted, whatever its phase, modulo %i', (modulus) => {
    const planted = Array.from({ length: Math.floor(modulus / 2) }, (_, i) => i + 1);
    const columns = planted.map((f) => wave(modulus, f, 0.1 * f));
    const { frequency, concentration } = dominantFrequencies(
      weights(modulus, columns),
      modulus,
      columns.length,
    );
    expect([...frequency]).toEqual(planted);
    // Only float32 rounding of the weights is left beside it.
    for (const share of concentration) expect(share).toBeGreaterThan(1 - 1e-12);
  });

  it('gives each of two waves the share of its squared amplitude, by Parseval', () => {
    const modulus = 13;
    const [loud, soft] = [wave(modulus, 5), wave(modulus, 2)];
    const found = dominantFrequencies(weights(modulus, [(a) => 100 + 3 * loud(a) - 2 * soft(a)]), modulus, 1);
    expect(found.frequency[0]).toBe(5);
    // The mean, 100, is no frequency.
    expect(found.concentration[0]).toBeCloseTo(9 / 13, 6);
  });

  it('counts the middle frequency of an even modulus once: it is its own mirror', () => {
    // (-1)^a has variance 1, and cos(2 pi a / 8) of amplitude 1.4 has 0.98: the middle one carries more.
    const modulus = 8;
    const found = dominantFrequencies(
      weights(modulus, [(a) => (-1) ** a + 1.4 * wave(modulus, 1, 0)(a)]),
      modulus,
      1,
    );
    expect(found.frequency[0]).toBe(4);
    expect(found.concentration[0]).toBeCloseTo(1 / 1.98, 6);
  });

  it('has no frequency for a constant unit', () => {
    const found = dominantFrequencies(weights(7, [() => 0.1, wave(7, 2), () => 0]), 7, 3);
    expect([...found.frequency]).toEqual([0, 2, 0]);
    expect([...found.concentration].map(Number.isNaN)).toEqual([true, false, true]);
  });

  it('refuses weights that are too few', () => {
    expect(() => dominantFrequencies(new Float32Array(5), 3, 2)).toThrow(/at least 3 rows of 2.*5 entries/);
    expect(() => dominantFrequencies(new Float32Array(5), 1, 2)).toThrow(/modulus must be >= 2; got 1/);
  });
});

describe('frequencyOrder', () => {
  it('goes by frequency, then by concentration, then by index, with constant units last', () => {
    const frequency = Int32Array.of(0, 3, 1, 3, 3, 0, 1);
    const concentration = Float64Array.of(NaN, 0.5, 0.2, 0.9, 0.5, NaN, 0.4);
    expect([...frequencyOrder({ frequency, concentration })]).toEqual([6, 2, 3, 1, 4, 0, 5]);
  });
});
