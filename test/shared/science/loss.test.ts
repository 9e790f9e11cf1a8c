import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centredResidual, outputGradient, scoreOutputs } from '#shared/science/loss.ts';

interface LossFixture {
  classes: number;
  output: string;
  target: number[];
  loss: number;
  accuracy: number;
  gradient: number[];
  residual: number[];
}
// Oracle: float64 PyTorch 2.13 running the formulas of reference/oracle.py, the gradient by autograd; test/fixtures/pytorch/make.py.
const fixtures: LossFixture[] = JSON.parse(
  readFileSync(new URL('../../fixtures/pytorch/loss.json', import.meta.url), 'utf8'),
);
const cases = fixtures.map((fixture) => ({
  ...fixture,
  output: new Float32Array(Uint8Array.from(Buffer.from(fixture.output, 'base64')).buffer),
  target: Int32Array.from(fixture.target),
}));

function largestDifference(measured: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(measured.length).toBe(expected.length);
  return Math.max(...Array.from(measured, (value, i) => Math.abs(value - expected[i])));
}

describe.each(cases)(
  'on $target.length rows of $classes classes',
  ({ classes, output, target, ...expected }) => {
    it('scores as PyTorch, the first of equal outputs winning', () => {
      const { loss, accuracy } = scoreOutputs(output, target, classes);
      expect(Math.abs(loss / expected.loss - 1)).toBeLessThan(1e-13);
      expect(accuracy).toBe(expected.accuracy);
    });

    it('has the gradient of autograd to one float32 rounding', () => {
      const scale = Math.max(...expected.gradient.map(Math.abs));
      expect(largestDifference(outputGradient(output, target, classes), expected.gradient)).toBeLessThan(
        scale * 2 ** -24,
      );
    });

    it('has the same gradient where it is written over the outputs', () => {
      const place = output.slice();
      const gradient = outputGradient(output, target, classes);
      expect(outputGradient(place, target, classes, place)).toBe(place);
      expect(place).toEqual(gradient);
    });

    it("has the residual of the oracle's G_F", () => {
      expect(largestDifference(centredResidual(output, target, classes), expected.residual)).toBeLessThan(
        1e-13,
      );
    });
  },
);

describe('scoreOutputs', () => {
  it('is 0 for one-hot outputs and 1 - 1/M for outputs of zero', () => {
    const target = Int32Array.of(2, 0);
    expect(scoreOutputs(Float32Array.of(0, 0, 1, 1, 0, 0), target, 3).loss).toBeCloseTo(0, 15);
    const nothing = scoreOutputs(new Float32Array(6), target, 3);
    expect(nothing.loss).toBeCloseTo(2 / 3, 15);
    expect(nothing.accuracy).toBe(0.5); // class 0 wins every tie
  });

  it('does not change when a constant is added to a row, even a large one', () => {
    const outputs = fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(outputs, fc.nat(4), fc.integer({ min: -1_000_000, max: 1_000_000 }), (row, y, shift) => {
        const target = Int32Array.of(y);
        const plain = scoreOutputs(Float32Array.from(row), target, 5);
        const shifted = scoreOutputs(
          Float32Array.from(row, (o) => o + shift),
          target,
          5,
        );
        expect(Math.abs(shifted.loss - plain.loss)).toBeLessThan(1e-6);
        expect(shifted.accuracy).toBe(plain.accuracy);
      }),
      { seed: 1 },
    );
  });

  it('takes NaN for the largest output, as torch.argmax does, and has then a NaN loss', () => {
    const { loss, accuracy } = scoreOutputs(Float32Array.of(5, NaN, 9, NaN), Int32Array.of(1), 4);
    expect(loss).toBeNaN();
    expect(accuracy).toBe(1);
  });

  it('is NaN without rows', () => {
    expect(scoreOutputs(new Float32Array(0), new Int32Array(0), 3)).toEqual({ loss: NaN, accuracy: NaN });
  });
});

describe('shapes', () => {
  it.each([scoreOutputs, outputGradient, centredResidual])('are checked by %o', (measure) => {
    expect(() => measure(new Float32Array(5), Int32Array.of(0, 1), 3)).toThrow(RangeError);
  });
});
