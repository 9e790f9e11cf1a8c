import { expect, it } from 'vitest';
import type { Trainers } from '#main/core/trainers.ts';
import { nodeTrainers } from '#main/hosts/node-trainers.ts';
import { contentHash } from '#main/store/content-hash.ts';
import type { LabStore } from '#main/store/lab-store.ts';
import { integer } from '#main/store/row.ts';
import { openCore, smallStudy, undisturbedHash } from './core-fixtures.ts';

/** A disk with room for so many pages of 4 KiB more, as SQLite sees a full one. */
function leaveRoom(store: LabStore, pages: number): void {
  const used = store.database.get('PRAGMA page_count', (row) => integer(row, 'page_count')) ?? 0;
  store.database.exec(`PRAGMA max_page_count = ${used + pages}`);
}

/** Two trainers, neither heard further than its first rows before both have sent some: one may be through before the other has started. */
function abreast(): Trainers {
  const waiting: (() => void)[] = [];
  let begun = 0;
  return {
    start(request, onMessage, onEnd) {
      if (request.type !== 'train') return nodeTrainers.start(request, onMessage, onEnd);
      let hasRows = false;
      const inTurn = (tell: () => void): void => {
        if (hasRows && begun < 2) waiting.push(tell);
        else tell();
      };
      return nodeTrainers.start(
        request,
        (message) => {
          inTurn(() => onMessage(message));
          if (message.type !== 'rows' || hasRows) return;
          hasRows = true;
          if (++begun === 2) for (const tell of waiting.splice(0)) tell();
        },
        (death) => inTurn(() => onEnd(death)),
      );
    },
  };
}

const study = smallStudy({ epochs: 2500, seeds: '[0, 1]' });

it('a full disk stops training with one notice, true states and every committed row; with room again it goes on in the same host', async () => {
  const { core, store, events } = openCore({ workers: 2, trainers: abreast() });
  const { id } = core.createStudy(study, 'small.yaml');
  const training = new Set<number>();
  const leave = core.subscribe((event) => {
    if (event.type !== 'rows' || training.add(event.runId).size < 2) return;
    leave();
    leaveRoom(store, 40);
  });
  await core.startStudy(id, { engine: 'plain' });
  await expect(core.settled(id)).rejects.toMatchObject({ problems: [{ code: 'disk-full' }] });

  const told = new Map<number, number>();
  for (const event of events)
    if (event.type === 'rows') told.set(event.runId, event.firstEpoch + event.count);
  expect(told.size).toBe(2);
  for (const [runId, rows] of told) expect(core.getRun(runId).rows).toBe(rows);
  expect(core.getStudy(id)).toMatchObject({ paused: true, states: { running: 0, interrupted: 2 } });
  expect(core.listRuns({ studyId: id }).runs.map((run) => run.problem)).toContain(
    'Its lab could not be written; starting the study goes on from here.',
  );
  expect(events.filter(({ type }) => type === 'notice')).toEqual([
    {
      type: 'notice',
      level: 'error',
      message: expect.stringMatching(/Training stopped: .*disk is full.*free some space/),
    },
  ]);

  leaveRoom(store, 100_000);
  await core.startStudy(id, { engine: 'plain' });
  await core.settled(id);
  expect(core.getStudy(id).states).toMatchObject({ finished: 2 });
  expect(contentHash(store, { kind: 'study', id })).toBe(await undisturbedHash(study));
});

it('a state that could not be written either is put right at the next start', async () => {
  const { core, store } = openCore();
  const { id } = core.createStudy(study, 'small.yaml');
  // From the hundredth row of the first run on nothing can be written, its state neither.
  const leave = core.subscribe((event) => {
    if (event.type === 'rows' && event.firstEpoch > 100) store.database.exec('PRAGMA query_only = ON');
  });
  await core.startStudy(id, { engine: 'plain' });
  await expect(core.settled(id)).rejects.toMatchObject({ problems: [{ code: 'lab-read-only' }] });
  expect(core.getStudy(id).states).toMatchObject({ running: 1, queued: 1 });

  leave();
  store.database.exec('PRAGMA query_only = OFF');
  await core.startStudy(id, { engine: 'plain' });
  await core.settled(id);
  expect(core.getStudy(id).states).toMatchObject({ finished: 2 });
  expect(contentHash(store, { kind: 'study', id })).toBe(await undisturbedHash(study));
});
