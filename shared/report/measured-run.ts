import type { EngineName, RunState } from '#shared/models/run.ts';
import type { RepulsionResult } from '#shared/science/repulsion-result.ts';

/** What a report needs of one run, wherever its rows are kept. */
export interface MeasuredRun {
  readonly id: number;
  readonly condition: string;
  readonly seed: number;
  readonly state: RunState;
  readonly engine: EngineName | null;
  /** Training steps; a finished run has epochs + 1 rows. */
  readonly epochs: number;
  readonly seconds: number;
  /** Why it failed or was interrupted, as a sentence; null otherwise. */
  readonly problem: string | null;
  /** One value an epoch from epoch 0, NaN where a probe was not due; null when the run has no such series. */
  series(name: string): Float64Array | null;
  readonly repulsion: readonly RepulsionResult[];
}
