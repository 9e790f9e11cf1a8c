import type { EngineName } from '#shared/models/run.ts';
import type { Loops } from '#shared/science/loops.ts';
import type { ReadFeatures } from '#shared/science/gram-algebra.ts';
import type { GramSums, Gradients, Split, Weights } from '#shared/science/network.ts';
import type { ActivationName } from '#shared/science/activation-name.ts';

/**
 * What a run needs from an engine: the products over rows. Loss, optimizer and probes are the science's, the same for all.
 * Arrays that come out are the engine's, and good until it is called again; outputs of `forwardTrain` until `forwardTrain` is.
 */
export interface Engine {
  readonly name: EngineName;
  readonly version: string;
  /** What the science's own loops run on beside this engine. */
  readonly loops: Loops;
  /** The forward pass at these weights; the training rows' features are kept for `backward`, `gramSums` and `features`. */
  forwardTrain(weights: Weights): Float32Array;
  /** Outputs O on the test rows, [M^2 - n, M]; keeps nothing. */
  forwardTest(weights: Weights): Float32Array;
  /** Gradients from dL/dO [n, M] at the last `forwardTrain`. */
  backward(outputGradient: Float32Array): Gradients;
  /** Of the last `forwardTrain`'s features. */
  gramSums(): GramSums;
  /** F of the last `forwardTrain`, [n, K], to be read until the next one. For a probe, which takes room: an engine gives back here what it can do without. */
  features(): ReadFeatures;
  dispose(): void;
}

/** What an engine is built for; the shapes never change during a run. */
export interface EngineTask {
  readonly modulus: number;
  readonly width: number;
  readonly activation: ActivationName;
  readonly split: Split;
}
