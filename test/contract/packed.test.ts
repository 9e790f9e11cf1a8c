// The oracle is the value itself: JSON and bytes there, the same value back.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, unpack } from '#shared/contract/packed.ts';

function travel(value: unknown): unknown {
  const { value: rest, places, bytes } = pack(value);
  const text = JSON.stringify({ rest, places });
  const read: { rest: unknown; places: typeof places } = JSON.parse(text);
  return unpack({ value: read.rest, places: read.places, bytes });
}

describe('packing', () => {
  it.each([
    ['a number JSON cannot write', Number.NaN],
    ['an array', Float64Array.of(1, Number.NaN, -0, Number.NEGATIVE_INFINITY, 5e-324)],
    ['no points', new Float64Array()],
    [
      'integers of odd length before floats',
      { first: Int32Array.of(-1, 2, 3), cosine: Float64Array.of(0.1 + 0.2) },
    ],
    ['a part of a larger array', new Float64Array([9, 8, 7, 6]).subarray(1, 3)],
    [
      'numbers deep inside',
      [{ a: [null, { b: -0, c: Number.POSITIVE_INFINITY, d: 1 / 3 }] }, 'text', true, null],
    ],
    ['names that look like ours', { value: { places: [Number.NaN], bytes: 'x' }, '0': -0 }],
  ])('%s comes back as it was', (_, value) => {
    expect(travel(value)).toStrictEqual(value);
  });

  it('anything of plain objects, arrays and numbers comes back as it was', () => {
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.double(),
        fc.string(),
        fc.boolean(),
        fc.constant(null),
        fc.float64Array(),
        fc.int32Array(),
        fc.array(tie('value'), { maxLength: 4 }),
        // JSON.parse and Object.fromEntries alike make `__proto__` an own key; assigning to it would not.
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, (sample) => {
        expect(travel(sample)).toStrictEqual(sample);
      }),
      { seed: 20260518, numRuns: 300 },
    );
  });

  it('leaves what it is given as it is', () => {
    const value = { epochs: Float64Array.of(1, 2), rate: Number.NaN };
    pack(value);
    expect(value).toStrictEqual({ epochs: Float64Array.of(1, 2), rate: Number.NaN });
  });

  it.each([
    ['a place the value does not have', ['b']],
    ['a place inside a number', ['a', 'c']],
    ['a place on a prototype', ['constructor', 'name']],
  ])('refuses %s', (_, path) => {
    const packed = {
      value: { a: 1 },
      places: [{ kind: 'number', start: 0, length: 1, path }],
      bytes: new Uint8Array(8),
    } as const;
    expect(() => unpack(packed)).toThrow(RangeError);
  });

  it('refuses bytes that are too few', () => {
    const places = [{ kind: 'float64', start: 0, length: 2, path: ['a'] }] as const;
    expect(() => unpack({ value: { a: null }, places, bytes: new Uint8Array(8) })).toThrow(RangeError);
  });
});
