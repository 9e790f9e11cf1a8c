import type { Settings } from './settings.ts';

export const runStates = ['queued', 'running', 'finished', 'failed', 'interrupted', 'cancelled'] as const;
export type RunState = (typeof runStates)[number];

export const engineNames = ['tensorflow', 'native', 'wasm', 'plain'] as const;
export type EngineName = (typeof engineNames)[number];

/** Where a run's numbers come from: everything needed to compute them again. */
export interface Provenance {
  readonly engine: EngineName;
  readonly engineVersion: string;
  readonly threads: number;
  readonly platform: string;
  readonly nodeVersion: string;
  readonly appVersion: string;
}

/** One seed of one condition. */
export interface Run {
  readonly id: number;
  readonly studyId: number;
  readonly condition: string;
  readonly seed: number;
  readonly settings: Settings;
  readonly state: RunState;
  /** Rows stored so far: epochs 0..rows-1. */
  readonly rows: number;
  /** Seconds of training, over all attempts that were kept. */
  readonly seconds: number;
  readonly provenance: Provenance | null;
  /** Why it failed or was interrupted, as a sentence; null otherwise. */
  readonly problem: string | null;
}
