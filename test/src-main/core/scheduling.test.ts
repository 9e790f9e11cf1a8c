import { describe, expect, it } from 'vitest';
import { forkTrainers, nodeTrainers } from '#main/hosts/node-trainers.ts';
import type { Trainers } from '#main/core/trainers.ts';
import { contentHash } from '#main/store/content-hash.ts';
import type { LabEvent, StudyProgress } from '#shared/models/lab.ts';
import { faultyTrainers } from '../../faults/faulty-trainer.ts';
import { openTestLab, temporaryFolder } from '../store/lab-fixtures.ts';
import { openCore, smallStudy, undisturbedHash } from './core-fixtures.ts';
import type { OpenedCore } from './core-fixtures.ts';

/** Slow enough to be stopped in the middle: a run takes a second at least. */
function slowTrainers(): Trainers {
  return faultyTrainers({ folder: temporaryFolder(), faults: {}, checkpointEvery: 15, pace: 8 });
}

/** With rows, so that what stops it comes in the middle of a run. */
function trains(runId?: number): (event: LabEvent) => boolean {
  return (event) => event.type === 'rows' && event.firstEpoch > 30 && (runId ?? event.runId) === event.runId;
}

/** Two conditions of two seeds. */
const grid = `${smallStudy({ seeds: '[0, 1]', epochs: 60 })}conditions:
  grokking: {}
  control: { optimizer: { weightDecay: 0 }, probes: { repulsion: { ridge: [0.01] } } }
`;

function add(core: OpenedCore['core'], text: string): number {
  return core.createStudy(text, 'small.yaml').id;
}

async function finish({ core }: OpenedCore, studyId: number): Promise<void> {
  await core.startStudy(studyId, { engine: 'plain' });
  await core.settled(studyId);
}

function progressOf(events: readonly LabEvent[]): StudyProgress[] {
  return events.flatMap((event) => (event.type === 'progress' ? [event.progress] : []));
}

describe('the queue', () => {
  it('trains seed by seed over all conditions, and the study started first goes first', async () => {
    const opened = openCore();
    const { core, events } = opened;
    const first = add(core, grid);
    const second = add(core, smallStudy({ epochs: 20 }).replace('[0, 60]', '[0]'));
    await core.startStudy(first, { engine: 'plain' });
    await core.startStudy(second, { engine: 'plain' });
    await core.settled(second);
    const order = events.flatMap((event) =>
      event.type === 'run' && event.state === 'running' ? [core.getRun(event.runId)] : [],
    );
    expect(order.map(({ studyId, condition, seed }) => [studyId, condition, seed])).toEqual([
      [first, 'grokking', 0],
      [first, 'control', 0],
      [first, 'grokking', 1],
      [first, 'control', 1],
      [second, 'base', 0],
    ]);
  });

  it('never runs more at once than there are workers, and no worker idles while anything waits', async () => {
    // Processes are counted, not runs that say so: one may be through before another has started.
    let [now, most] = [0, 0];
    const counted: Trainers = {
      start(request, onMessage, onEnd) {
        if (request.type !== 'train') return nodeTrainers.start(request, onMessage, onEnd);
        most = Math.max(most, ++now);
        return nodeTrainers.start(request, onMessage, (death) => {
          now--;
          onEnd(death);
        });
      },
    };
    const opened = openCore({ workers: 2, trainers: counted });
    await finish(opened, add(opened.core, grid));
    expect(most).toBe(2);
  });

  it('tells counts that equal what is stored, and ends at all of them', async () => {
    const opened = openCore({ workers: 2 });
    const { core, events } = opened;
    const id = add(core, grid);
    await finish(opened, id);
    const last = progressOf(events).at(-1);
    expect(last).toMatchObject({ runsDone: 4, runsFailed: 0, runsTotal: 4, rowsDone: 244, rowsTotal: 244 });
    expect(core.listRuns({ studyId: id }).runs.reduce((sum, run) => sum + run.rows, 0)).toBe(244);
    expect(core.getStudy(id).states.finished).toBe(4);
  });

  it('a run that starts again from its seed is not counted twice', async () => {
    const path = `${temporaryFolder()}/x.lab`;
    const before = openCore({ trainers: slowTrainers(), path });
    const id = add(before.core, smallStudy());
    const half = before.heard(trains());
    await before.core.startStudy(id, { engine: 'plain' });
    await half;
    await before.core.close();
    // An update of the engine: its rows cannot be continued.
    const store = openTestLab(path);
    store.database.run(`UPDATE run SET provenance = json_set(provenance, '$.engineVersion', 'old')`);
    const after = openCore({ store });
    await finish(after, id);
    expect(progressOf(after.events).at(-1)).toMatchObject({ rowsDone: 121, rowsTotal: 121, runsDone: 1 });
    expect(contentHash(after.store, { kind: 'study', id })).toBe(await undisturbedHash(smallStudy()));
  });
});

describe('stopping and going on', () => {
  it('pause keeps the rows, says so, and starting again gives the run an undisturbed one would be', async () => {
    const opened = openCore({ trainers: slowTrainers() });
    const { core, store, heard } = opened;
    const id = add(core, smallStudy());
    const half = heard(trains());
    await core.startStudy(id, { engine: 'plain' });
    await half;
    await core.pauseStudy(id);
    const [run] = core.listRuns({ studyId: id }).runs;
    expect(run).toMatchObject({
      state: 'interrupted',
      problem: expect.stringContaining('goes on from here'),
    });
    expect(run.rows).toBeGreaterThan(30);
    expect(run.rows).toBeLessThan(121);
    expect(run.seconds).toBeGreaterThan(0.2);
    expect(core.getStudy(id).paused).toBe(true);
    expect(store.studies.get(id).training).toBeNull();
    await finish(opened, id);
    // What was trained before the pause counts too.
    expect(core.getRun(run.id).seconds).toBeGreaterThan(run.seconds);
    expect(contentHash(store, { kind: 'study', id })).toBe(await undisturbedHash(smallStudy()));
  });

  it('a pause in the middle of a probe keeps the rows; the probe is made when the study goes on', async () => {
    const opened = openCore();
    const { core, store, at } = opened;
    const id = add(core, smallStudy());
    const paused = at(
      (event) => event.type === 'probing' && event.epoch === 60,
      () => core.pauseStudy(id),
    );
    await core.startStudy(id, { engine: 'plain' });
    await paused;
    const [run] = core.listRuns({ studyId: id }).runs;
    expect(run.state).toBe('interrupted');
    expect(run.rows).toBeGreaterThanOrEqual(60);
    await finish(opened, id);
    expect(contentHash(store, { kind: 'study', id })).toBe(await undisturbedHash(smallStudy()));
  });

  it('a pause while the engine is still being loaded wins', async () => {
    const { core, store, events } = openCore();
    const id = add(core, smallStudy());
    const starting = core.startStudy(id, { engine: 'plain' });
    await core.pauseStudy(id);
    await starting;
    await core.settled(id);
    expect(events.filter(({ type }) => type === 'run')).toEqual([]);
    expect(store.studies.get(id).training).toBeNull();
    expect(core.getStudy(id).states).toMatchObject({ queued: 1, running: 0 });
  });

  it('cancel of a study cancels what runs and what waits, and nothing that is finished', async () => {
    const { core, heard } = openCore({ trainers: slowTrainers() });
    const id = add(core, grid);
    await core.startStudy(id, { engine: 'plain' });
    await heard((event) => event.type === 'run' && event.state === 'finished');
    await core.cancelStudy(id);
    expect(core.getStudy(id).states).toMatchObject({ finished: 1, cancelled: 3, running: 0, queued: 0 });
    await core.settled(id);
  });

  it('cancel of one run lets the others go on, and retry brings it back from where it was', async () => {
    const opened = openCore({ trainers: slowTrainers() });
    const { core, store, heard, events } = opened;
    const study = smallStudy({ seeds: '[0, 1]' });
    const id = add(core, study);
    const [first] = core.listRuns({ studyId: id }).runs;
    const half = heard(trains(first.id));
    await core.startStudy(id, { engine: 'plain' });
    await half;
    await core.cancelRun(first.id);
    await core.settled(id);
    expect(core.getStudy(id).states).toMatchObject({ finished: 1, cancelled: 1 });
    expect(progressOf(events).at(-1)).toMatchObject({ runsDone: 1, runsTotal: 1 });
    const { rows } = core.getRun(first.id);
    await core.retryRun(first.id);
    await core.settled(id);
    expect(rows).toBeGreaterThan(30);
    const again = events.filter((event) => event.type === 'rows' && event.runId === first.id);
    expect(again.map((event) => (event.type === 'rows' ? event.firstEpoch : -1))).toEqual(
      Array.from({ length: 121 }, (_, epoch) => epoch),
    );
    expect(contentHash(store, { kind: 'study', id })).toBe(await undisturbedHash(study));
  });

  it.each([['the run that trains'], ['a run that waits']])(
    'delete of %s takes it out and lets the others go on; undo brings it back',
    async (which) => {
      const opened = openCore({ trainers: slowTrainers() });
      const { core, store, events } = opened;
      const study = smallStudy({ seeds: '[0, 1]' });
      const id = add(core, study);
      const runs = core.listRuns({ studyId: id, sort: { by: 'id', descending: false } }).runs;
      const gone = which === 'a run that waits' ? runs[1] : runs[0];
      // At once: the first one's trainer has not said yet that it started.
      await core.startStudy(id, { engine: 'plain' });
      await core.deleteRun(gone.id);
      await core.settled(id);
      expect(core.getStudy(id).states).toMatchObject({ finished: 1, queued: 0, running: 0 });
      expect(events.filter(({ type }) => type === 'notice')).toEqual([]);
      core.restoreRun(gone.id);
      await finish(opened, id);
      expect(core.getStudy(id).states).toMatchObject({ finished: 2 });
      expect(contentHash(store, { kind: 'study', id })).toBe(await undisturbedHash(study));
    },
  );

  it('a study deleted while it trains stops, and undo brings its rows back', async () => {
    const { core, heard } = openCore({ trainers: slowTrainers() });
    const id = add(core, smallStudy());
    const half = heard(trains());
    await core.startStudy(id, { engine: 'plain' });
    await half;
    await core.deleteStudy(id);
    expect(core.listStudies({})).toEqual([]);
    expect(core.listStudies({ deleted: true })).toHaveLength(1);
    core.restoreStudy(id);
    const [run] = core.listRuns({ studyId: id }).runs;
    expect(run.state).toBe('interrupted');
    expect(run.rows).toBeGreaterThan(30);
  });

  it('a run that is finished cannot be retried', async () => {
    const opened = openCore();
    const id = add(opened.core, smallStudy());
    await finish(opened, id);
    const [run] = opened.core.listRuns({ studyId: id }).runs;
    await expect(opened.core.retryRun(run.id)).rejects.toMatchObject({
      problems: [{ code: 'bad-argument' }],
    });
  });
});

describe('a host that comes back', () => {
  it('goes on with what was queued or interrupted, and not with what a person cancelled', async () => {
    const path = `${temporaryFolder()}/x.lab`;
    const before = openCore({ trainers: slowTrainers(), path });
    const study = smallStudy({ seeds: '0..2' });
    const id = add(before.core, study);
    const [, , third] = before.core.listRuns({ studyId: id, sort: { by: 'id', descending: false } }).runs;
    const half = before.heard(trains());
    await before.core.startStudy(id, { engine: 'plain' });
    await half;
    await before.core.cancelRun(third.id);
    await before.core.close();

    const after = openCore({ path, workers: 2 });
    expect(after.store.studies.get(id).training).toBe('plain');
    expect(await after.core.recover()).toEqual(['Small']);
    await after.core.settled(id);
    expect(after.core.getStudy(id).states).toMatchObject({ finished: 2, cancelled: 1 });
    await finish(after, id);
    expect(contentHash(after.store, { kind: 'study', id })).toBe(await undisturbedHash(study));
  });

  it('says nothing of a study that has nothing left to train', async () => {
    const path = `${temporaryFolder()}/x.lab`;
    const before = openCore({ path });
    const id = add(before.core, smallStudy());
    await finish(before, id);
    // As a host leaves it that dies between a study's last run and the word that it is done.
    before.store.studies.setTraining(id, 'plain');
    await before.core.close();
    const after = openCore({ path });
    expect(await after.core.recover()).toEqual([]);
    expect(after.store.studies.get(id).training).toBeNull();
  });

  it('tells that an engine is gone, and goes on with the other studies', async () => {
    const { core, store, events } = openCore({
      trainers: {
        start: (request, onMessage, onEnd) =>
          request.type === 'inspect' && request.engine === 'wasm'
            ? forkTrainers('/nowhere/trainer.ts').start(request, onMessage, onEnd)
            : nodeTrainers.start(request, onMessage, onEnd),
      },
    });
    const gone = add(core, smallStudy());
    const other = add(core, smallStudy({ epochs: 70 }));
    store.studies.setTraining(gone, 'wasm');
    store.studies.setTraining(other, 'plain');
    expect(await core.recover()).toEqual(['Small']);
    await core.settled(other);
    expect(core.getStudy(other).states.finished).toBe(1);
    expect(core.getStudy(gone).states.queued).toBe(1);
    expect(events).toContainEqual({
      type: 'notice',
      level: 'error',
      message: expect.stringMatching(
        /^Small does not go on: The trainer process ended .* loaded the wasm engine/,
      ),
    });
  });

  it('closing ends every trainer, a probe that is being replayed too', async () => {
    const opened = openCore();
    const id = add(opened.core, smallStudy());
    await finish(opened, id);
    const [run] = opened.core.listRuns({ studyId: id }).runs;
    const { promise: replaying, resolve: begun } = Promise.withResolvers<void>();
    // Slow: it never ends by itself within this test.
    const slow = openCore({
      trainers: {
        start: (request, onMessage, onEnd) => {
          if (request.type !== 'replay') return nodeTrainers.start(request, onMessage, onEnd);
          begun();
          return nodeTrainers.start({ ...request, epoch: 1e9 }, onMessage, onEnd);
        },
      },
      store: opened.store,
    });
    const replayed = slow.core.replay(run.id, 10);
    const refused = expect(replayed).rejects.toMatchObject({ problems: [{ code: 'run-failed' }] });
    await replaying;
    await slow.core.close();
    await refused;
  });
});

it('a listener that throws is told of and forgotten; the others hear everything and training goes on', async () => {
  const bugs: unknown[] = [];
  const opened = openCore({ onBug: (error) => bugs.push(error) });
  const bug = new Error('a listener of this test');
  opened.core.subscribe(() => {
    throw bug;
  });
  const id = add(opened.core, smallStudy());
  await finish(opened, id);
  expect(bugs).toEqual([bug]);
  expect(opened.core.getStudy(id).states.finished).toBe(1);
  expect(opened.events.at(-1)).toMatchObject({ type: 'studies' });
});
