import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activationNames, type ActivationName } from '#shared/science/activation-name.ts';
import { activations, applyActivation, multiplyBySlope } from '#shared/science/activations.ts';

interface Table {
  value: number[];
  slope: number[];
}
// Oracles: float64 PyTorch 2.13 with autograd, and for gelu mpmath with 50 digits; test/fixtures/pytorch/make.py.
const fixture: { z: number[]; values: Record<ActivationName, Table>; geluExact: Table } = JSON.parse(
  readFileSync(new URL('../../fixtures/pytorch/activations.json', import.meta.url), 'utf8'),
);

function worst(measured: (z: number) => number, expected: number[], floor: number): number {
  const deviations = fixture.z.map((z, i) => {
    const scale = Math.max(Math.abs(expected[i]), floor);
    return Math.abs(measured(z) - expected[i]) / scale;
  });
  return Math.max(...deviations);
}

describe.each(activationNames)('%s', (name) => {
  const { value, slope } = activations[name];

  it('has the value and slope of PyTorch in float64', () => {
    expect(worst(value, fixture.values[name].value, 1)).toBeLessThan(1e-14);
    expect(worst(slope, fixture.values[name].slope, 1)).toBeLessThan(1e-14);
  });

  it('passes NaN on, so that a run that blew up cannot look idle', () => {
    expect(value(NaN)).toBeNaN();
    expect(slope(NaN)).toBeNaN();
    const h = Float32Array.of(NaN);
    const out = new Float32Array(1);
    applyActivation(name, h, out);
    expect(out[0]).toBeNaN();
    const gradient = Float32Array.of(1);
    multiplyBySlope(name, h, gradient);
    expect(gradient[0]).toBeNaN();
  });

  it('is the same over an array as value by value, rounded once to float32', () => {
    const finite = fc.float({ min: -30, max: 30, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(finite, finite)), (pairs) => {
        const h = Float32Array.from(pairs, ([z]) => z);
        const gradient = Float32Array.from(pairs, ([, g]) => g);
        const expectedOut = h.map((z) => value(z));
        const expectedGradient = gradient.map((g, i) => g * slope(h[i]));
        const out = new Float32Array(h.length);
        applyActivation(name, h, out);
        multiplyBySlope(name, h, gradient);
        // Subtracting makes 0 of -0 - 0: their sign is not part of the claim.
        expect(out.map((o, i) => o - expectedOut[i])).toEqual(new Float32Array(h.length));
        expect(gradient.map((g, i) => g - expectedGradient[i])).toEqual(new Float32Array(h.length));
      }),
      { seed: 1 },
    );
  });

  it('refuses arrays of different lengths', () => {
    expect(() => applyActivation(name, new Float32Array(3), new Float32Array(2))).toThrow(RangeError);
    expect(() => multiplyBySlope(name, new Float32Array(3), new Float32Array(4))).toThrow(RangeError);
  });
});

describe('gelu', () => {
  it('keeps a relative 1e-13 in the negative tail, where 1 + erf cancels', () => {
    expect(worst(activations.gelu.value, fixture.geluExact.value, 1e-300)).toBeLessThan(1e-13);
    expect(worst(activations.gelu.slope, fixture.geluExact.slope, 1e-300)).toBeLessThan(1e-13);
  });
});

describe('relu', () => {
  it('passes no gradient through an idle feature, not even an infinite one', () => {
    const gradient = Float32Array.of(Infinity, Infinity, 3);
    multiplyBySlope('relu', Float32Array.of(-1, 0, 2), gradient);
    expect([...gradient]).toEqual([0, 0, 3]);
  });
});
