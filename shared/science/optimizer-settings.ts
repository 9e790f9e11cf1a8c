export const optimizerKinds = ['adam', 'adamw', 'sgd'] as const;
export type OptimizerKind = (typeof optimizerKinds)[number];

/**
 * `adam` adds weightDecay * w to the gradient (coupled L2, the study's eta); `adamw` decays the weights
 * directly; `sgd` is coupled, with momentum. `momentum` is read by sgd only, `beta1`, `beta2`, `epsilon` by adam and adamw.
 */
export interface OptimizerSettings {
  readonly kind: OptimizerKind;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly momentum: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** The kind, and what it alone reads beside learning rate and weight decay. */
export function kindSettings({ kind, momentum, beta1, beta2, epsilon }: OptimizerSettings) {
  return kind === 'sgd' ? { kind, momentum } : { kind, beta1, beta2, epsilon };
}

/** Whether the weights are decayed beside the gradient, so that the decay is the gradient of no term of the loss. @see Loshchilov and Hutter (2019) */
export function isDecayDecoupled({ kind, weightDecay }: OptimizerSettings): boolean {
  return kind === 'adamw' && weightDecay > 0;
}
