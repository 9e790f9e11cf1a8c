import { describe, expect, it } from 'vitest';
import { createEventQueue } from '#main/contract/event-queue.ts';
import type { LabEvent } from '#shared/models/lab.ts';

const limit = 10;

function rows(runId: number, firstEpoch: number, count = 1, testAccuracy = 0): LabEvent {
  return { type: 'rows', runId, studyId: 1, firstEpoch, count, testAccuracy };
}
function state(runId: number, name: 'running' | 'finished'): LabEvent {
  return { type: 'run', runId, studyId: 1, state: name, problem: null };
}
function progress(rowsDone: number): LabEvent {
  const known = { studyId: 1, runsDone: 0, runsFailed: 0, runsTotal: 2, rowsTotal: 100 };
  return {
    type: 'progress',
    progress: { ...known, rowsDone, rowsPerSecond: null, secondsLeft: null },
    idle: null,
  };
}
function notice(message: string): LabEvent {
  return { type: 'notice', level: 'warning', message };
}

describe('what one client has yet to hear', () => {
  it('is told in order, once', () => {
    const queue = createEventQueue(limit);
    const told = [state(1, 'running'), rows(1, 0), notice('a'), state(1, 'finished')];
    for (const event of told) queue.push(event);
    expect(queue.takeAll()).toStrictEqual(told);
    expect(queue.takeAll()).toBeNull();
  });

  it('says rows of a run as one range, after what happened before the last of them', () => {
    const queue = createEventQueue(limit);
    for (const event of [rows(1, 0, 5, 0.1), rows(2, 0), state(2, 'running'), rows(1, 5, 5, 0.2)])
      queue.push(event);
    expect(queue.takeAll()).toStrictEqual([rows(2, 0), state(2, 'running'), rows(1, 0, 10, 0.2)]);
  });

  it('covers rows that were trained again after a crash', () => {
    const queue = createEventQueue(limit);
    for (const event of [rows(1, 10, 10, 0.5), rows(1, 15, 2, 0.4)]) queue.push(event);
    expect(queue.takeAll()).toStrictEqual([rows(1, 10, 10, 0.4)]);
  });

  it('keeps only the newest progress, and every state and notice', () => {
    const queue = createEventQueue(limit);
    const kept = [state(1, 'running'), state(1, 'finished'), notice('same'), notice('same')];
    for (const event of [progress(1), ...kept, progress(2)]) queue.push(event);
    expect(queue.takeAll()).toStrictEqual([...kept, progress(2)]);
  });

  it('never grows past its limit, whatever comes, and counts what it lost', () => {
    const queue = createEventQueue(limit);
    let longest = 0;
    for (let run = 1; run <= 1000; run++) {
      queue.push(state(run, 'running'));
      longest = Math.max(longest, queue.size);
    }
    const told = queue.takeAll() ?? [];
    expect(longest).toBe(limit);
    const missed = told[0].type === 'resync' ? told[0].missed : null;
    expect(missed).toBe(1000 - (told.length - 1));
    expect(told.slice(1)).toStrictEqual(
      Array.from({ length: told.length - 1 }, (_, index) =>
        state(1001 - (told.length - 1) + index, 'running'),
      ),
    );
  });

  it('keeps to its limit when notices alone are too many, and keeps the latest', () => {
    const queue = createEventQueue(limit);
    for (let index = 0; index < 500; index++) {
      queue.push(notice(`${index}`));
      expect(queue.size).toBeLessThanOrEqual(limit);
    }
    const told = queue.takeAll() ?? [];
    expect(told[0].type).toBe('resync');
    expect(told.at(-1)).toStrictEqual(notice('499'));
  });

  it('keeps the latest notices when the rest gives way', () => {
    const queue = createEventQueue(limit);
    queue.push(notice('The disk is full.'));
    for (let run = 1; run <= limit; run++) queue.push(state(run, 'running'));
    expect(queue.takeAll()).toStrictEqual([
      { type: 'resync', missed: limit - 1 },
      notice('The disk is full.'),
      state(limit, 'running'),
    ]);
  });

  it('wakes a reader that waits, and takes nothing after it is closed', async () => {
    const queue = createEventQueue(limit);
    const waiting = queue.waiting();
    queue.push(notice('a'));
    await waiting;
    queue.takeAll();
    const closing = queue.waiting();
    queue.close();
    await closing;
    queue.push(notice('b'));
    expect(queue.takeAll()).toBeNull();
    await queue.waiting();
  });
});
