import type { EngineName } from '#shared/models/run.ts';
import type { Weights } from '#shared/science/network.ts';
import { initialWeights } from '#shared/science/random.ts';
import { createEngine } from './engines/create-engine.ts';
import { engineTask } from './train.ts';

/** Big enough that products dominate, small enough for the plain engine: the quick study's shape. */
const shape = { modulus: 31, width: 512, train: 576 };
const measuredMilliseconds = 1_500;

/** Loads an engine, and with `measure` times training passes on one thread. @returns gigaflops of the three matrix products of a step */
export function inspectEngine(
  name: EngineName,
  measure: boolean,
): { version: string; gigaflops: number | null } {
  const engine = createEngine(
    name,
    engineTask({
      seed: 0,
      settings: {
        task: { kind: 'modular-addition', modulus: shape.modulus },
        split: { train: shape.train },
        network: { width: shape.width, activation: 'square' },
      },
    }),
  );
  if (!measure) return { version: engine.version, gigaflops: null };
  const weights: Weights = initialWeights(shape.modulus, shape.width, 0);
  const step = (): unknown => engine.backward(engine.forwardTrain(weights));
  step();
  let passes = 0;
  const started = performance.now();
  while (performance.now() - started < measuredMilliseconds) {
    step();
    passes++;
  }
  const seconds = (performance.now() - started) / 1000;
  // O = F V, dV = F' dO and dF = dO V', each n x K x M multiply-adds.
  const flops = 3 * 2 * shape.train * shape.width * shape.modulus;
  return { version: engine.version, gigaflops: (flops * passes) / seconds / 1e9 };
}
