import { expect, it } from 'vitest';
import { trackTrainers } from '#main/core/tracked-trainers.ts';
import type { Trainers } from '#main/core/trainers.ts';

function listen(): void {}

it('a lab that was closed starts no process any more: who asks hears that it is closed', async () => {
  let started = 0;
  const killed: string[] = [];
  const real: Trainers = {
    start(_request, _onMessage, onEnd) {
      started++;
      return { kill: () => onEnd('ended by SIGKILL') };
    },
  };
  const { trainers, killAll } = trackTrainers(real);
  const inspect = { type: 'inspect', engine: 'plain', measure: false } as const;
  trainers.start(inspect, listen, (death) => void killed.push(String(death)));
  killAll();
  const late = await new Promise((resolve) => trainers.start(inspect, listen, resolve));
  expect({ started, killed, late }).toEqual({
    started: 1,
    killed: ['ended by SIGKILL'],
    late: 'The lab was closed.',
  });
});
