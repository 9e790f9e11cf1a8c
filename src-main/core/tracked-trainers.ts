import type { RunningTrainer, Trainers } from './trainers.ts';

/** The same trainers, with every process that is still there known, so that a closing lab leaves none behind. */
export function trackTrainers(trainers: Trainers): { readonly trainers: Trainers; killAll(): void } {
  const running = new Set<RunningTrainer>();
  let closed = false;
  return {
    trainers: {
      start(request, onMessage, onEnd) {
        if (closed) {
          // What was waiting for its engine when the lab was closed: a process now would outlive everything.
          queueMicrotask(() => onEnd('The lab was closed.'));
          return { kill: () => undefined };
        }
        const entry = { kill: (): void => trainer.kill() };
        running.add(entry);
        const trainer = trainers.start(request, onMessage, (death) => {
          running.delete(entry);
          onEnd(death);
        });
        return trainer;
      },
    },
    killAll() {
      closed = true;
      for (const trainer of running) trainer.kill();
    },
  };
}
