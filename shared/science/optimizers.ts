import { adamRates } from './adam-step.ts';
import { plainLoops } from './loops.ts';
import type { Loops } from './loops.ts';
import type { Gradients, Weights } from './network.ts';
import type { OptimizerSettings } from './optimizer-settings.ts';

/** What a resumed run needs to go on exactly where it stopped. */
export interface OptimizerState {
  /** Steps taken. */
  readonly step: number;
  /** adam, adamw: first and second moment of W, then of V. sgd: the momentum buffers of W and V. Copies. */
  readonly moments: readonly Float32Array[];
}

/** Adam, AdamW or SGD with momentum over the two layers, in float32 with PyTorch's order of operations. */
export interface Optimizer {
  /**
   * One step; the weights change in place.
   * @param gradients dL/dW and dL/dV, in the shapes of the weights, not changed
   * @param updates w_after - w_before in float32 is written here
   * @returns `updates`
   */
  step(weights: Weights, gradients: Gradients, updates?: Weights): Weights;
  /** @param into a state of this optimizer that nobody needs any more: its arrays are written over instead of new ones made */
  state(into?: OptimizerState): OptimizerState;
  /** @throws RangeError when the state is not one of this optimizer at these shapes; nothing is changed then */
  restore(state: OptimizerState): void;
}

/**
 * An optimizer at step 0. NaN and infinities in gradients or weights pass through to the weights.
 *
 * adam: g <- g + weightDecay w (coupled L2, the study's eta); m <- m + (1 - beta1)(g - m); v <- beta2 v + (1 - beta2) g^2;
 * w <- w - learningRate / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon).
 * adamw: w <- (1 - learningRate weightDecay) w first, and no decay in g.
 * sgd: g <- g + weightDecay w; buffer <- momentum buffer + g; w <- w - learningRate buffer.
 *
 * Within two float32 spacings of torch.optim over 20 steps (eight for beta1 < 1/2), sgd bit for bit: the operations are PyTorch's,
 * but its vectorised square root (MKL) is not always correctly rounded.
 * @param weights read for their shapes only
 * @param loops of an engine, with the bits of the plain ones
 * @see Kingma and Ba (2015); Loshchilov and Hutter (2019); torch/optim/adam.py, sgd.py
 */
export function createOptimizer(
  settings: OptimizerSettings,
  weights: Weights,
  loops: Pick<Loops, 'stepAdam'> = plainLoops,
): Optimizer {
  const perLayer = settings.kind === 'sgd' ? 1 : 2;
  const layers = [weights.W, weights.V];
  const moments = layers.flatMap(({ length }) =>
    Array.from({ length: perLayer }, () => new Float32Array(length)),
  );
  let step = 0;

  function stepLayer(w: Float32Array, gradient: Float32Array, layer: number, update: Float32Array): void {
    if (settings.kind === 'sgd') stepMomentum(settings, w, gradient, moments[layer], update);
    else
      loops.stepAdam(
        adamRates(settings, step),
        w,
        gradient,
        moments[2 * layer],
        moments[2 * layer + 1],
        update,
      );
  }

  return {
    step(weights, gradients, updates = emptyLike(weights)) {
      step++;
      stepLayer(weights.W, gradients.W, 0, updates.W);
      stepLayer(weights.V, gradients.V, 1, updates.V);
      return updates;
    },
    state: (into) => ({ step, moments: moments.map((moment, i) => copyInto(moment, into?.moments[i])) }),
    restore(state) {
      assertFits(state, moments);
      step = state.step;
      for (const [i, moment] of moments.entries()) moment.set(state.moments[i]);
    },
  };
}

/** @param into of the same length; a new array without it */
export function copyInto(
  source: Float32Array,
  into: Float32Array = new Float32Array(source.length),
): Float32Array {
  into.set(source);
  return into;
}

/** Zeros in the shapes of the weights. */
export function emptyLike({ W, V }: Weights): Weights {
  return { W: new Float32Array(W.length), V: new Float32Array(V.length) };
}

/*
 * Each Math.fround below is one rounding PyTorch makes; where its kernels use a fused multiply-add, product and sum are taken in
 * float64 (the product of two float32 is exact there) and rounded once. Scalars are float64 until they meet an array, as in Python.
 */

function stepMomentum(
  settings: OptimizerSettings,
  weights: Float32Array,
  gradient: Float32Array,
  buffer: Float32Array,
  updates: Float32Array,
): void {
  const coupled = Math.fround(settings.weightDecay);
  const momentum = Math.fround(settings.momentum);
  const minusRate = Math.fround(-settings.learningRate);
  const n = weights.length;
  for (let i = 0; i < n; i++) {
    const before = weights[i];
    const g = Math.fround(coupled * before + gradient[i]);
    const moved = Math.fround(Math.fround(momentum * buffer[i]) + g);
    const after = Math.fround(minusRate * moved + before);
    buffer[i] = moved;
    weights[i] = after;
    updates[i] = after - before;
  }
}

function assertFits(state: OptimizerState, moments: readonly Float32Array[]): void {
  if (!Number.isSafeInteger(state.step) || state.step < 0) {
    throw new RangeError(`an optimizer's step must be an integer >= 0, got ${state.step}`);
  }
  const wanted = moments.map(({ length }) => length).join(', ');
  const given = state.moments.map(({ length }) => length).join(', ');
  if (given !== wanted) throw new RangeError(`moments must have lengths ${wanted}, got ${given}`);
}
