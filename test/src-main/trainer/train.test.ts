import { describe, expect, it } from 'vitest';
import type { OptimizerKind } from '#shared/science/optimizer-settings.ts';
import type { ActivationName } from '#shared/science/activation-name.ts';
import { outputGradient, scoreOutputs } from '#shared/science/loss.ts';
import type { RepulsionResult } from '#shared/science/repulsion-result.ts';
import { initialWeights } from '#shared/science/random.ts';
import { TensorFlowEngine } from '#main/trainer/engines/tensorflow.ts';
import { fromTheSeed } from '#main/trainer/checkpoint.ts';
import type { Checkpoint, StartingPoint, StepUpdate, TrainingState } from '#main/trainer/checkpoint.ts';
import { createEngine } from '#main/trainer/engines/create-engine.ts';
import { DivergedError, engineTask, replay, train } from '#main/trainer/train.ts';
import { availableEngines, hasTensorFlow } from './available-engines.ts';
import { referenceSettings, silent, trainHere } from './reference-runs.ts';

const fastEngines = availableEngines.filter((name) => name !== 'plain');

describe.each(availableEngines)('a run on the %s engine', (engine) => {
  it('is the same bit for bit when it is trained again', async () => {
    const settings = referenceSettings('small', { epochs: 60, repulsionEpochs: [0, 30] });
    const first = await trainHere(engine, settings, 3);
    const again = await trainHere(engine, settings, 3);
    expect(again).toEqual(first);
  });

  it('measures the Gram when its schedule says, the same numbers as at every epoch, and NaN elsewhere', async () => {
    const everyEpoch = referenceSettings('small', { epochs: 24 });
    const gram = { every: 1, later: { from: 6, every: 5 } };
    const dense = await trainHere(engine, everyEpoch, 0);
    const sparse = await trainHere(engine, { ...everyEpoch, probes: { ...everyEpoch.probes, gram } }, 0);
    const due = new Set([0, 1, 2, 3, 4, 5, 10, 15, 20]);
    const expected = dense.series.get('gram.rho')?.map((rho, epoch) => (due.has(epoch) ? rho : NaN));
    expect(sparse.series.get('gram.rho')).toStrictEqual(expected);
    expect(sparse.series.get('test.loss')).toStrictEqual(dense.series.get('test.loss'));
  });

  it('differs from another seed in its first row', async () => {
    const settings = referenceSettings('small', { epochs: 1 });
    const [one, other] = [await trainHere(engine, settings, 1), await trainHere(engine, settings, 2)];
    expect(one.series.get('train.loss')?.[0]).not.toBe(other.series.get('train.loss')?.[0]);
  });

  it('replays a probe to the bits of the run that stored it', async () => {
    const settings = referenceSettings('small', { epochs: 40, repulsionEpochs: [25] });
    const { probes } = await trainHere(engine, settings, 0);
    const spec = { settings, seed: 0, engine };
    const replayed = await replay(
      spec,
      createEngine(engine, engineTask(spec)),
      25,
      () => undefined,
      () => undefined,
    );
    expect(replayed).toEqual(probes[0]);
  });

  it('stops at the epoch whose loss is no number, with the rows before it heard', async () => {
    const settings = referenceSettings('small', { epochs: 200 });
    const spec = {
      settings: {
        ...settings,
        optimizer: { ...settings.optimizer, kind: 'sgd', learningRate: 1e6 } as const,
      },
      seed: 0,
      engine,
    };
    const heard: number[] = [];
    const trained = train(spec, createEngine(engine, engineTask(spec)), {
      ...silent,
      row: (epoch) => void heard.push(epoch),
    });
    await expect(trained).rejects.toThrow(DivergedError);
    await expect(trained).rejects.toThrow(`at epoch ${heard.length}`);
    expect(heard.length).toBeGreaterThan(0);
    expect(heard).toEqual(heard.map((_, index) => index));
  });
});

describe.each(availableEngines)('a run resumed from a checkpoint on the %s engine', (engineName) => {
  const settings = referenceSettings('small', { epochs: 90, repulsionEpochs: [0, 45, 80] });
  const spec = { settings, seed: 5, engine: engineName };

  /** @param updates how many before `captureAt` are taken along, `later` epochs later */
  async function trainFrom(
    start: StartingPoint,
    captureAt: number,
    updates = 0,
    later = 0,
  ): Promise<{ rows: Float64Array[]; probed: number[]; taken: Checkpoint[] }> {
    const rows: Float64Array[] = [];
    const probed: number[] = [];
    const taken: Checkpoint[] = [];
    const states: TrainingState[] = [];
    const listener = {
      ...silent,
      row: (_: number, values: Float64Array) => void rows.push(values),
      probe: (result: RepulsionResult) => void probed.push(result.epoch),
      beforeStep: (epoch: number, capture: () => TrainingState, updateOf: (step: number) => StepUpdate) => {
        if (epoch === captureAt) states.push(capture());
        if (epoch !== captureAt + later) return;
        const steps = Array.from({ length: updates }, (_, index) => captureAt - updates + index);
        const copies = steps.map((step) => updateOf(step).map((layer) => layer.slice()));
        taken.push({ ...states[0], updates: copies });
      },
    };
    await train(spec, createEngine(engineName, engineTask(spec)), listener, start);
    return { rows, probed, taken };
  }

  it('is written into one that was taken before, when that is handed back', async () => {
    const states: TrainingState[] = [];
    const fresh: TrainingState[] = [];
    const listener = {
      ...silent,
      beforeStep: (epoch: number, capture: (into?: TrainingState) => TrainingState) => {
        if (epoch === 3) states.push(capture());
        if (epoch === 7) {
          states.push(capture(states[0]));
          fresh.push(capture());
        }
      },
    };
    await train(spec, createEngine(engineName, engineTask(spec)), listener);
    const [first, second] = states;
    expect(second).toEqual(fresh[0]);
    expect(second.weights.W).toBe(first.weights.W);
    expect(second.weights.V).toBe(first.weights.V);
    for (const [i, moment] of second.optimizer.moments.entries())
      expect(moment).toBe(first.optimizer.moments[i]);
  });

  it.each([1, 37, 60])('taken at epoch %i has the rows of the uninterrupted run, bit for bit', async (at) => {
    const whole = await trainFrom(fromTheSeed, at);
    const [checkpoint] = whole.taken;
    const fromRow = at + 20;
    const rest = await trainFrom({ checkpoint, fromRow, probed: [0, 45] }, -1);
    expect(rest.rows).toEqual(whole.rows.slice(fromRow));
    expect(rest.probed).toEqual([80]);
    expect(checkpoint.optimizer.step).toBe(at);
  });

  it.each([
    [37, 20, 0],
    [60, 7, 13],
    [10, 10, 0],
  ])(
    'taken at epoch %i with %i updates of its window, %i epochs later, has the rows of the uninterrupted run from then on',
    async (at, updates, later) => {
      const whole = await trainFrom(fromTheSeed, at, updates, later);
      // The first row that it can go on with, and a later one.
      for (const fromRow of [at + later, at + later + 9]) {
        const checkpoint = structuredClone(whole.taken[0]);
        const rest = await trainFrom({ checkpoint, fromRow, probed: [0, 45] }, -1);
        expect(rest.rows).toEqual(whole.rows.slice(fromRow));
      }
    },
  );

  it('refuses a checkpoint whose updates leave a gap in the window', async () => {
    const { taken } = await trainFrom(fromTheSeed, 37, 7, 13);
    await expect(trainFrom({ checkpoint: taken[0], fromRow: 49, probed: [] }, -1)).rejects.toThrow(
      'the checkpoint of epoch 37 has 7',
    );
  });

  it('refuses a checkpoint too young to fill the window', async () => {
    const { taken } = await trainFrom(fromTheSeed, 37);
    await expect(trainFrom({ checkpoint: taken[0], fromRow: 56, probed: [] }, -1)).rejects.toThrow(
      'needs 20 updates',
    );
  });

  it('without one, from the seed, sends only the rows that are missing', async () => {
    const whole = await trainFrom(fromTheSeed, -1);
    const rest = await trainFrom({ checkpoint: null, fromRow: 70, probed: [0] }, -1);
    expect(rest.rows).toEqual(whole.rows.slice(70));
    expect(rest.probed).toEqual([45, 80]);
  });
});

describe.each(fastEngines)('the %s engine agrees with plain', (engine) => {
  const kinds: readonly OptimizerKind[] = ['adam', 'adamw', 'sgd'];
  it.each(kinds)('on 30 epochs of %s to float32 rounding', async (kind) => {
    const base = referenceSettings('small', { epochs: 30 });
    const optimizer = { ...base.optimizer, kind, momentum: kind === 'sgd' ? 0.9 : 0 };
    const settings = { ...base, optimizer: kind === 'sgd' ? { ...optimizer, learningRate: 0.5 } : optimizer };
    const plain = await trainHere('plain', settings);
    const fast = await trainHere(engine, settings);
    for (const name of ['train.loss', 'test.loss', 'gram.rho', 'gradient.norm']) {
      const [left, right] = [plain.series.get(name), fast.series.get(name)];
      if (!left || !right) throw new Error(`no series ${name}`);
      // The loss moved, so that agreeing means something.
      expect(Math.abs(left[30] - left[0])).toBeGreaterThan(1e-4);
      for (let epoch = 0; epoch <= 30; epoch++) expect(right[epoch] / left[epoch]).toBeCloseTo(1, 4);
    }
  });

  it.each(['cube', 'quartic'] as const)('on the activation %s', async (activation) => {
    const settings = referenceSettings('small', { activation, epochs: 30 });
    const plain = await trainHere('plain', settings);
    const fast = await trainHere(engine, settings);
    for (const name of ['train.loss', 'gram.diagonal', 'gradient.norm']) {
      const [left, right] = [plain.series.get(name), fast.series.get(name)];
      if (!left || !right) throw new Error(`no series ${name}`);
      for (let epoch = 0; epoch <= 30; epoch++) expect(right[epoch] / left[epoch]).toBeCloseTo(1, 4);
    }
  });
});

describe('the gradient', () => {
  // Oracle: central differences of the loss in float64, along the gradient of the plain engine at float32 weights.
  it.each(['square', 'relu', 'silu', 'gelu', 'relu-square', 'cube', 'quartic'] as const)(
    'of %s is the slope of the loss',
    (activation) => {
      const { lossAlong, gradientNorm } = gradientProbe(activation);
      const step = 1e-3;
      const slope = (lossAlong(step) - lossAlong(-step)) / (2 * step);
      expect(slope / gradientNorm).toBeCloseTo(1, 2);
    },
  );
});

describe.skipIf(!hasTensorFlow)('the tensorflow engine over 2,000 epochs', () => {
  it('keeps no tensor and grows by less than 40 MB after the first 500', async () => {
    const settings = referenceSettings('small', { epochs: 2000 });
    const spec = { settings, seed: 0, engine: 'tensorflow' } as const;
    const engine = new TensorFlowEngine(engineTask(spec));
    const tensors: number[] = [];
    const memory: number[] = [];
    await train(spec, engine, {
      ...silent,
      row: (epoch) => {
        if (epoch % 500 !== 0 || epoch === 0) return;
        tensors.push(engine.tensors);
        memory.push(process.memoryUsage().rss / 1e6);
      },
    });
    engine.dispose();
    expect(new Set(tensors)).toHaveLength(1);
    expect(memory[3] - memory[0]).toBeLessThan(40);
  });
});

function gradientProbe(activation: ActivationName): {
  lossAlong: (step: number) => number;
  gradientNorm: number;
} {
  const settings = referenceSettings('small', { activation, epochs: 1 });
  const task = engineTask({ settings, seed: 0 });
  const engine = createEngine('plain', task);
  const weights = initialWeights(23, 256, 0);
  const outputs = engine.forwardTrain(weights);
  const gradient = engine.backward(outputGradient(outputs, task.split.train.target, 23));
  const gradientSquared = [...gradient.W, ...gradient.V].reduce((sum, g) => sum + g * g, 0);
  const scale = 1 / Math.sqrt(gradientSquared);
  const moved = (step: number): typeof weights => ({
    W: weights.W.map((w, i) => w + step * scale * gradient.W[i]),
    V: weights.V.map((v, i) => v + step * scale * gradient.V[i]),
  });
  const lossAlong = (step: number): number =>
    scoreOutputs(engine.forwardTrain(moved(step)), task.split.train.target, 23).loss;
  // d/ds of L(w + s g/|g|) at 0 is |g|.
  return { lossAlong, gradientNorm: Math.sqrt(gradientSquared) };
}
