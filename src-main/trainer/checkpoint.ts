import type { OptimizerState } from '#shared/science/optimizers.ts';
import type { Weights } from '#shared/science/network.ts';

/** A run before step `epoch`: enough to take that step again. The window of its spectrum, seven times as large, is not in it. */
export interface TrainingState {
  readonly epoch: number;
  readonly weights: Weights;
  readonly optimizer: OptimizerState;
}

/** w_{t+1} - w_t of one step t, an array for each layer whose spectrum is measured, in the order of the settings. */
export type StepUpdate = readonly Float32Array[];

/**
 * What a run goes on from. Of its spectrum's window it holds the updates of the steps just before `epoch`, oldest first: those that the
 * steps up to the first row that is missing do not make again; none where these are `window` (decision 15).
 */
export interface Checkpoint extends TrainingState {
  readonly updates: readonly StepUpdate[];
}

/** The same on its way to the host, which was sent the updates before. */
export interface SentCheckpoint extends TrainingState {
  /** How many updates before `epoch` belong to it. */
  readonly updates: number;
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
 * Whether a run can measure row `row`, and every one after it, when it goes on from a checkpoint of `epoch` with so many updates: the
 * window of a row is of the `window` steps before it, or of all where there were fewer.
 */
export function fillsWindow(epoch: number, updates: number, window: number, row: number): boolean {
  return row >= epoch && Math.max(0, row - window) >= epoch - updates;
}

/** Milliseconds, or whatever the clock counts. */
export interface CheckpointTiming {
  /** Between two checkpoints. */
  readonly interval: number;
  /** Of work, that a kill may cost. */
  readonly mostLost: number;
  /** Of that, what a checkpoint may take from here until it is stored. */
  readonly delivery: number;
}

/** What the host is to be sent before a step, in this order. */
export interface Due {
  /** Steps of the window whose updates it lacks. */
  readonly updatesOf: readonly number[];
  readonly checkpoint: SentCheckpoint | null;
}

interface Pending {
  readonly state: TrainingState;
  readonly takenAt: number;
}

/**
 * Takes checkpoints by the clock, and decides when each is given out. One that `window` further rows follow needs no update: a run that
 * resumes from it, at any later row, has filled its window by then. Where epochs are too slow to wait for that, it is given out
 * before, with the updates it lacks; these are sent a few at a time while it waits.
 */
export class CheckpointKeeper {
  readonly #timing: CheckpointTiming;
  readonly #window: number;
  readonly #clock: () => number;
  /** Oldest first. None waits longer than the bound allows, so there are never more than a few. */
  readonly #pending: Pending[] = [];
  /** Copies that nobody needs any more: thrown away, they would pile up until V8 notices (5 MB each for the headline task). */
  readonly #spare: TrainingState[] = [];
  /** The first row that the host lacks, at the start: no row before it is measured again. */
  readonly #fromRow: number;
  /** Steps whose updates the host has. */
  readonly #sent: Set<number>;
  #takenAt: number;
  #offeredAt: number;

  /** @param start its updates are the host's, which gave them out */
  constructor(
    timing: CheckpointTiming,
    window: number,
    clock: () => number,
    start: StartingPoint = fromTheSeed,
  ) {
    this.#timing = timing;
    this.#window = window;
    this.#clock = clock;
    this.#fromRow = start.fromRow;
    const { epoch, updates } = start.checkpoint ?? { epoch: 0, updates: [] };
    this.#sent = new Set(updates.map((_, index) => epoch - updates.length + index));
    this.#takenAt = clock();
    this.#offeredAt = this.#takenAt;
  }

  /**
   * To be called before every step, when its last `window` updates can still be had.
   * @param capture copies of the run's state before step `epoch`, into a spare one
   * @returns null mostly
   */
  offer(epoch: number, capture: (into?: TrainingState) => TrainingState): Due | null {
    // What goes on from here goes on behind the rows that the host has.
    const row = Math.max(epoch, this.#fromRow);
    const now = this.#clock();
    const pace = now - this.#offeredAt;
    this.#offeredAt = now;
    if (now - this.#takenAt >= this.#timing.interval) {
      this.#takenAt = now;
      this.#pending.push({ state: capture(this.#spare.pop()), takenAt: now });
    }
    let ready: Pending | undefined;
    while (this.#pending.length > 0 && this.#isDue(this.#pending[0], row, pace)) {
      ready = this.#pending.shift();
    }
    if (ready) return this.#giveOut(ready.state, row);
    return this.#pending.length > 0 ? this.#sendAhead(this.#pending[0], row, pace) : null;
  }

  /** What was given out is sent, or of no use any more: the next capture may write over it. */
  giveBack(state: TrainingState): void {
    this.#spare.push(state);
  }

  /** It needs no update any more, or the next look, an epoch later, would be too late. */
  #isDue(pending: Pending, row: number, pace: number): boolean {
    return pending.state.epoch + this.#window <= row || this.#patience(pending, pace) < pace;
  }

  /**
   * For how long yet a checkpoint may wait. A kill costs the time from the checkpoint before it, an interval and up to an epoch, to the moment
   * at which it is stored, and the epoch that is under way.
   */
  #patience({ takenAt }: Pending, pace: number): number {
    const { interval, mostLost, delivery } = this.#timing;
    return mostLost - delivery - interval - 2 * pace - (this.#offeredAt - takenAt);
  }

  #giveOut(state: TrainingState, row: number): Due {
    const first = Math.min(state.epoch, this.#firstStep(row));
    const updatesOf = this.#missing(first, state.epoch);
    for (const step of updatesOf) this.#sent.add(step);
    // No checkpoint to come reaches back farther, and the host drops them.
    for (const step of this.#sent) if (step < first) this.#sent.delete(step);
    return { updatesOf, checkpoint: { ...state, updates: state.epoch - first } };
  }

  /** Its share of what a checkpoint that will not ripen in time lacks, newest first: of the oldest the steps to come may spare it some. */
  #sendAhead(pending: Pending, row: number, pace: number): Due | null {
    const toGo = Math.floor(this.#patience(pending, pace) / pace);
    const { epoch: end } = pending.state;
    // The first look, before any epoch has shown its pace.
    if (!Number.isFinite(toGo)) return null;
    const missing = this.#missing(this.#firstStep(row + toGo), end);
    const updatesOf = missing.toReversed().slice(0, Math.ceil(missing.length / (toGo + 1)));
    if (updatesOf.length === 0) return null;
    for (const step of updatesOf) this.#sent.add(step);
    return { updatesOf, checkpoint: null };
  }

  /** Of the window of a row. */
  #firstStep(row: number): number {
    return Math.max(0, row - this.#window);
  }

  #missing(from: number, to: number): number[] {
    const steps = Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
    return steps.filter((step) => !this.#sent.has(step));
  }
}
