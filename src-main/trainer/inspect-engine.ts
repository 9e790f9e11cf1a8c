import type { EngineName } from '#shared/models/run.ts';
import { initialWeights } from '#shared/science/random.ts';
import { createEngine } from './engines/create-engine.ts';
import type { MeasuredWork } from './messages.ts';
import { engineTask } from './train.ts';

/** Big enough that products dominate, small enough for the plain engine: the quick study's shape. */
const usualWork: MeasuredWork = {
  settings: {
    task: { kind: 'modular-addition', modulus: 31 },
    split: { train: 576 },
    network: { width: 512, activation: 'square' },
  },
  gramShare: 0,
};
const measuredMilliseconds = 1_500;

export interface InspectedEngine {
  readonly version: string;
  /** Of the products of an epoch; null when not measured. */
  readonly gigaflops: number | null;
  /** The fastest epoch seen, so that another program's burst does not count: training and evaluation, and its share of a Gram. */
  readonly epochMilliseconds: number | null;
}

/** Loads an engine, and with `measure` times epochs of this work on one thread. */
export function inspectEngine(
  name: EngineName,
  measure: boolean,
  work: MeasuredWork = usualWork,
): InspectedEngine {
  const { task, split, network } = work.settings;
  const engine = createEngine(name, engineTask({ seed: 0, settings: work.settings }));
  if (!measure) return { version: engine.version, gigaflops: null, epochMilliseconds: null };
  const weights = initialWeights(task.modulus, network.width, 0);
  const epoch = bestTime(() => {
    engine.backward(engine.forwardTrain(weights));
    engine.forwardTest(weights);
  });
  const gram =
    work.gramShare === 0
      ? 0
      : bestTime(() => {
          // A Gram is kept until the next forward pass.
          engine.forwardTrain(weights);
          engine.gramSums();
        });
  // O = F V on all M^2 rows; dV = F'dO and dF = dO V' on those that train: each K x M multiply-adds a row.
  const flops = 2 * (task.modulus ** 2 + 2 * split.train) * network.width * task.modulus;
  return {
    version: engine.version,
    gigaflops: flops / epoch / 1e6,
    epochMilliseconds: epoch + work.gramShare * gram,
  };
}

/** Milliseconds of the fastest of the passes that fit in the time; the first, which compiles and allocates, does not count. */
function bestTime(pass: () => void): number {
  pass();
  let best = Infinity;
  const end = performance.now() + measuredMilliseconds;
  do {
    const started = performance.now();
    pass();
    best = Math.min(best, performance.now() - started);
  } while (performance.now() < end);
  return best;
}
