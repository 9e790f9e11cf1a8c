// Oracle: the loops of the science, to the bit; themselves held to PyTorch and numpy (test/shared/science).
import { describe, expect, it } from 'vitest';
import { adamRates } from '#shared/science/adam-step.ts';
import { plainLoops } from '#shared/science/loops.ts';
import type { OptimizerSettings } from '#shared/science/optimizer-settings.ts';
import { packColumns, packRows } from '#shared/science/panels.ts';
import type { Panels } from '#shared/science/panels.ts';
import { MersenneTwister } from '#shared/science/random.ts';
import { loadNative } from '#main/trainer/engines/native/load-native.ts';
import type { Loops } from '#shared/science/loops.ts';
import { hasNative } from './available-engines.ts';

/** Over nine decades and both signs, so that sums round. */
function noise(count: number, seed: number): Float64Array {
  const generator = new MersenneTwister(seed);
  return Float64Array.from({ length: count }, () => {
    const value = generator.uint32() / 2 ** 31 - 1;
    return value * 10 ** ((generator.uint32() % 9) - 6);
  });
}

const layer = (count: number, seed: number): Float32Array => Float32Array.from(noise(count, seed));
const bitsOf = (values: Float32Array | Float64Array): Uint8Array => new Uint8Array(values.buffer.slice(0));

/** The first of each is the science's, the second the addon's. */
function both<T>(run: (loops: Loops) => T): [T, T] {
  return [run(plainLoops), run(loadNative().loops)];
}

const adam: OptimizerSettings = {
  kind: 'adam',
  learningRate: 1e-3,
  weightDecay: 2e-4,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  momentum: 0,
};

describe.skipIf(!hasNative)('the loops of the addon give the bits of the science’s', () => {
  // Around the eight floats of a vector.
  it.each([0, 1, 7, 8, 9, 1003])('adam and adamw on %i weights, three steps', (count) => {
    for (const kind of ['adam', 'adamw'] as const) {
      const [expected, actual] = both(({ stepAdam }) => {
        const [w, m, v, update] = [
          layer(count, 1),
          layer(count, 2),
          layer(count, 3).map(Math.abs),
          layer(count, 9),
        ];
        for (let step = 1; step <= 3; step++)
          stepAdam(adamRates({ ...adam, kind }, step), w, layer(count, 3 + step), m, v, update);
        return [w, m, v, update].map(bitsOf);
      });
      expect(actual).toEqual(expected);
    }
  });

  it('adam where weights and gradients are zero, infinite or no number', () => {
    const odd = Float32Array.of(0, -0, Infinity, -Infinity, NaN, 1e-45, 3e38, 1);
    const [expected, actual] = both(({ stepAdam }) => {
      const w = Float32Array.from({ length: 64 }, (_, i) => odd[i % 8]);
      const gradient = Float32Array.from({ length: 64 }, (_, i) => odd[i >> 3]);
      const [m, v, update] = [new Float32Array(64), new Float32Array(64), new Float32Array(64)];
      stepAdam(adamRates(adam, 1), w, gradient, m, v, update);
      return [w, m, v, update].map((values) => [...values]);
    });
    expect(actual).toEqual(expected);
  });

  // Around the chunk of 4096 and the four numbers, and groups of four others.
  it.each([
    [1, 1],
    [4095, 3],
    [4096, 4],
    [8195, 20],
    [33, 70],
  ])('dot products of %i numbers with %i others', (length, count) => {
    const others = Array.from({ length: count }, (_, i) => layer(length, 10 + i));
    const [expected, actual] = both(({ dotProducts }) => dotProducts(layer(length, 5), others));
    expect(actual).toEqual(expected);
  });

  it.each([
    [1, 1, 1],
    [71, 71, 128],
    [23, 30, 17],
    [9, 270, 40],
    [270, 9, 5],
  ])('products of %i with %i vectors of %i numbers', (rows, columns, length) => {
    for (const scale of [1, -1, 0.3]) {
      const [expected, actual] = both(({ addProducts }) => {
        const data = noise(rows * (columns + 3) + 5, 4);
        const left = packRows({ data: noise(rows * length, 1), offset: 0, stride: length }, rows, length);
        const right = packColumns(
          { data: noise(length * columns, 2), offset: 0, stride: columns },
          length,
          columns,
        );
        addProducts({ data, offset: 5, stride: columns + 3 }, left, right, scale, 'all');
        return data;
      });
      expect(actual).toEqual(expected);
    }
  });

  it.each([1, 4, 6, 71, 301])('the lower half of a product of %i vectors with themselves', (count) => {
    const [expected, actual] = both(({ addProducts }) => {
      const data = new Float64Array(count * count);
      const panels = packColumns({ data: noise(50 * count, 6), offset: 0, stride: count }, 50, count);
      addProducts({ data, offset: 0, stride: count }, panels, panels, 1, 'lower');
      return data.map((value, at) => (at % count <= Math.floor(at / count) ? value : 0));
    });
    expect(actual).toEqual(expected);
  });
});

const panelsOf = (count: number, length: number): Panels =>
  packRows({ data: noise(count * length, 1), offset: 0, stride: length }, count, length);

describe.skipIf(!hasNative)('a loop of the addon', () => {
  const { loops } = hasNative ? loadNative() : { loops: plainLoops };

  it('refuses arrays that do not fit each other, and writes nothing', () => {
    const [w, update] = [layer(8, 1), layer(8, 2)];
    const before = bitsOf(w);
    const short = new Float32Array(7);
    expect(() => loops.stepAdam(adamRates(adam, 1), w, short, update, update, update)).toThrow('do not fit');
    expect(() => loops.dotProducts(w, [update, short])).toThrow('do not fit');
    const small = { data: new Float64Array(15), offset: 0, stride: 4 };
    expect(() => loops.addProducts(small, panelsOf(4, 3), panelsOf(4, 3), 1, 'all')).toThrow('do not fit');
    expect(() =>
      loops.addProducts({ ...small, offset: -1 }, panelsOf(2, 3), panelsOf(2, 3), 1, 'all'),
    ).toThrow('do not fit');
    const lying = { ...panelsOf(4, 3), length: 4 };
    expect(() =>
      loops.addProducts({ ...small, data: new Float64Array(16) }, panelsOf(4, 4), lying, 1, 'all'),
    ).toThrow('do not fit');
    expect(bitsOf(w)).toEqual(before);
  });

  it('refuses arrays of another type', () => {
    const doubles = new Float64Array(8);
    // @ts-expect-error What TypeScript refuses, a caller from elsewhere may do.
    expect(() => loops.dotProducts(doubles, [layer(8, 1)])).toThrow(TypeError);
  });
});
