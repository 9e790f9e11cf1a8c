import { activationNames } from '#shared/science/activation-name.ts';
import type { EngineName } from '#shared/models/run.ts';
import type { Loops } from '#shared/science/loops.ts';
import type { ReadFeatures } from '#shared/science/gram-algebra.ts';
import type { GramSums, Gradients, Rows, Weights } from '#shared/science/network.ts';
import type { Engine, EngineTask } from '../engine.ts';
import { GramProbe } from './gram-probe.ts';
import { KernelMemory } from './kernel-memory.ts';
import { backward, forward, hiddenScratch, panelClasses, panelUnits, slopesScratch } from './layer-passes.ts';
import type { PackedWeights, PanelShape } from './layer-passes.ts';
import type { Kernels, LoadKernels } from './load-kernels.ts';
import { readFeatures } from './read-features.ts';
import { layOutLookups } from './row-lookups.ts';
import type { RowLookups } from './row-lookups.ts';

/** `native` is the kernels with the products of the addon; everything else is the same. */
export type KernelEngineName = Extract<EngineName, 'wasm' | 'native'>;

/**
 * Hand-written kernels (kernels/, and ../native for wider vectors): one pass over the rows per product, float32 sums in a fixed order, nothing
 * of size [n, K] kept. One instance a run; bit for bit the same wherever `version` is.
 */
export class KernelEngine implements Engine {
  readonly name: KernelEngineName;
  readonly version: string;
  readonly loops: Loops;
  readonly #load: LoadKernels;
  #kernels: Kernels;
  #memory: KernelMemory;
  readonly #shape: PanelShape;
  readonly #rows: Rows;
  readonly #train: RowLookups;
  readonly #test: RowLookups;
  /** Those of the last `forwardTrain`, which nothing else may disturb. */
  readonly #kept: PackedWeights;
  /** Scratch of a pass, and the weights of a test pass. */
  readonly #at: Readonly<Record<(typeof scratchNames)[number], number>>;
  readonly #passing: PackedWeights;
  /** Written again at every call: a fresh array an epoch would pile up until V8 notices. */
  readonly #trainOutputs: Float32Array;
  #probe: GramProbe | null = null;
  #ready = false;

  constructor(name: KernelEngineName, task: EngineTask, load: LoadKernels) {
    this.name = name;
    const { modulus, width, split } = task;
    const { kernels, version, loops } = load();
    this.#load = load;
    this.#kernels = kernels;
    this.version = version;
    this.loops = loops;
    this.#memory = new KernelMemory(kernels);
    this.#rows = split.train;
    this.#shape = {
      kind: activationNames.indexOf(task.activation),
      modulus,
      width,
      panels: Math.ceil(width / panelUnits),
      classPanels: Math.ceil(modulus / panelClasses),
      wRows: 2 * modulus + 1,
    };
    this.#train = layOutLookups(this.#memory, split.train, modulus);
    this.#test = layOutLookups(this.#memory, split.test, modulus);
    this.#kept = this.#reserveWeights();
    this.#at = this.#layOut();
    this.#passing = this.#reserveWeights();
    this.#trainOutputs = new Float32Array(this.#train.count * modulus);
  }

  forwardTrain(weights: Weights): Float32Array {
    this.#pack(weights, this.#kept);
    this.#ready = true;
    this.#probe?.forget();
    this.#trainOutputs.set(this.#forward(this.#kept, this.#train));
    return this.#trainOutputs;
  }

  forwardTest(weights: Weights): Float32Array {
    this.#pack(weights, this.#passing);
    return this.#forward(this.#passing, this.#test);
  }

  backward(outputGradient: Float32Array): Gradients {
    this.#requireForward();
    const { modulus, width, panels, classPanels, wRows } = this.#shape;
    const { count, rows, order } = this.#train;
    const at = this.#at;
    this.#memory.float32(at.outputs, outputGradient.length).set(outputGradient);
    this.#kernels.packGradient(
      at.outputs,
      order,
      count,
      rows,
      modulus,
      classPanels,
      at.gradientByClass,
      at.gradientByRow,
    );
    this.#memory.float32(at.dW, panels * panelUnits * wRows).fill(0);
    backward(this.#kernels, this.#shape, this.#kept, this.#train, at);
    this.#kernels.unpackColumns32(at.dW, 2 * modulus, width, wRows, at.W);
    this.#kernels.unpackV(at.dV, width, modulus, classPanels, at.V);
    return {
      W: this.#memory.float32(at.W, 2 * modulus * width),
      V: this.#memory.float32(at.V, width * modulus),
    };
  }

  gramSums(): GramSums {
    return this.#probeOf().gramSums();
  }

  features(): ReadFeatures {
    this.#requireForward();
    this.#renew();
    return readFeatures(this.#kernels, this.#scratch(), this.#shape, this.#rows, this.#kept.W);
  }

  dispose(): void {
    this.#ready = false;
  }

  #probeOf(): GramProbe {
    this.#requireForward();
    // Its memory (n x K) is reserved when a probe asks for it, not before.
    this.#probe ??= new GramProbe(this.#kernels, this.#scratch(), this.#shape, this.#train, this.#kept.W);
    return this.#probe;
  }

  /** Of a probe, which begins where the scratch of the passes does: neither needs what the other left. */
  #scratch(): KernelMemory {
    return new KernelMemory(this.#kernels, this.#at.W);
  }

  /** Goes on in an instance with nothing but what the last `forwardTrain` left: memory that passes and Grams used, 20 MB for the headline task, goes with the old one. */
  #renew(): void {
    const { kernels } = this.#load();
    this.#memory = this.#memory.moveTo(kernels, this.#at.W);
    this.#kernels = kernels;
    this.#probe = null;
  }

  #forward(weights: PackedWeights, lookups: RowLookups): Float32Array {
    const { modulus, classPanels } = this.#shape;
    const { count, order } = lookups;
    const at = this.#at;
    forward(this.#kernels, this.#shape, weights, lookups, at.hidden, at.packedOutputs);
    this.#kernels.unpackOutputs(at.packedOutputs, order, count, modulus, classPanels, at.outputs);
    return this.#memory.float32(at.outputs, count * modulus);
  }

  #pack({ W, V }: Weights, packed: PackedWeights): void {
    const { modulus, width, panels, classPanels, wRows } = this.#shape;
    const at = this.#at;
    this.#memory.float32(at.W, W.length).set(W);
    this.#kernels.packColumns32(at.W, 2 * modulus, width, wRows, packed.W);
    this.#memory.float32(at.V, V.length).set(V);
    this.#kernels.packV(at.V, width, modulus, classPanels, panels, packed.V, packed.VT);
  }

  #reserveWeights(): PackedWeights {
    const { panels, classPanels, modulus, wRows } = this.#shape;
    const units = panels * panelUnits;
    return {
      W: this.#memory.reserve(4 * units * wRows),
      V: this.#memory.reserve(4 * units * classPanels * panelClasses),
      VT: this.#memory.reserve(4 * units * modulus),
    };
  }

  #layOut(): Record<(typeof scratchNames)[number], number> {
    const { panels, classPanels, modulus, wRows, width } = this.#shape;
    const units = panels * panelUnits;
    const classes = classPanels * panelClasses;
    const rows = Math.max(this.#train.rows, this.#test.rows);
    const floats = (count: number): number => this.#memory.reserve(4 * count);
    return {
      W: floats(2 * modulus * width),
      V: floats(width * modulus),
      outputs: floats(rows * modulus),
      packedOutputs: floats(rows * classes),
      hidden: floats(hiddenScratch),
      gradientByClass: floats(this.#train.rows * classes),
      gradientByRow: floats(this.#train.rows * modulus),
      features: floats(slopesScratch),
      slopes: floats(slopesScratch),
      dW: floats(units * wRows),
      dV: floats(units * classes),
    };
  }

  #requireForward(): void {
    if (!this.#ready) throw new Error('forwardTrain comes first');
  }
}

const scratchNames = [
  'W',
  'V',
  'outputs',
  'packedOutputs',
  'hidden',
  'gradientByClass',
  'gradientByRow',
  'features',
  'slopes',
  'dW',
  'dV',
] as const;
