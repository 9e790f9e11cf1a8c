import type { MatrixStage } from '#shared/models/matrix.ts';
import type { TrainerMessage } from './messages.ts';

/** Tells the host where computing something again has come to; awaited, it is told before the next long computation begins. */
export function tellStage(
  send: (message: TrainerMessage) => void,
): (stage: MatrixStage, epoch: number) => Promise<void> {
  return (stage, epoch) => {
    send({ type: 'replaying', stage, epoch });
    // A message is written only when this process stops computing.
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  };
}
