import { createRequire } from 'node:module';
import type * as tfjs from '@tensorflow/tfjs-node';
import type { ActivationName } from '#shared/science/activation-name.ts';
import { readFrom } from '#shared/science/gram-algebra.ts';
import type { ReadFeatures } from '#shared/science/gram-algebra.ts';
import { plainLoops } from '#shared/science/loops.ts';
import type { GramSums, Gradients, Rows, Weights } from '#shared/science/network.ts';
import type { Engine, EngineTask } from './engine.ts';

type TensorFlow = typeof tfjs;
type Tensor1D = tfjs.Tensor1D;
type Tensor2D = tfjs.Tensor2D;

/** Rows a forward pass on the test set takes at once: 256 x 2048 float32 stays in the second-level cache (measured: half the time). */
const rowsAtOnce = 256;
/** Columns of a block of the symmetric feature Gram: 128 x 128 blocks of the upper triangle cost 45 ms where the full product costs 80. */
const columnsAtOnce = 128;

const require = createRequire(import.meta.url);

/** Loads tfjs-node, or throws what its addon threw. */
export function loadTensorFlow(): TensorFlow {
  // Node 23 removed two functions that tfjs-node 4.22 still calls; they must be back before its first require.
  const util: Record<string, unknown> = require('node:util');
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  // Replaced even where it is left: Node warns of every call to its own.
  util.isArray = Array.isArray;
  const tf: TensorFlow = require('@tensorflow/tfjs-node');
  tf.enableProdMode();
  return tf;
}

/** `tfjs-node 4.22.0, TensorFlow 2.21.0`. */
export function tensorFlowVersion(tf: TensorFlow): string {
  const backend: unknown = tf.backend();
  const library = nested(nested(backend, 'binding'), 'TF_Version');
  return `tfjs-node ${tf.version['tfjs-node']}, TensorFlow ${typeof library === 'string' ? library : 'of unknown version'}`;
}

function nested(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && key in value ? Reflect.get(value, key) : undefined;
}

interface Lookup {
  readonly first: Tensor1D;
  readonly second: Tensor1D;
}

interface Kept {
  readonly hidden: Tensor2D;
  readonly features: Tensor2D;
  readonly V: Tensor2D;
}

/** Indexed look-ups for the first layer, matrix products for the second, float32 throughout; one instance a run. */
export class TensorFlowEngine implements Engine {
  readonly name = 'tensorflow';
  readonly loops = plainLoops;
  readonly version: string;
  readonly #tf: TensorFlow;
  readonly #task: EngineTask;
  readonly #train: Lookup;
  readonly #testChunks: readonly Lookup[];
  #kept: Kept | null = null;

  constructor(task: EngineTask) {
    this.#tf = loadTensorFlow();
    this.#task = task;
    this.version = tensorFlowVersion(this.#tf);
    this.#train = this.#lookup(task.split.train, 0, task.split.train.a.length);
    const tests = task.split.test.a.length;
    const starts = Array.from({ length: Math.ceil(tests / rowsAtOnce) }, (_, chunk) => chunk * rowsAtOnce);
    this.#testChunks = starts.map((from) =>
      this.#lookup(task.split.test, from, Math.min(from + rowsAtOnce, tests)),
    );
  }

  forwardTrain(weights: Weights): Float32Array {
    this.#forget();
    const kept = this.#tf.tidy(() => {
      const { W, V } = this.#upload(weights);
      const hidden = this.#hidden(W, this.#train);
      return { hidden, features: activation(this.#tf, this.#task.activation, hidden), V };
    });
    this.#kept = kept;
    return download(this.#tf.matMul(kept.features, kept.V));
  }

  forwardTest(weights: Weights): Float32Array {
    const { modulus, activation: name, split } = this.#task;
    const outputs = new Float32Array(split.test.a.length * modulus);
    this.#tf.tidy(() => {
      const { W, V } = this.#upload(weights);
      for (const [chunk, lookup] of this.#testChunks.entries()) {
        this.#tf.tidy(() => {
          const features = activation(this.#tf, name, this.#hidden(W, lookup));
          outputs.set(float32(this.#tf.matMul(features, V)), chunk * rowsAtOnce * modulus);
        });
      }
    });
    return outputs;
  }

  backward(outputGradient: Float32Array): Gradients {
    const { hidden, features, V } = this.#last();
    const { modulus, activation: name, split } = this.#task;
    const tf = this.#tf;
    const [dW, dV] = tf.tidy(() => {
      const dO = tf.tensor2d(outputGradient, [split.train.a.length, modulus]);
      const dV = tf.matMul(features, dO, true, false);
      const dF = tf.matMul(dO, V, false, true);
      const dh = tf.mul(dF, slope(tf, name, hidden));
      const bySecond = tf.unsortedSegmentSum(dh, this.#train.second, 2 * modulus);
      return [tf.add(tf.unsortedSegmentSum(dh, this.#train.first, 2 * modulus), bySecond), dV];
    });
    return { W: download(dW), V: download(dV) };
  }

  gramSums(): GramSums {
    const { features } = this.#last();
    const tf = this.#tf;
    return tf.tidy(() => {
      const columnSum = tf.sum<Tensor1D>(features, 0);
      const centred = tf.sub<Tensor2D>(features, tf.div(columnSum, this.#task.split.train.a.length));
      const along = tf.matMul(centred, tf.reshape(columnSum, [this.#task.width, 1]));
      const [absolute, squares] = this.#offDiagonalSums(centred);
      const [diagonal, columnForm, columnSquares] = sums(tf, [
        tf.square(centred),
        tf.square(along),
        tf.square(columnSum),
      ]);
      return { absolute, squares, diagonal, columnForm, columnSquares };
    });
  }

  features(): ReadFeatures {
    return readFrom(float32(this.#last().features), this.#task.width);
  }

  dispose(): void {
    this.#forget();
    for (const lookup of [this.#train, ...this.#testChunks]) this.#tf.dispose([lookup.first, lookup.second]);
  }

  /** Tensors alive in this process: flat over epochs, or something leaks. */
  get tensors(): number {
    return this.#tf.memory().numTensors;
  }

  /** [sum |G_jl|, sum G_jl^2] over all j, l, from blocks of the upper triangle; a block off the diagonal counts twice. */
  #offDiagonalSums(centred: Tensor2D): [number, number] {
    const tf = this.#tf;
    const width = this.#task.width;
    const sizes = Array.from({ length: Math.ceil(width / columnsAtOnce) }, (_, block) =>
      Math.min(columnsAtOnce, width - block * columnsAtOnce),
    );
    const blocks = tf.split<Tensor2D>(centred, sizes, 1);
    let absolute = 0;
    let squares = 0;
    for (const [row, left] of blocks.entries()) {
      tf.tidy(() => {
        const products = blocks.slice(row).map((right) => tf.matMul(left, right, true, false));
        const totals = sums(tf, [
          ...products.map((block) => tf.abs(block)),
          ...products.map((block) => tf.square(block)),
        ]);
        for (const column of products.keys()) {
          const times = column === 0 ? 1 : 2;
          absolute += times * totals[column];
          squares += times * totals[products.length + column];
        }
      });
    }
    return [absolute, squares];
  }

  #lookup(rows: Rows, from: number, to: number): Lookup {
    const second = rows.b.subarray(from, to).map((b) => this.#task.modulus + b);
    return {
      first: this.#tf.tensor1d(rows.a.slice(from, to), 'int32'),
      second: this.#tf.tensor1d(second, 'int32'),
    };
  }

  #upload(weights: Weights): { W: Tensor2D; V: Tensor2D } {
    const { modulus, width } = this.#task;
    // Copies: the optimizer changes the arrays in place, and the backend uploads only when a tensor is first used.
    return {
      W: this.#tf.tensor2d(weights.W.slice(), [2 * modulus, width]),
      V: this.#tf.tensor2d(weights.V.slice(), [width, modulus]),
    };
  }

  #hidden(W: Tensor2D, { first, second }: Lookup): Tensor2D {
    return this.#tf.add(this.#tf.gather(W, first), this.#tf.gather(W, second));
  }

  #last(): Kept {
    if (!this.#kept) throw new Error('forwardTrain comes first');
    return this.#kept;
  }

  #forget(): void {
    if (this.#kept) this.#tf.dispose([this.#kept.hidden, this.#kept.features, this.#kept.V]);
    this.#kept = null;
  }
}

/**
 * The values of a tensor, which is disposed. Never return them from `tidy` instead: it would walk every element of the
 * array looking for tensors, which cost half of an epoch.
 */
function download(tensor: tfjs.Tensor): Float32Array {
  const values = float32(tensor);
  tensor.dispose();
  return values;
}

function float32(tensor: tfjs.Tensor): Float32Array {
  const values = tensor.dataSync();
  if (!(values instanceof Float32Array))
    throw new Error(`expected float32 from TensorFlow, got ${tensor.dtype}`);
  return values;
}

/** The sum of every tensor, brought over in one transfer. */
function sums(tf: TensorFlow, tensors: readonly tfjs.Tensor[]): Float32Array {
  return float32(tf.stack(tensors.map((tensor) => tf.sum(tensor))));
}

function activation(tf: TensorFlow, name: ActivationName, h: Tensor2D): Tensor2D {
  switch (name) {
    case 'square':
      return tf.square(h);
    case 'relu':
      return tf.relu(h);
    case 'relu-square':
      return tf.square(tf.relu(h));
    case 'silu':
      return tf.mul(h, tf.sigmoid(h));
    case 'gelu':
      return tf.mul(h, normalCumulative(tf, h));
    case 'cube':
      return tf.mul(tf.square(h), h);
    case 'quartic':
      return tf.square(tf.square(h));
  }
}

function slope(tf: TensorFlow, name: ActivationName, h: Tensor2D): Tensor2D {
  switch (name) {
    case 'square':
      return tf.mul(h, 2);
    case 'relu':
      return tf.cast(tf.greater(h, 0), 'float32');
    case 'relu-square':
      return tf.mul(tf.relu(h), 2);
    case 'silu': {
      const gate = tf.sigmoid(h);
      return tf.mul(gate, tf.add(1, tf.mul(h, tf.sub(1, gate))));
    }
    case 'gelu': {
      const density = tf.mul(tf.exp(tf.mul(tf.square(h), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return tf.add(normalCumulative(tf, h), tf.mul(h, density));
    }
    case 'cube':
      return tf.mul(tf.square(h), 3);
    case 'quartic':
      return tf.mul(tf.mul(tf.square(h), h), 4);
  }
}

/** Phi(h) of the exact gelu h Phi(h). */
function normalCumulative(tf: TensorFlow, h: Tensor2D): Tensor2D {
  return tf.mul(tf.add(tf.erf(tf.mul(h, Math.SQRT1_2)), 1), 0.5);
}
