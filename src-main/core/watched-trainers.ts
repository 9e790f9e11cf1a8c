import type { TrainerMessage } from '../trainer/messages.ts';
import { limitWait } from './limit-wait.ts';
import type { Patience } from './patience.ts';
import type { Trainers } from './trainers.ts';

/**
 * The same trainers, each ended once it has been silent longer than its work can take, whatever it was asked for: to load an engine, to
 * train, or to compute something again. That is then how it died.
 */
export function watchTrainers(trainers: Trainers, patience: Patience): Trainers {
  return {
    start(request, onMessage, onEnd) {
      let hung: string | null = null;
      let endWait: (() => void) | undefined;

      function wait(milliseconds: number): void {
        endWait?.();
        endWait = limitWait(milliseconds, () => {
          hung = `The trainer sent nothing for ${Math.round(milliseconds / 1000)} s and was stopped.`;
          trainer.kill();
        });
      }

      wait(patience(request, false));
      const trainer = trainers.start(
        request,
        (message) => {
          // What was on its way when it was given up comes too late.
          if (hung !== null) return;
          wait(patience(request, computes(message)));
          onMessage(message);
        },
        (death) => {
          endWait?.();
          onEnd(hung ?? death);
        },
      );
      return trainer;
    },
  };
}

/** Whether one long computation follows. */
function computes(message: TrainerMessage): boolean {
  return message.type === 'probing' || (message.type === 'replaying' && message.stage !== 'training');
}
