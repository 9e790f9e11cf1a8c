import { describe, expect, it } from 'vitest';
import type { Trainers } from '#main/core/trainers.ts';
import { nodeTrainers } from '#main/hosts/node-trainers.ts';
import { openCore, smallStudy } from './core-fixtures.ts';
import type { OpenedCore } from './core-fixtures.ts';

/** A core that acts when it has begun to load an engine, which is long before the engine is there. */
function coreThatLoads(act: (core: OpenedCore['core']) => Promise<void>): {
  readonly opened: OpenedCore;
  readonly acted: Promise<void>;
} {
  const { promise: acted, resolve } = Promise.withResolvers<void>();
  const trainers: Trainers = {
    start(request, onMessage, onEnd) {
      if (request.type === 'inspect') resolve(Promise.resolve().then(() => act(opened.core)));
      return nodeTrainers.start(request, onMessage, onEnd);
    },
  };
  const opened = openCore({ trainers });
  return { opened, acted };
}

function add({ core }: OpenedCore, seeds: string): number {
  return core.createStudy(smallStudy({ seeds }), 'small.yaml').id;
}

/** A study that was started, and what was done while its engine was loaded; nothing trains any more. */
async function startWhile(
  act: (core: OpenedCore['core']) => Promise<void>,
  seeds: string,
): Promise<{ readonly opened: OpenedCore; readonly id: number }> {
  const { opened, acted } = coreThatLoads(act);
  const id = add(opened, seeds);
  await opened.core.startStudy(id, { engine: 'plain' });
  await acted;
  await opened.core.settled(id);
  return { opened, id };
}

describe('what is told to stop while its engine is loaded is not started', () => {
  it('a run of a study that is started: cancelled, and the others are trained', async () => {
    const { opened, id } = await startWhile((core) => core.cancelRun(2), '[0, 1, 2]');
    expect(opened.core.getRun(2)).toMatchObject({ state: 'cancelled', rows: 0 });
    expect(opened.core.getStudy(id).states).toMatchObject({ finished: 2, cancelled: 1 });
  });

  it('the only run of a study: nothing trains', async () => {
    const { opened, id } = await startWhile((core) => core.cancelRuns([1]), '[0]');
    expect(opened.core.getRun(1)).toMatchObject({ state: 'cancelled', rows: 0 });
    expect(opened.store.studies.get(id).training).toBeNull();
  });

  it('a run that is retried by itself', async () => {
    const { opened, acted } = coreThatLoads((core) => core.cancelRun(1));
    const id = add(opened, '[0]');
    await opened.core.cancelRun(1);
    await opened.core.retryRun(1);
    await acted;
    await opened.core.settled(id);
    expect(opened.core.getRun(1)).toMatchObject({ state: 'cancelled', rows: 0 });
  });

  it('one of several runs that are retried, though another is started first', async () => {
    const { opened, acted } = coreThatLoads((core) => core.cancelRun(2));
    const id = add(opened, '[0, 1]');
    await opened.core.cancelRuns([1, 2]);
    await opened.core.retryRuns([1, 2]);
    await acted;
    await opened.core.settled(id);
    expect(opened.core.getStudy(id).states).toMatchObject({ finished: 1, cancelled: 1 });
    expect(opened.core.getRun(2)).toMatchObject({ state: 'cancelled', rows: 0 });
  });

  it.each([
    ['deleteRun', (core: OpenedCore['core']) => core.deleteRun(1)],
    ['deleteRuns', (core: OpenedCore['core']) => core.deleteRuns([1])],
  ])('a run that is deleted with %s: whoever retried it is not told of an error', async (_name, remove) => {
    const { opened, acted } = coreThatLoads(remove);
    const id = add(opened, '[0]');
    await opened.core.retryRun(1);
    await acted;
    await opened.core.settled(id);
    opened.core.restoreRun(1);
    expect(opened.core.getRun(1)).toMatchObject({ state: 'queued', rows: 0 });
  });

  it('a run of a study that is started, deleted: it stays deleted, and the others are trained', async () => {
    const { opened, id } = await startWhile((core) => core.deleteRun(2), '[0, 1]');
    expect(opened.core.listRuns({ studyId: id }).runs).toMatchObject([{ id: 1, state: 'finished' }]);
  });

  it('a study that is paused', async () => {
    const { opened } = await startWhile((core) => core.pauseStudy(1), '[0]');
    expect(opened.core.getRun(1)).toMatchObject({ state: 'queued', rows: 0 });
  });
});

it('a run that was cancelled once is trained when it is started anew', async () => {
  const opened = openCore();
  const id = add(opened, '[0]');
  await opened.core.cancelRun(1);
  await opened.core.startStudy(id, { engine: 'plain' });
  await opened.core.settled(id);
  expect(opened.core.getRun(1).state).toBe('finished');
});
