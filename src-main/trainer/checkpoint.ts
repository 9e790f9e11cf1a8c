import type { OptimizerState } from '#shared/science/optimizers.ts';
import type { Weights } from '#shared/science/network.ts';

/**
 * A run before step `epoch`: enough to take that step again. The spectrum's window is not in it (it is seven times as large): a
 * resumed run takes `window` steps again without telling anyone, and its window is the same bit for bit.
 */
export interface Checkpoint {
  readonly epoch: number;
  readonly weights: Weights;
  readonly optimizer: OptimizerState;
}

/** Where a run goes on. Rows before `fromRow` and probes at `probed` are in the store already: they are not computed again. */
export interface StartingPoint {
  /** Null: from the seed. */
  readonly checkpoint: Checkpoint | null;
  readonly fromRow: number;
  readonly probed: readonly number[];
}

export const fromTheSeed: StartingPoint = { checkpoint: null, fromRow: 0, probed: [] };

/**
 * Takes checkpoints by the clock and gives each out once `window` further rows were measured: a run that resumes from it, at
 * any later row, has filled its window by then.
 */
export class CheckpointKeeper {
  readonly #interval: number;
  readonly #window: number;
  readonly #clock: () => number;
  readonly #pending: Checkpoint[] = [];
  #takenAt: number;

  constructor(interval: number, window: number, clock: () => number) {
    this.#interval = interval;
    this.#window = window;
    this.#clock = clock;
    this.#takenAt = clock();
  }

  /**
   * To be called before every step.
   * @param capture copies of the run's state before step `epoch`
   * @returns a checkpoint that is old enough, the newest of them; null mostly
   */
  offer(epoch: number, capture: () => Checkpoint): Checkpoint | null {
    if (this.#clock() - this.#takenAt >= this.#interval) {
      this.#takenAt = this.#clock();
      this.#pending.push(capture());
    }
    let ready: Checkpoint | null = null;
    while (this.#pending.length > 0 && this.#pending[0].epoch + this.#window <= epoch) {
      ready = this.#pending.shift() ?? null;
    }
    return ready;
  }
}
