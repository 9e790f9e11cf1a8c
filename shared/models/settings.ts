/** What one run is trained and probed with. Every field is resolved: no defaults, fractions or names are left. */
export interface Settings {
  readonly task: TaskSettings;
  readonly split: SplitSettings;
  readonly network: NetworkSettings;
  readonly optimizer: OptimizerSettings;
  /** Training steps; rows run 0..epochs, row t measured before step t. */
  readonly epochs: number;
  readonly probes: ProbeSettings;
}

export interface TaskSettings {
  readonly kind: 'modular-addition';
  /** M: inputs are all pairs of Z_M x Z_M. */
  readonly modulus: number;
}

export interface SplitSettings {
  /** n: how many of the M^2 pairs train. */
  readonly train: number;
}

export const activationNames = ['square', 'relu', 'silu', 'gelu', 'relu-square', 'cube', 'quartic'] as const;
export type ActivationName = (typeof activationNames)[number];

export interface NetworkSettings {
  /** K: hidden units. */
  readonly width: number;
  readonly activation: ActivationName;
}

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

export const layerNames = ['W', 'V'] as const;
export type LayerName = (typeof layerNames)[number];

/** A probe that is absent (null) is not computed; its series do not exist. */
export interface ProbeSettings {
  readonly spectrum: SpectrumProbe | null;
  readonly gram: GramProbe | null;
  readonly gradient: GradientProbe | null;
  readonly repulsion: RepulsionProbe | null;
}

export interface SpectrumProbe {
  /** Updates kept in the rolling Gram. */
  readonly window: number;
  readonly layers: readonly LayerName[];
}

export interface GramProbe {
  /** Measured at epochs divisible by this, and NaN elsewhere. */
  readonly every: number;
}

export interface GradientProbe {
  readonly every: number;
  /** Random pairs of columns of G_F whose absolute cosine is summarised. */
  readonly pairs: number;
}

export interface RepulsionProbe {
  /** Ascending, unique, each in 0..epochs. */
  readonly epochs: readonly number[];
  /** How many of the most similar pairs are taken (the study: 200). */
  readonly pairs: number;
  /** How many random pairs make the baseline (2,000). */
  readonly randomPairs: number;
  /** How many pairs the identity check solves for. */
  readonly identityPairs: number;
  readonly ridges: readonly Ridge[];
}

/** A ridge of B = (G + ridge I)^-1, resolved to a number. */
export interface Ridge {
  /** `published` (eta), `effective` (n eta / 2), or the number as the study file writes it. */
  readonly name: string;
  readonly value: number;
  /** The condition whose weight decay was used, when this one has none (a control); null when its own. */
  readonly borrowedFrom: string | null;
}
