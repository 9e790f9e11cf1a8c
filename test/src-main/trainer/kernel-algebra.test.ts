// Oracle: the plain algebra (itself held to definitions and numpy).
import { describe, expect, it } from 'vitest';
import { plainAlgebra, readFrom } from '#shared/science/gram-algebra.ts';
import type { FeatureMatrix } from '#shared/science/gram-algebra.ts';
import { MersenneTwister } from '#shared/science/random.ts';
import { measureRepulsion } from '#shared/science/repulsion.ts';
import { loadNative } from '#main/trainer/engines/native/load-native.ts';
import { kernelAlgebra } from '#main/trainer/engines/wasm/kernel-algebra.ts';
import { loadKernels } from '#main/trainer/engines/wasm/load-kernels.ts';
import { hasNative } from './available-engines.ts';
import { relativeDifference } from '../../shared/science/numpy-fixture.ts';

function noise(count: number, seed: number): Float64Array {
  const generator = new MersenneTwister(seed);
  return Float64Array.from({ length: count }, () => generator.uint32() / 2 ** 31 - 1);
}

function features(n: number, width: number, change?: (values: Float32Array) => void): FeatureMatrix {
  const values = Float32Array.from(noise(n * width, 1));
  change?.(values);
  return { features: readFrom(values, width), n, width };
}

/** Entries (j, l) with j <= l, or with j >= l: what is beside them does not count. */
function triangle(which: 'upper' | 'lower', matrix: Float64Array, width: number): Float64Array {
  return matrix.filter((_, at) => {
    const offset = (at % width) - Math.floor(at / width);
    return which === 'upper' ? offset >= 0 : offset <= 0;
  });
}

/** Around the tiles of 6 x 4, the rows of 8 and the blocks of 120 and 240. */
const shapes = [
  [3, 1],
  [30, 2],
  [239, 7],
  [241, 119],
  [130, 120],
  [500, 121],
  [40, 259],
] as const;

const builds = [
  { name: 'relaxed', load: () => loadKernels('relaxed') },
  { name: 'simd', load: () => loadKernels('simd') },
  ...(hasNative ? [{ name: 'with the products of the addon', load: loadNative }] : []),
];

describe.skipIf(!hasNative)('the products of the addon', () => {
  it.each(shapes)('give the bits of the kernels alone for F (%i x %i)', (n, width) => {
    const [native, alone] = [loadNative, loadKernels].map((load) =>
      kernelAlgebra(() => load())(features(n, width)),
    );
    expect(triangle('upper', native.gram, width)).toEqual(triangle('upper', alone.gram, width));
    for (const algebra of [native, alone]) algebra.factor(1);
    const vectors = noise(4 * width, 2);
    expect(native.solve(vectors)).toEqual(alone.solve(vectors));
    expect(triangle('lower', native.invert(), width)).toEqual(triangle('lower', alone.invert(), width));
  });
});

describe.each(builds)('the algebra on the kernels, $name', ({ load }) => {
  const open = kernelAlgebra(load);

  it.each(shapes)('multiplies F (%i x %i) with itself', (n, width) => {
    const [gram, expected] = [open, plainAlgebra].map((by) =>
      triangle('upper', by(features(n, width)).gram, width),
    );
    expect(relativeDifference(gram, expected)).toBeLessThan(1e-14);
  });

  it.each(shapes)('factors, solves and inverts G + I of F (%i x %i)', (n, width) => {
    const [algebra, expected] = [open(features(n, width)), plainAlgebra(features(n, width))];
    algebra.factor(1);
    expected.factor(1);
    // Not all of the counts are a multiple of the four vectors that kernels take, or fit into the 32 they take at once.
    for (const count of [1, 4, 35]) {
      const vectors = noise(count * width, 2);
      const solved = expected.solve(vectors);
      expect(relativeDifference(algebra.solve(vectors), solved)).toBeLessThan(1e-12);
    }
    const gram = triangle('upper', algebra.gram, width);
    const [inverse, byDefinition] = [algebra, expected].map((by) => triangle('lower', by.invert(), width));
    expect(relativeDifference(inverse, byDefinition)).toBeLessThan(1e-12);
    expect(triangle('upper', algebra.gram, width)).toEqual(gram);
  });

  it.each(shapes)('combines the columns of F (%i x %i)', (n, width) => {
    for (const count of [1, 4, 35]) {
      const vectors = noise(count * width, 3);
      const combined = plainAlgebra(features(n, width)).combine(vectors);
      expect(relativeDifference(open(features(n, width)).combine(vectors), combined)).toBeLessThan(1e-14);
    }
  });

  it('factors again at another ridge, from the same G', () => {
    const [algebra, fresh] = [open(features(50, 40)), open(features(50, 40))];
    for (const ridge of [1, 0.25]) {
      algebra.factor(ridge);
      if (ridge === 1) algebra.invert();
    }
    fresh.factor(0.25);
    expect(triangle('lower', algebra.invert(), 40)).toEqual(triangle('lower', fresh.invert(), 40));
  });

  it('gives each probe a memory of its own', () => {
    const { gram } = open(features(30, 20));
    const before = gram.slice();
    open(features(60, 20)).factor(1);
    expect(gram).toEqual(before);
  });

  it('has room for a matrix, of which G and its inverse take a triangle each, and a third of one', () => {
    const loaded = load();
    kernelAlgebra(() => loaded)(features(2, 2048));
    expect(loaded.kernels.memory.buffer.byteLength).toBeLessThan((4 / 3) * 8 * 2048 ** 2);
  });

  it('names the first pivot that is not positive', () => {
    const opened = open(features(200, 150));
    expect(() => opened.factor(-1000)).toThrow(/^matrix is not positive definite: pivot 0 of 150 is -/);
    // The last unit is dead, so that its pivot is the ridge itself, within rounding.
    const last = features(200, 150, (values) => {
      for (let row = 0; row < 200; row++) values[row * 150 + 149] = 0;
    });
    expect(() => open(last).factor(-1e-3)).toThrow(
      /^matrix is not positive definite: pivot 149 of 150 is -0\.001/,
    );
    expect(() => open(features(2, 1, (values) => values.fill(NaN))).factor(1)).toThrow(RangeError);
  });

  it('measures the repulsion that the plain algebra measures, and passes the identity check', () => {
    const input = {
      features: readFrom(Float32Array.from(noise(150 * 130, 7)), 130),
      n: 150,
      width: 130,
      epoch: 3,
      seed: 1,
      pairs: 20,
      randomPairs: 50,
      identityPairs: 6,
      ridges: [{ name: 'number', value: 0.01, borrowedFrom: null }],
    };
    const [actual, expected] = [measureRepulsion(input, open), measureRepulsion(input)];
    expect(actual.topPairs.first).toEqual(expected.topPairs.first);
    expect(relativeDifference(actual.ridges[0].top.b, expected.ridges[0].top.b)).toBeLessThan(1e-11);
    expect(actual.ridges[0].top.opposite).toBe(expected.ridges[0].top.opposite);
    expect(actual.ridges[0].identityDeviation).toBeLessThan(1e-10);
  });
});
