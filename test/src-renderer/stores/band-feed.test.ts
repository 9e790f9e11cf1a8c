import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { BandFeed } from '../../../src-renderer/stores/band-feed.ts';

const study = { id: 7, conditions: ['a', 'b', 'c'], epochs: 20_000 };

/** A lab whose every condition has the run of its place, and what was asked of it and passed on. */
function feed(interval = 0) {
  const open = { now: 0, most: 0 };
  const client = {
    bands: vi.fn(async ({ conditions = [] }: { conditions?: readonly string[] }) => {
      open.most = Math.max(open.most, ++open.now);
      await nextTurn();
      open.now--;
      return conditions.map((condition) => ({
        condition,
        runs: [{ id: study.conditions.indexOf(condition) + 1, rows: 4 }],
        median: new Float64Array(4),
        q1: new Float64Array(4),
        q3: new Float64Array(4),
        counts: new Int32Array(4),
      }));
    }),
  };
  const given: string[] = [];
  const lost = vi.fn<(condition: string) => void>();
  const bands = new BandFeed(
    client,
    (name, some) => given.push(...some.map(({ condition }) => `${name} ${condition}`)),
    lost,
    interval,
  );
  return { bands, client, given, lost, open };
}

it('bands are asked for once, a few conditions at a time, and passed on as they come', async () => {
  const { bands, client, given } = feed();
  const after = vi.fn<() => void>();
  await Promise.all([bands.refresh(study, ['x'], after), bands.refresh(study, ['x', 'y'], after)]);
  expect(client.bands.mock.calls.map(([query]) => query)).toStrictEqual(
    ['x', 'y'].flatMap((name) => [['a', 'b'], ['c']].map((conditions) => ({ studyId: 7, name, conditions }))),
  );
  expect(given.toSorted()).toStrictEqual(['x a', 'x b', 'x c', 'y a', 'y b', 'y c']);
  expect(after).toHaveBeenCalledTimes(4);
  await bands.refresh(study, ['x', 'y'], after);
  expect(client.bands).toHaveBeenCalledTimes(4);
});

it('those of a series that come quickly are shown once, when all have come', async () => {
  const { bands, given } = feed(Infinity);
  const shown: number[] = [];
  const show = (): void => void shown.push(given.length);
  await Promise.all([bands.refresh(study, ['x'], show), bands.refresh(study, ['y'], show)]);
  expect(shown).toStrictEqual([3, 6]);
});

it('what is asked for while others are shown does not wait for that', async () => {
  const { bands, given } = feed(Infinity);
  let more: Promise<void> | undefined;
  const shown: number[] = [];
  await bands.refresh(study, ['x'], async () => {
    more = bands.refresh(study, ['y'], () => void shown.push(given.length));
    await expect.poll(() => given.length).toBe(6);
  });
  await more;
  expect(shown).toStrictEqual([6]);
});

it('series that the lab does not have are not shown, and not asked for further', async () => {
  const { bands, client } = feed();
  client.bands.mockResolvedValue([]);
  const after = vi.fn<() => void>();
  await bands.refresh(study, ['x'], after);
  expect(after).not.toHaveBeenCalled();
  // The second is on its way when the first answer comes.
  await bands.refresh({ ...study, conditions: ['a', 'b', 'c', 'd', 'e', 'f'] }, ['y'], after);
  expect(client.bands.mock.calls.map(([{ conditions }]) => conditions)).toStrictEqual([
    ['a', 'b'],
    ['c'],
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

it('what else is asked waits until they have come and are drawn', async () => {
  const { bands, given } = feed();
  await bands.idle();
  let drawn = 0;
  void bands.refresh(study, ['x'], async () => {
    await nextTurn();
    drawn++;
  });
  await bands.idle();
  expect(given).toHaveLength(3);
  expect(drawn).toBe(2);
});

it('a run that begins anew takes the bands of its condition with it, one that grows does not', async () => {
  const { bands, lost } = feed();
  bands.touch(1, 'a', 0, 0);
  await bands.refresh(study, ['x'], () => {});
  bands.touch(1, 'a', 6, 4);
  bands.touch(9, 'a', 3, 0);
  expect(lost).not.toHaveBeenCalled();
  bands.touch(1, 'a', 0, 0);
  bands.touch(2, 'b', 3, 0);
  expect(lost.mock.calls).toStrictEqual([['a'], ['b']]);
});

it('nothing of a study that was left is passed on', async () => {
  const { bands, given } = feed();
  const asked = bands.refresh(study, ['x'], () => {});
  bands.clear();
  await asked;
  expect(given).toStrictEqual([]);
  await bands.refresh(study, ['x'], () => {});
  expect(given).toHaveLength(3);
});

it('no more than two questions are open at once, whoever asks', async () => {
  const { bands, client, open } = feed();
  await Promise.all(['x', 'y', 'z'].map((name) => bands.refresh(study, [name], () => {})));
  expect([client.bands.mock.calls.length, open.most]).toStrictEqual([6, 2]);
});

it('nor after a study was left while its bands were asked for', async () => {
  const { bands, open } = feed();
  const left = bands.refresh(study, ['x'], () => {});
  bands.clear();
  await left;
  open.most = 0;
  await Promise.all(['x', 'y', 'z'].map((name) => bands.refresh(study, [name], () => {})));
  expect(open.most).toBe(2);
});

it('what waits for the bands waits for every drawing, the first as the last', async () => {
  const { bands } = feed(Infinity);
  const one = { ...study, conditions: ['a'] };
  let drawn = false;
  void bands.refresh(one, ['x'], async () => {
    for (let turn = 0; turn < 20; turn++) await nextTurn();
    drawn = true;
  });
  void bands.refresh(one, ['y'], () => {});
  // Asked for by whoever showed the first, and shown before that is drawn.
  void bands.refresh(one, ['z'], () => {});
  await bands.idle();
  expect(drawn).toBe(true);
});

it('time runs from the first band that came, and not from the opening of the window', async () => {
  const { bands, given } = feed(1000);
  const now = vi.spyOn(performance, 'now').mockReturnValue(10_000);
  const shown: number[] = [];
  await bands.refresh(study, ['x'], () => void shown.push(given.length));
  now.mockRestore();
  expect(shown).toStrictEqual([3]);
});

it('a run of a study that was left takes no bands with it', async () => {
  const { bands, lost } = feed();
  await bands.refresh(study, ['x'], () => {});
  bands.clear();
  bands.touch(1, 'a', 0, 0);
  expect(lost).not.toHaveBeenCalled();
});
