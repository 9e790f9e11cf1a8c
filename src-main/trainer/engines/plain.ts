import { applyActivation, multiplyBySlope } from '#shared/science/activations.ts';
import { readFrom } from '#shared/science/gram-algebra.ts';
import type { ReadFeatures } from '#shared/science/gram-algebra.ts';
import { gramSums } from '#shared/science/gram.ts';
import { plainLoops } from '#shared/science/loops.ts';
import type { GramSums, Gradients, Rows, Weights } from '#shared/science/network.ts';
import type { Engine, EngineTask } from './engine.ts';

interface Kept {
  /** h, [n, K]. */
  readonly hidden: Float32Array;
  /** F = sigma(h), [n, K]. */
  readonly features: Float32Array;
  /** V at that forward pass, [K, M]. */
  readonly V: Float32Array;
}

/**
 * The network in typed arrays, one row after the other: the text to read when another engine is in doubt.
 * Values are stored in float32 like everyone's; sums run in float64.
 */
export class PlainEngine implements Engine {
  readonly name = 'plain';
  readonly loops = plainLoops;
  readonly version = '1';
  readonly #task: EngineTask;
  #kept: Kept | null = null;

  constructor(task: EngineTask) {
    this.#task = task;
  }

  forwardTrain(weights: Weights): Float32Array {
    const { split, width, activation } = this.#task;
    const hidden = new Float32Array(split.train.a.length * width);
    const features = new Float32Array(hidden.length);
    for (let i = 0; i < split.train.a.length; i++)
      this.#hiddenRow(weights.W, split.train, i, hidden, i * width);
    applyActivation(activation, hidden, features);
    const V = weights.V.slice();
    this.#kept = { hidden, features, V };
    const outputs = new Float32Array(split.train.a.length * this.#task.modulus);
    for (let i = 0; i < split.train.a.length; i++) this.#outputRow(features, i * width, V, outputs, i);
    return outputs;
  }

  forwardTest(weights: Weights): Float32Array {
    const { split, width, modulus, activation } = this.#task;
    const outputs = new Float32Array(split.test.a.length * modulus);
    const row = new Float32Array(width);
    for (let i = 0; i < split.test.a.length; i++) {
      this.#hiddenRow(weights.W, split.test, i, row, 0);
      applyActivation(activation, row, row);
      this.#outputRow(row, 0, weights.V, outputs, i);
    }
    return outputs;
  }

  backward(outputGradient: Float32Array): Gradients {
    const { hidden, features, V } = this.#last();
    const { split, width, modulus, activation } = this.#task;
    const dW = new Float64Array(2 * modulus * width);
    const dV = new Float64Array(width * modulus);
    const dh = new Float32Array(width);
    for (let i = 0; i < split.train.a.length; i++) {
      for (let k = 0; k < width; k++) {
        const feature = features[i * width + k];
        let dF = 0;
        for (let c = 0; c < modulus; c++) {
          const dO = outputGradient[i * modulus + c];
          dF += dO * V[k * modulus + c];
          dV[k * modulus + c] += feature * dO;
        }
        dh[k] = dF;
      }
      multiplyBySlope(activation, hidden.subarray(i * width, (i + 1) * width), dh);
      const first = split.train.a[i] * width;
      const second = (modulus + split.train.b[i]) * width;
      for (let k = 0; k < width; k++) {
        dW[first + k] += dh[k];
        dW[second + k] += dh[k];
      }
    }
    return { W: Float32Array.from(dW), V: Float32Array.from(dV) };
  }

  gramSums(): GramSums {
    return gramSums(this.#last().features, this.#task.split.train.a.length, this.#task.width);
  }

  features(): ReadFeatures {
    return readFrom(this.#last().features, this.#task.width);
  }

  dispose(): void {
    this.#kept = null;
  }

  /** h_i = W[a_i] + W[M + b_i], written to out[at ..]. */
  #hiddenRow(W: Float32Array, rows: Rows, i: number, out: Float32Array, at: number): void {
    const { width, modulus } = this.#task;
    const first = rows.a[i] * width;
    const second = (modulus + rows.b[i]) * width;
    for (let k = 0; k < width; k++) out[at + k] = W[first + k] + W[second + k];
  }

  /** O_i = F_i V. */
  #outputRow(features: Float32Array, at: number, V: Float32Array, outputs: Float32Array, i: number): void {
    const { width, modulus } = this.#task;
    const sums = new Float64Array(modulus);
    for (let k = 0; k < width; k++) {
      const feature = features[at + k];
      for (let c = 0; c < modulus; c++) sums[c] += feature * V[k * modulus + c];
    }
    outputs.set(sums, i * modulus);
  }

  #last(): Kept {
    if (!this.#kept) throw new Error('forwardTrain comes first');
    return this.#kept;
  }
}
