import type { MatrixKind } from '#shared/models/matrix.ts';
import { pairMatrices, unitFacts } from '#shared/science/pair-matrices.ts';
import type { Ridge } from '#shared/science/repulsion-result.ts';
import type { Engine } from './engines/engine.ts';
import { probeAlgebra } from './engines/probe-algebra.ts';
import type { RunSpec, TrainerMessage } from './messages.ts';
import { tellStage } from './tell-stage.ts';
import { trainTo } from './train.ts';

/** Four megabytes: a message the host reads in a few milliseconds. */
const partLength = 524_288;

/**
 * Trains to `epoch` without measuring anything and sends B and the cosines of every pair, in parts, then what is known of the units.
 * @param breathe awaited after every epoch and stage
 */
export async function replayMatrix(
  spec: RunSpec,
  engine: Engine,
  { epoch, ridge }: { readonly epoch: number; readonly ridge: Ridge },
  send: (message: TrainerMessage) => void,
  breathe: () => Promise<void> | void,
): Promise<void> {
  const { split, network, task } = spec.settings;
  const say = tellStage(send);
  await say('training', 0);
  const weights = await trainTo(spec, engine, epoch, (done) => {
    const pause = breathe();
    // The pause comes at most ten times a second, and so does the news.
    return pause && say('training', done);
  });
  await say('inverting', epoch);
  const features = { features: engine.features(), n: split.train, width: network.width };
  // What probes compute with: another algebra rounds otherwise, and B would not be the stored probe's.
  const matrices = pairMatrices({ ...features, ridge }, probeAlgebra());
  await say('ordering', epoch);
  for (const matrix of ['b', 'cosine'] as const) sendParts(matrix, matrices[matrix].upper, send);
  send({ type: 'matrix-units', units: unitFacts(matrices, weights.W, task.modulus) });
}

function sendParts(matrix: MatrixKind, values: Float64Array, send: (message: TrainerMessage) => void): void {
  for (let start = 0; start < values.length; start += partLength) {
    // A copy: a view would take the whole buffer along.
    send({ type: 'matrix-part', matrix, start, values: values.slice(start, start + partLength) });
  }
}
