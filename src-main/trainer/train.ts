import { fillsWindow, fromTheSeed } from './checkpoint.ts';
import type { StartingPoint, StepUpdate, TrainingState } from './checkpoint.ts';
import type { RunSpec } from './messages.ts';
import { seriesNames, smoothnessDepth, spectrumDepth } from '#shared/models/series.ts';
import type { LayerName, Settings } from '#shared/models/settings.ts';
import { gradientStatistics } from '#shared/science/gradient.ts';
import type { ReadFeatures } from '#shared/science/gram-algebra.ts';
import { gramStatistics } from '#shared/science/gram.ts';
import { centredResidual, outputGradient, scoreOutputs } from '#shared/science/loss.ts';
import type { Weights } from '#shared/science/network.ts';
import { copyInto, createOptimizer, emptyLike } from '#shared/science/optimizers.ts';
import type { Optimizer } from '#shared/science/optimizers.ts';
import { isDue } from '#shared/science/probe-schedule.ts';
import { initialWeights, randomPairs } from '#shared/science/random.ts';
import { measureRepulsion } from '#shared/science/repulsion.ts';
import type { RepulsionResult } from '#shared/science/repulsion-result.ts';
import { UpdateSpectrum } from '#shared/science/spectrum.ts';
import { splitModularAddition } from '#shared/science/tasks.ts';
import type { Engine, EngineTask } from './engines/engine.ts';
import { probeAlgebra } from './engines/probe-algebra.ts';

/** Who listens to a run. `row` values are in the order of `seriesNames`; the trainer waits for nobody but `breathe`. */
export interface TrainingListener {
  row(epoch: number, values: Float64Array): void;
  /** A probe follows, and what the engine could do without for it has been let go. */
  probing(epoch: number): void;
  probe(result: RepulsionResult): void;
  /**
   * Awaited before every step. All rows before `epoch` have been heard. `capture` copies the run's state, into one that it gave before where
   * that is handed back; `updateOf` gives, uncopied, what one of the last `window` steps changed.
   */
  beforeStep(
    epoch: number,
    capture: (into?: TrainingState) => TrainingState,
    updateOf: (step: number) => StepUpdate,
  ): Promise<void> | void;
  /** Awaited after every epoch, so that messages get through and a stop can be honoured. */
  breathe(): Promise<void> | void;
}

/** The loss of a run is no longer a number: the run has failed, at this epoch. */
export class DivergedError extends Error {
  readonly epoch: number;

  constructor(epoch: number, loss: number) {
    super(
      `The training loss became ${loss} at epoch ${epoch}. A smaller learning rate or weight decay may help; the rows before it are kept.`,
    );
    this.name = 'DivergedError';
    this.epoch = epoch;
  }
}

/** The engine's view of a run: shapes, and the split this seed draws. */
export function engineTask({
  settings,
  seed,
}: {
  readonly settings: Pick<Settings, 'task' | 'split' | 'network'>;
  readonly seed: number;
}): EngineTask {
  return {
    modulus: settings.task.modulus,
    width: settings.network.width,
    activation: settings.network.activation,
    split: splitModularAddition(settings.task.modulus, settings.split.train, seed),
  };
}

/**
 * Trains one run: row t is measured before step t, rows run 0..epochs.
 * A pure function of (settings, seed, engine): the listener hears the same numbers every time, wherever the run starts.
 * @param start the arrays of its updates are the run's from now on, which writes over them
 * @throws DivergedError at the first epoch whose training loss is not finite
 */
export async function train(
  spec: RunSpec,
  engine: Engine,
  listener: TrainingListener,
  start: StartingPoint = fromTheSeed,
): Promise<void> {
  const { settings, seed } = spec;
  const { modulus } = settings.task;
  const { probes } = settings;
  const { weights, optimizer } = restore(settings, seed, engine, start);
  const { train: trainRows, test: testRows } = splitModularAddition(modulus, settings.split.train, seed);
  const spectra = new Map(
    (probes.spectrum?.layers ?? []).map((layer) => [
      layer,
      new UpdateSpectrum(probes.spectrum?.window ?? 0, engine.loops),
    ]),
  );
  for (const update of start.checkpoint?.updates ?? [])
    for (const [layer, spectrum] of [...spectra.values()].entries()) spectrum.push(update[layer]);
  // Written again at every epoch: what a run throws away, V8 holds for dozens of epochs.
  const scratch = {
    residual: new Float64Array(probes.gradient ? trainRows.target.length * modulus : 0),
    updates: emptyLike(weights),
  };
  const pairs = probes.gradient ? randomPairs(probes.gradient.pairs, settings.network.width, seed) : null;
  const names = seriesNames(probes);

  function measure(epoch: number, outputs: Float32Array): Float64Array {
    const row = new Row(names);
    const score = scoreOutputs(outputs, trainRows.target, modulus);
    if (!Number.isFinite(score.loss)) throw new DivergedError(epoch, score.loss);
    row.set('train', score);
    row.set('test', scoreOutputs(engine.forwardTest(weights), testRows.target, modulus));
    for (const [layer, spectrum] of spectra) measureSpectrum(row, layer, spectrum);
    if (probes.gram && isDue(probes.gram, epoch)) {
      row.set('gram', gramStatistics(engine.gramSums(), settings.split.train, settings.network.width));
    }
    if (probes.gradient && pairs && isDue(probes.gradient, epoch)) {
      const residual = centredResidual(outputs, trainRows.target, modulus, scratch.residual);
      const { width } = settings.network;
      row.set(
        'gradient',
        gradientStatistics(residual, weights.V, settings.split.train, width, modulus, pairs, engine.loops),
      );
    }
    return row.values;
  }

  /** Where the next update of a layer goes: a fresh array while the window of its spectrum fills. */
  function updateArray(layer: LayerName): Float32Array {
    const spectrum = spectra.get(layer);
    if (!spectrum) return scratch.updates[layer];
    return spectrum.spare() ?? new Float32Array(weights[layer].length);
  }

  /** In a function of its own: gradients are views of the engine's memory, and a name of the loop below would hold on to it until the next epoch. */
  function takeStep(outputs: Float32Array): void {
    const gradients = engine.backward(outputGradient(outputs, trainRows.target, modulus, outputs));
    const updates = optimizer.step(weights, gradients, { W: updateArray('W'), V: updateArray('V') });
    for (const [layer, spectrum] of spectra) spectrum.push(updates[layer]);
  }

  for (let epoch = start.checkpoint?.epoch ?? 0; epoch <= settings.epochs; epoch++) {
    const updateOf = (step: number): StepUpdate =>
      [...spectra.values()].map((spectrum) => present(spectrum.snapshot().updates.at(step - epoch)));
    await listener.beforeStep(
      epoch,
      (into) => ({
        epoch,
        weights: { W: copyInto(weights.W, into?.weights.W), V: copyInto(weights.V, into?.weights.V) },
        optimizer: optimizer.state(into?.optimizer),
      }),
      updateOf,
    );
    const outputs = engine.forwardTrain(weights);
    if (epoch >= start.fromRow) listener.row(epoch, measure(epoch, outputs));
    if (probes.repulsion?.epochs.includes(epoch) && !start.probed.includes(epoch)) {
      const features = engine.features();
      listener.probing(epoch);
      await listener.breathe();
      listener.probe(probeRepulsion(settings, seed, features, epoch));
    }
    if (epoch < settings.epochs) takeStep(outputs);
    await listener.breathe();
  }
}

function restore(
  settings: Settings,
  seed: number,
  { loops }: Engine,
  { checkpoint, fromRow }: StartingPoint,
): { readonly weights: Weights; readonly optimizer: Optimizer } {
  if (!checkpoint) {
    const weights = initialWeights(settings.task.modulus, settings.network.width, seed);
    return { weights, optimizer: createOptimizer(settings.optimizer, weights, loops) };
  }
  const window = settings.probes.spectrum?.window ?? 0;
  const { epoch, updates } = checkpoint;
  if (!fillsWindow(epoch, updates.length, window, fromRow)) {
    throw new Error(
      `row ${fromRow} needs ${window} updates, and the checkpoint of epoch ${epoch} has ${updates.length}`,
    );
  }
  const weights = { W: checkpoint.weights.W.slice(), V: checkpoint.weights.V.slice() };
  const optimizer = createOptimizer(settings.optimizer, weights, loops);
  optimizer.restore(checkpoint.optimizer);
  return { weights, optimizer };
}

function present<T>(update: T | undefined): T {
  if (update === undefined) throw new Error('the update of a step was asked for that is not in the window');
  return update;
}

/**
 * Trains to `epoch` without measuring anything on the way and probes there: the numbers equal those of a full run.
 * @param onEpoch progress, after every step
 * @param onProbe before the probe, which is one long computation
 */
export async function replay(
  spec: RunSpec,
  engine: Engine,
  epoch: number,
  onEpoch: (epoch: number) => Promise<void> | void,
  onProbe: () => Promise<void> | void,
): Promise<RepulsionResult> {
  await trainTo(spec, engine, epoch, onEpoch);
  await onProbe();
  return probeRepulsion(spec.settings, spec.seed, engine.features(), epoch);
}

/**
 * Trains to `epoch` without measuring anything on the way; the engine then holds the features of that epoch.
 * @returns the weights before step `epoch`
 */
export async function trainTo(
  { settings, seed }: RunSpec,
  engine: Engine,
  epoch: number,
  onEpoch: (epoch: number) => Promise<void> | void,
): Promise<Weights> {
  const { modulus } = settings.task;
  const weights = initialWeights(modulus, settings.network.width, seed);
  const optimizer = createOptimizer(settings.optimizer, weights, engine.loops);
  const updates = emptyLike(weights);
  const { target } = splitModularAddition(modulus, settings.split.train, seed).train;
  for (let step = 0; step < epoch; step++) {
    const outputs = engine.forwardTrain(weights);
    const gradients = engine.backward(outputGradient(outputs, target, modulus, outputs));
    optimizer.step(weights, gradients, updates);
    await onEpoch(step + 1);
  }
  engine.forwardTrain(weights);
  return weights;
}

function probeRepulsion(
  settings: Settings,
  seed: number,
  features: ReadFeatures,
  epoch: number,
): RepulsionResult {
  if (!settings.probes.repulsion) throw new Error('a run without repulsion settings was probed');
  const input = {
    ...settings.probes.repulsion,
    features,
    n: settings.split.train,
    width: settings.network.width,
    epoch,
    seed,
  };
  return measureRepulsion(input, probeAlgebra());
}

function measureSpectrum(row: Row, layer: LayerName, spectrum: UpdateSpectrum): void {
  const { sigma, smoothness, ...scalars } = spectrum.measure();
  row.set(`spectrum.${layer}`, scalars);
  for (let k = 0; k < spectrumDepth; k++) row.put(`spectrum.${layer}.sigma${k + 1}`, sigma[k]);
  for (let k = 0; k < smoothnessDepth; k++) row.put(`spectrum.${layer}.smoothness${k + 1}`, smoothness[k]);
}

/** The values of one epoch, filled by series name; what is not set stays NaN. */
class Row {
  readonly values: Float64Array;
  readonly #names: readonly string[];

  constructor(names: readonly string[]) {
    this.#names = names;
    this.values = new Float64Array(names.length).fill(Number.NaN);
  }

  put(name: string, value: number): void {
    const index = this.#names.indexOf(name);
    if (index < 0) throw new Error(`${name} is not a series of this run`);
    this.values[index] = value;
  }

  set(prefix: string, values: object): void {
    for (const [name, value] of Object.entries(values)) this.put(`${prefix}.${name}`, Number(value));
  }
}
