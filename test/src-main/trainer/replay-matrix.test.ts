// Oracle: the probe a run stored. Any other algebra rounds otherwise, so equal bits say that both used the same one.
import { describe, expect, it } from 'vitest';
import { entryOf, triangleLength } from '#shared/science/symmetric-matrix.ts';
import { createEngine } from '#main/trainer/engines/create-engine.ts';
import type { TrainerMessage } from '#main/trainer/messages.ts';
import { replayMatrix } from '#main/trainer/replay-matrix.ts';
import { engineTask, replay } from '#main/trainer/train.ts';
import { availableEngines } from './available-engines.ts';
import { referenceSettings } from './reference-runs.ts';

const epoch = 3;

describe.each(availableEngines)('matrices of all pairs by the %s engine', (engine) => {
  it('hold the bits of the probe, over several blocks of the algebra', async () => {
    const settings = referenceSettings('small', { epochs: epoch, repulsionEpochs: [epoch] });
    const spec = { settings, seed: 0, engine };
    const { width } = settings.network;
    const probe = await replay(
      spec,
      createEngine(engine, engineTask(spec)),
      epoch,
      () => undefined,
      () => undefined,
    );
    const [{ ridge, top, random }] = probe.ridges;
    const matrices = {
      b: { width, upper: new Float64Array(triangleLength(width)) },
      cosine: { width, upper: new Float64Array(triangleLength(width)) },
    };
    const collect = (message: TrainerMessage): void => {
      if (message.type === 'matrix-part') matrices[message.matrix].upper.set(message.values, message.start);
    };
    const fresh = createEngine(engine, engineTask(spec));
    await replayMatrix(spec, fresh, { epoch, ridge }, collect, () => undefined);
    for (const [pairs, { b }] of [
      [probe.topPairs, top],
      [probe.randomPairs, random],
    ] as const) {
      const at = (name: 'b' | 'cosine'): Float64Array =>
        Float64Array.from(pairs.first, (j, i) => entryOf(matrices[name], j, pairs.second[i]));
      expect(at('b')).toEqual(b);
      expect(at('cosine')).toEqual(pairs.cosine);
    }
  });
});
