import { problem } from '#shared/models/problem.ts';
import type { MatrixStage } from '#shared/models/matrix.ts';
import type { EngineName, Run } from '#shared/models/run.ts';
import type { PairMatrices, UnitFacts } from '#shared/science/pair-matrices.ts';
import { triangleLength } from '#shared/science/symmetric-matrix.ts';
import type { TrainerMessage } from '../trainer/messages.ts';
import type { RunningTrainer, Trainers } from './trainers.ts';

export interface ReplayedMatrix extends PairMatrices {
  readonly units: UnitFacts;
}

/** A matrix in the making. */
export interface MatrixJob {
  /** @throws ProblemError run-failed when the trainer fails, dies or is stopped */
  readonly result: Promise<ReplayedMatrix>;
  stop(): void;
}

export const stoppedSentence = 'The matrix was stopped before it was complete.';

/** Has a trainer train a run again to an epoch and send B and the cosines of every pair. */
export function replayMatrix(
  trainers: Trainers,
  run: Run,
  engine: EngineName,
  { epoch, ridge }: { readonly epoch: number; readonly ridge: number },
  onStage: (stage: MatrixStage, epoch: number) => void,
): MatrixJob {
  const { width } = run.settings.network;
  const matrices = {
    b: { width, upper: new Float64Array(triangleLength(width)) },
    cosine: { width, upper: new Float64Array(triangleLength(width)) },
  };
  let missing = 2 * triangleLength(width);
  let units: UnitFacts | null = null;
  let failure: string | null = null;
  let trainer: RunningTrainer | null = null;

  function fail(how: string): void {
    failure ??= how;
    trainer?.kill();
  }

  function hear(message: TrainerMessage): void {
    if (failure !== null) return;
    if (message.type === 'failed') failure = message.message;
    if (message.type === 'replaying') onStage(message.stage, message.epoch);
    if (message.type === 'matrix-units') units = message.units;
    if (message.type === 'matrix-part') {
      const { upper } = matrices[message.matrix];
      if (message.start < 0 || message.start + message.values.length > upper.length) {
        fail('The trainer sent more of the matrix than there is.');
        return;
      }
      upper.set(message.values, message.start);
      missing -= message.values.length;
    }
  }

  const result = new Promise<ReplayedMatrix>((resolve, reject) => {
    trainer = trainers.start(
      {
        type: 'matrix',
        spec: { settings: run.settings, seed: run.seed, engine },
        epoch,
        ridge: { name: String(ridge), value: ridge, borrowedFrom: null },
      },
      hear,
      (death) => {
        if (units !== null && missing === 0 && failure === null) resolve({ ...matrices, units });
        else
          reject(
            problem(
              'run-failed',
              failure ?? unfinished(death ?? 'The trainer ended before the matrix was complete.'),
            ),
          );
      },
    );
  });
  return { result, stop: () => fail(stoppedSentence) };
}

function unfinished(how: string): string {
  return `${how} The run is as it was: ask for the matrix again.`;
}
