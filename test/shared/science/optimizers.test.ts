import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Weights } from '#shared/science/network.ts';
import type { OptimizerSettings } from '#shared/science/optimizer-settings.ts';
import { createOptimizer } from '#shared/science/optimizers.ts';

interface Fixture {
  steps: number;
  sizes: [number, number];
  start: string;
  gradients: string;
  rows: { name: string; settings: OptimizerSettings; weights: string }[];
}
// Oracle: torch.optim of PyTorch 2.13, gradients over nine decades; test/fixtures/pytorch/make.py.
const fixture: Fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/pytorch/optimizers.json', import.meta.url), 'utf8'),
);
const total = fixture.sizes[0] + fixture.sizes[1];
const start = floats(fixture.start);
const gradients = floats(fixture.gradients);
const [study] = fixture.rows;

function floats(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
}

/** Row `step` of an array [steps, total], as the two layers. Copies. */
function layers(values: Float32Array, step: number): Weights {
  const row = values.slice(step * total, (step + 1) * total);
  return { W: row.slice(0, fixture.sizes[0]), V: row.slice(fixture.sizes[0]) };
}

/**
 * Largest |a - b| over the layers, in float32 spacings at the largest magnitude a weight had so far: a weight that crosses 0
 * keeps the absolute error of where it came from.
 */
function spacingsBetween(a: Weights, b: Weights, reached: Weights): number {
  let largest = 0;
  for (const layer of ['W', 'V'] as const) {
    for (let i = 0; i < a[layer].length; i++) {
      const magnitude = Math.max(Math.abs(a[layer][i]), reached[layer][i]);
      reached[layer][i] = magnitude;
      const spacing = 2 ** (Math.floor(Math.log2(magnitude)) - 23);
      largest = Math.max(largest, Math.abs(a[layer][i] - b[layer][i]) / spacing);
    }
  }
  return largest;
}

function bits(weights: Weights): number[] {
  return [...new Int32Array(weights.W.slice().buffer), ...new Int32Array(weights.V.slice().buffer)];
}

describe.each(fixture.rows)('$name', ({ settings, weights: path }) => {
  const expected = floats(path);

  it('follows PyTorch for 20 steps to two float32 spacings', () => {
    // Below beta1 = 1/2 PyTorch's lerp starts from the other end, and rounds otherwise.
    const tolerance = settings.beta1 < 0.5 ? 8 : 2;
    const weights = layers(start, 0);
    const optimizer = createOptimizer(settings, weights);
    const reached = layers(start.map(Math.abs), 0);
    for (let step = 0; step < fixture.steps; step++) {
      optimizer.step(weights, layers(gradients, step));
      expect(spacingsBetween(weights, layers(expected, step), reached)).toBeLessThanOrEqual(tolerance);
    }
  });

  it('returns the updates w_after - w_before in float32 and leaves the gradients alone', () => {
    const weights = layers(start, 0);
    const gradient = layers(gradients, 0);
    const updates = createOptimizer(settings, weights).step(weights, gradient);
    const before = layers(start, 0);
    expect(updates.W).toEqual(weights.W.map((after, i) => after - before.W[i]));
    expect(updates.V).toEqual(weights.V.map((after, i) => after - before.V[i]));
    expect(gradient).toEqual(layers(gradients, 0));
    expect(Math.max(...updates.W.map(Math.abs))).toBeGreaterThan(0);
  });

  it('goes on bit for bit from a restored state', () => {
    const weights = layers(start, 0);
    const optimizer = createOptimizer(settings, weights);
    for (let step = 0; step < 7; step++) optimizer.step(weights, layers(gradients, step));
    const resumedWeights = { W: weights.W.slice(), V: weights.V.slice() };
    const state = optimizer.state();
    for (let step = 7; step < fixture.steps; step++) optimizer.step(weights, layers(gradients, step));

    const resumed = createOptimizer(settings, resumedWeights);
    resumed.restore(state);
    for (let step = 7; step < fixture.steps; step++) resumed.step(resumedWeights, layers(gradients, step));
    expect(bits(resumedWeights)).toEqual(bits(weights));
    expect(resumed.state()).toEqual(optimizer.state());
  });
});

describe('the state', () => {
  it('is a copy: later steps do not reach it', () => {
    const weights = layers(start, 0);
    const optimizer = createOptimizer(study.settings, weights);
    optimizer.step(weights, layers(gradients, 0));
    const state = optimizer.state();
    const kept = structuredClone(state);
    optimizer.step(weights, layers(gradients, 1));
    expect(state).toEqual(kept);
    expect(optimizer.state()).not.toEqual(kept);
  });

  it('is refused, and changes nothing, at other shapes or a step that is none', () => {
    const optimizer = createOptimizer(study.settings, layers(start, 0));
    const before = optimizer.state();
    const wider = { W: new Float32Array(fixture.sizes[0] + 1), V: new Float32Array(fixture.sizes[1]) };
    expect(() => optimizer.restore(createOptimizer(study.settings, wider).state())).toThrow('31, 31, 15, 15');
    expect(() => optimizer.restore({ ...before, step: -1 })).toThrow('got -1');
    expect(optimizer.state()).toEqual(before);
  });
});

describe('what is not a number', () => {
  it.each(fixture.rows)('passes through $name to its own weight and to no other', ({ settings }) => {
    const weights = layers(start, 0);
    const gradient = layers(gradients, 0);
    gradient.W[3] = NaN;
    gradient.V[2] = Infinity;
    createOptimizer(settings, weights).step(weights, gradient);
    expect(weights.W[3]).toBeNaN();
    expect(Number.isFinite(weights.V[2])).toBe(false);
    const spoiled = [...weights.W, ...weights.V].filter((w) => !Number.isFinite(w));
    expect(spoiled).toHaveLength(2);
  });
});
