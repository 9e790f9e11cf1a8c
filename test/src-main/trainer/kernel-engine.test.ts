// Oracle: the plain engine, whose sums run in float64, on the same weights.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { activationNames } from '#shared/science/activation-name.ts';
import type { ActivationName } from '#shared/science/activation-name.ts';
import { outputGradient } from '#shared/science/loss.ts';
import type { Weights } from '#shared/science/network.ts';
import { initialWeights } from '#shared/science/random.ts';
import { PlainEngine } from '#main/trainer/engines/plain.ts';
import { loadNative } from '#main/trainer/engines/native/load-native.ts';
import { loadKernels } from '#main/trainer/engines/wasm/load-kernels.ts';
import type { LoadedKernels } from '#main/trainer/engines/wasm/load-kernels.ts';
import { hasNative } from './available-engines.ts';
import { KernelEngine } from '#main/trainer/engines/wasm/kernel-engine.ts';
import type { Engine, EngineTask } from '#main/trainer/engines/engine.ts';
import { engineTask } from '#main/trainer/train.ts';

interface Shape {
  readonly modulus: number;
  readonly width: number;
  readonly train: number;
}

/** None but the first is a multiple of the tile's 6 x 8, of the 96 rows of a pass or of the 32 panels of one. */
const shapes: readonly Shape[] = [
  { modulus: 24, width: 192, train: 288 },
  { modulus: 7, width: 16, train: 30 },
  { modulus: 11, width: 37, train: 80 },
  { modulus: 23, width: 301, train: 401 },
  { modulus: 5, width: 1, train: 25 },
];

function taskOf({ modulus, width, train }: Shape, activation: ActivationName): EngineTask {
  return engineTask({
    seed: 1,
    settings: {
      task: { kind: 'modular-addition', modulus },
      split: { train },
      network: { width, activation },
    },
  });
}

/** Initial weights, eight times as large in W, so that every activation is used well past its middle. */
function wideWeights({ modulus, width }: Shape): Weights {
  const { W, V } = initialWeights(modulus, width, 1);
  return { W: W.map((w) => 8 * w), V };
}

/** F, [n, K]. */
function featuresOf(engine: Engine, { split, width }: EngineTask): Float32Array {
  const whole = new Float32Array(split.train.a.length * width);
  engine.features()(0, whole);
  return whole;
}

/** Of pages that hold anything but 0: what the system has to give memory for. */
function writtenBytes(buffer: ArrayBuffer): number {
  const page = 4096;
  const words = new Float64Array(buffer);
  let pages = 0;
  for (let start = 0; start < words.length; start += page / 8) {
    if (words.subarray(start, start + page / 8).some((word) => word !== 0)) pages++;
  }
  return pages * page;
}

/** Largest difference, in units of the largest value. */
function difference(actual: Float32Array, expected: Float32Array): number {
  expect(actual).toHaveLength(expected.length);
  let largest = 0;
  let worst = 0;
  for (const [i, value] of expected.entries()) {
    largest = Math.max(largest, Math.abs(value));
    worst = Math.max(worst, Math.abs(actual[i] - value));
  }
  return expected.length === 0 ? 0 : worst / largest;
}

const builds = [
  { name: 'relaxed', load: () => loadKernels('relaxed') },
  { name: 'simd', load: () => loadKernels('simd') },
  ...(hasNative ? [{ name: 'with the products of the addon', load: loadNative }] : []),
];

/** A few float32 spacings: sums of up to 401 terms. */
const rounding = 2e-6;

describe.each(builds)('the kernels, $name', ({ load }) => {
  const cases = shapes.flatMap((shape) => activationNames.map((activation) => ({ ...shape, activation })));

  it.each(cases)(
    'do what the plain engine does for M $modulus, K $width, n $train, $activation',
    ({ activation, ...shape }) => {
      const task = taskOf(shape, activation);
      const weights = wideWeights(shape);
      const plain = new PlainEngine(task);
      const engine = new KernelEngine('wasm', task, load);
      const outputs = plain.forwardTrain(weights);
      expect(difference(engine.forwardTrain(weights), outputs)).toBeLessThan(rounding);
      expect(difference(engine.forwardTest(weights), plain.forwardTest(weights))).toBeLessThan(rounding);
      const gradient = outputGradient(outputs, task.split.train.target, shape.modulus);
      const [actual, expected] = [engine.backward(gradient), plain.backward(gradient)];
      expect(difference(actual.W, expected.W)).toBeLessThan(rounding);
      expect(difference(actual.V, expected.V)).toBeLessThan(rounding);
      expect(difference(featuresOf(engine, task), featuresOf(plain, task))).toBeLessThan(rounding);
      for (const [name, sum] of Object.entries(plain.gramSums())) {
        expect(Reflect.get(engine.gramSums(), name) / sum, name).toBeCloseTo(1, 5);
      }
    },
  );
});

describe.skipIf(!hasNative)('the products of the addon', () => {
  const cases = shapes.flatMap((shape) => activationNames.map((activation) => ({ ...shape, activation })));

  it.each(cases)(
    'give the bits of the kernels alone for M $modulus, K $width, n $train, $activation',
    ({ activation, ...shape }) => {
      const task = taskOf(shape, activation);
      const weights = wideWeights(shape);
      const [native, wasm] = [
        new KernelEngine('native', task, loadNative),
        new KernelEngine('wasm', task, loadKernels),
      ];
      const outputs = wasm.forwardTrain(weights);
      expect(native.forwardTrain(weights)).toEqual(outputs);
      expect(native.forwardTest(weights)).toEqual(wasm.forwardTest(weights));
      const gradient = outputGradient(outputs, task.split.train.target, shape.modulus);
      expect(native.backward(gradient)).toEqual(wasm.backward(gradient));
      expect(native.gramSums()).toEqual(wasm.gramSums());
    },
  );

  it('are named in the version, so that rows of another addon are never mixed with these', () => {
    expect(loadNative().version).toMatch(
      /^kernels [0-9a-f]{8}, relaxed SIMD, fused multiply-add; products [0-9a-f]{8}, AVX2$/,
    );
  });

  it('refuse operands that do not lie in the memory, and leave it as it is', () => {
    const { kernels } = loadNative();
    kernels.memory.grow(2);
    const { buffer } = kernels.memory;
    const before = new Uint8Array(buffer.slice(0));
    const end = buffer.byteLength;
    const refused = 'an operand of a product reaches over the end';
    expect(() => kernels.forwardTiles(8, end - 8, 192, 1, 0, 1, 1024, 0)).toThrow(refused);
    expect(() => kernels.forwardTiles(8, 0, 192, 1, 0, 1, end - 191, 0)).toThrow(refused);
    expect(() => kernels.backwardTiles(6, 5, 1, 2, 0, 144, 0, 0, 0, 0, end - 383, 0)).toThrow(refused);
    expect(() => kernels.gramTiles(24, 0, 0, end - 768, 768, 0, 2, 0, 0)).toThrow(refused);
    expect(() => kernels.product64(end - 8, 8, 0, 2, 0, 8, 8, 0, 0, 0)).toThrow(refused);
    expect(() => kernels.product64(-8, 8, 0, 2, 0, 8, 8, 0, 0, 0)).toThrow('not negative');
    expect(new Uint8Array(buffer)).toEqual(before);
  });
});

describe('the wasm engine', () => {
  const shape = { modulus: 11, width: 37, train: 80 };
  const task = taskOf(shape, 'square');

  // The room of a Gram, of a test pass and of a backward pass is the same.
  it('keeps the training rows of its last training pass, whatever is tested and measured in between', () => {
    const weights = wideWeights(shape);
    const engine = new KernelEngine('wasm', task, loadKernels);
    const outputs = engine.forwardTrain(weights);
    const given = outputs.slice();
    const gradient = outputGradient(outputs, task.split.train.target, shape.modulus);
    const { W, V } = engine.backward(gradient);
    const before = { W: W.slice(), V: V.slice() };
    const features = featuresOf(engine, task);
    const sums = engine.gramSums();
    const between = [
      () => engine.forwardTest({ W: weights.W.map((w) => -3 * w), V: weights.V.map((v) => 2 * v) }),
      () => featuresOf(engine, task),
      () => engine.gramSums(),
    ];
    for (const disturb of between) {
      disturb();
      expect(engine.backward(gradient)).toEqual(before);
      expect(featuresOf(engine, task)).toEqual(features);
    }
    expect(outputs).toEqual(given);
    expect(engine.gramSums()).toEqual(sums);
  });

  it('takes a quarter more memory than the features of a Gram, whatever it did before', () => {
    const headline = taskOf({ modulus: 71, width: 2048, train: 2016 }, 'square');
    const loaded = loadKernels();
    const engine = new KernelEngine('wasm', headline, () => loaded);
    const weights = initialWeights(71, 2048, 0);
    engine.backward(engine.forwardTrain(weights));
    engine.forwardTest(weights);
    engine.gramSums();
    engine.backward(engine.forwardTrain(weights));
    expect(loaded.kernels.memory.buffer.byteLength).toBeLessThan(1.25 * 4 * 2016 * 2048);
  });

  it('gives the room of passes and Grams back when a probe reads the features, which then are nowhere as a whole', () => {
    const headline = taskOf({ modulus: 71, width: 2048, train: 2016 }, 'square');
    const instances: LoadedKernels[] = [];
    const engine = new KernelEngine('wasm', headline, () => {
      instances.push(loadKernels());
      return instances[instances.length - 1];
    });
    engine.forwardTrain(initialWeights(71, 2048, 0));
    engine.gramSums();
    engine.features()(0, new Float32Array(240 * 2048));
    const [before, now] = instances.map(({ kernels }) => writtenBytes(kernels.memory.buffer));
    expect(before).toBeGreaterThan(4 * 2016 * 2048);
    // Packed weights of 2.3 MB, and 24 rows of features.
    expect(now).toBeLessThan(3e6);
  });

  it.each([1, 7, 24, 31])('reads its features %i rows at a time', (rows) => {
    const engine = new KernelEngine('wasm', task, loadKernels);
    engine.forwardTrain(wideWeights(shape));
    const whole = featuresOf(engine, task);
    const read = engine.features();
    for (let row = 0; row + rows <= shape.train; row += rows) {
      const into = new Float32Array(rows * shape.width);
      read(row, into);
      expect(into).toEqual(whole.subarray(row * shape.width, (row + rows) * shape.width));
    }
  });

  it('measures the Gram of the features, not of what measuring them left behind', () => {
    const engine = new KernelEngine('wasm', task, loadKernels);
    const weights = wideWeights(shape);
    engine.forwardTrain(weights);
    const first = engine.gramSums();
    const features = featuresOf(engine, task);
    expect(engine.gramSums()).toEqual(first);
    expect(featuresOf(engine, task)).toEqual(features);
    engine.forwardTrain({ ...weights, W: weights.W.map((w) => 2 * w) });
    expect(engine.gramSums().diagonal / first.diagonal).toBeCloseTo(16, 3);
  });

  it('refuses what needs a training pass before there was one', () => {
    expect(() => new KernelEngine('wasm', task, loadKernels).gramSums()).toThrow('forwardTrain comes first');
  });

  it('names in its version the build and how it rounds, so that rows of different bits are never mixed', () => {
    const versions = (['relaxed', 'simd'] as const).map((build) => loadKernels(build).version);
    expect(versions[0]).toMatch(/^kernels [0-9a-f]{8}, relaxed SIMD, (fused multiply-add|two roundings)$/);
    expect(versions[1]).toMatch(/^kernels [0-9a-f]{8}, SIMD, two roundings$/);
    expect(new KernelEngine('wasm', task, loadKernels).version).toBe(versions[0]);
  });

  // V8 compiles a function quickly at first and well when it turns out hot: when, depends on the clock.
  it('gives the same bits from both of V8’s compilers', () => {
    const script = path.join(import.meta.dirname, 'digest-training.ts');
    const digest = (flag: string): string =>
      execFileSync(process.execPath, [flag, script], { encoding: 'utf8' });
    expect(digest('--no-liftoff')).toBe(digest('--liftoff-only'));
  });
});
