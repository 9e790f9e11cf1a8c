import type { ActivationName } from '../science/activation-name.ts';
import type { OptimizerSettings } from '../science/optimizer-settings.ts';
import type { ProbeSchedule } from '../science/probe-schedule.ts';
import type { Ridge } from '../science/repulsion-result.ts';

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

export interface NetworkSettings {
  /** K: hidden units. */
  readonly width: number;
  readonly activation: ActivationName;
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

/** Measured at the epochs of its schedule, and NaN elsewhere. */
export interface GramProbe extends ProbeSchedule {}

export interface GradientProbe extends ProbeSchedule {
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
