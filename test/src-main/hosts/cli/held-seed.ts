// For `node --import`: the trainer of a run of seed 2 stands still once it has sent rows, until it is ended: whatever befalls its host then does so in
// the middle of the study, however fast the machine is and however late it is looked at.
import path from 'node:path';
import type { TrainerMessage, TrainerRequest } from '#main/trainer/messages.ts';

if (process.argv[1]?.endsWith(path.join('trainer', 'entry.ts'))) {
  const once = process.once.bind(process);
  const send = process.send?.bind(process);
  let held = false;
  const hear = (name: string, listener: (request: TrainerRequest) => void): NodeJS.Process =>
    once(name, (request: TrainerRequest) => {
      held = request.type === 'train' && request.spec.seed === 2;
      listener(request);
    });
  const say = (message: TrainerMessage, done: () => void): void => {
    send?.(message, done);
    if (held && message.type === 'rows') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  };
  Object.assign(process, { once: hear, send: say });
}
