import type { TrainerMessage, TrainerRequest } from '../trainer/messages.ts';

/** Starts trainer processes; each host has its own way (fork, utilityProcess). */
export interface Trainers {
  /**
   * Starts one trainer on one request. `onMessage` hears it in order; `onEnd` is called once, after the last message,
   * with null when the trainer said its last word (`finished` or `failed`) and otherwise with how it died, as a sentence.
   */
  start(
    request: TrainerRequest,
    onMessage: (message: TrainerMessage) => void,
    onEnd: (death: string | null) => void,
  ): RunningTrainer;
}

export interface RunningTrainer {
  /** Ends the process now; nothing more is heard but `onEnd`. */
  kill(): void;
}
