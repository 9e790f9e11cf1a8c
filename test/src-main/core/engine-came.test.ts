import { expect, it, vi } from 'vitest';
import type { Trainers } from '#main/core/trainers.ts';
import { openCore, smallStudy } from './core-fixtures.ts';

it('an engine that comes while the lab is open is told of, and its speed is measured after all', async () => {
  let isThere = false;
  const trainers: Trainers = {
    start(_request, onMessage, onEnd) {
      onMessage(
        isThere
          ? { type: 'inspected', version: '1', gigaflops: 1 }
          : { type: 'failed', code: 'engine-unavailable', message: 'It is not here.', seconds: 0 },
      );
      setImmediate(() => onEnd(null));
      return { kill: () => undefined };
    },
  };
  const { core, events } = openCore({ trainers });
  const secondsFrom = (): string | null => {
    const check = core.checkStudy(smallStudy({}), 'small.yaml', 'tensorflow');
    return check.ok ? check.preview.secondsFrom : 'has errors';
  };
  expect(secondsFrom()).toBe('measuring');
  await vi.waitFor(() => expect(secondsFrom()).toBeNull());
  isThere = true;
  expect(secondsFrom()).toBeNull();
  core.engineCame();
  expect(events).toContainEqual({ type: 'engines' });
  await vi.waitFor(() => expect(secondsFrom()).toBe('speed'));
});
