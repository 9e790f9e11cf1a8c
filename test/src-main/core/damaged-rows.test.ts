import { expect, it } from 'vitest';
import type { Trainers } from '#main/core/trainers.ts';
import { checkLab } from '#main/store/check-lab.ts';
import { contentHash } from '#main/store/content-hash.ts';
import { faultyTrainers } from '../../faults/faulty-trainer.ts';
import { temporaryFolder } from '../store/lab-fixtures.ts';
import { openCore, smallStudy, undisturbedHash } from './core-fixtures.ts';

const text = smallStudy({ epochs: 800 });

// What flips, and what the warning says is trained again.
const damages = [
  [
    'a full chunk',
    `chunk SET data = zeroblob(length(data)) WHERE series = 3 AND number = 1`,
    /rows 250 to \d+ had/,
  ],
  ['the first chunk', `chunk SET crc32 = crc32 + 1 WHERE series = 0 AND number = 0`, /rows 0 to \d+ had/],
  ['the tail', `tail SET data = zeroblob(length(data))`, /rows \d+ to \d+ had/],
  ['a probe', `probe SET data = zeroblob(length(data)) WHERE epoch = 60`, /the probe at epoch 60 had/],
  [
    'a checkpoint',
    `snapshot_part SET data = zeroblob(length(data))`,
    /its checkpoint of epoch \d+ had .* from its seed/,
  ],
] as const;

it.each(damages)(
  'an unfinished run with damage in %s: it is said, trained again, and the run ends the same to the last bit',
  async (_, change, said) => {
    const trainers = faultyTrainers({ folder: temporaryFolder(), faults: {}, checkpointEvery: 15, pace: 2 });
    const { core, store, events, heard } = openCore({ trainers });
    const { id } = core.createStudy(text, 'small.yaml');
    const far = heard((event) => event.type === 'rows' && event.firstEpoch > 520);
    await core.startStudy(id, { engine: 'plain' });
    await far;
    await core.pauseStudy(id);
    expect(store.database.run(`UPDATE ${change}`).changes).toBeGreaterThan(0);
    expect(checkLab(store.path).sound).toBe(false);

    await core.startStudy(id, { engine: 'plain' });
    await core.settled(id);
    expect(core.getStudy(id).states).toMatchObject({ finished: 1 });
    const notices = events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
    expect(notices).toEqual([expect.stringMatching(said)]);
    expect(contentHash(store, { kind: 'study', id })).toBe(await undisturbedHash(text));
    expect(checkLab(store.path).findings).toEqual([]);
  },
);

/** As they are where epochs are slow: a checkpoint every 4 epochs, with all it needs. */
function slowTrainers(): Trainers {
  const slow = { checkpointEvery: 4, mostLost: 8 };
  return faultyTrainers({ folder: temporaryFolder(), faults: {}, pace: 2, ...slow });
}

it.each(['oldest', 'newest'] as const)(
  'an unfinished run whose checkpoint has an update, the %s, that changed on the disk: it is said where it is needed, trained again, and the run ends the same',
  async (which) => {
    const { core, store, events, heard } = openCore({ trainers: slowTrainers() });
    const { id } = core.createStudy(smallStudy(), 'small.yaml');
    const far = heard((event) => event.type === 'rows' && event.firstEpoch > 70);
    await core.startStudy(id, { engine: 'plain' });
    await far;
    await core.pauseStudy(id);
    const [{ id: runId, rows }] = core.listRuns({ studyId: id }).runs;
    const snapshot = store.snapshots.latest(runId);
    if (snapshot === null) throw new Error('there is no checkpoint');
    const { epoch, updates } = snapshot;
    const step = which === 'newest' ? epoch - 1 : epoch - updates.length;
    const damage = 'UPDATE update_part SET data = zeroblob(length(data)) WHERE step = ?';
    expect(store.database.run(damage, step).changes).toBe(1);
    expect(checkLab(store.path).findings).toEqual([
      expect.stringContaining('its snapshot cannot be gone on from'),
    ]);
    await core.startStudy(id, { engine: 'plain' });
    await core.settled(id);
    // The window of the first row that is missing holds the ten updates before it.
    const needed = step >= rows - 10;
    expect(needed || which === 'oldest').toBe(true);
    const notices = events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
    const said = `its checkpoint of epoch ${epoch} had changed on the disk. It is trained again from its seed; its ${rows} rows stay`;
    expect(notices).toEqual(needed ? [expect.stringContaining(said)] : []);
    expect(core.runLog(runId).findLast(({ state }) => state === 'running')).toMatchObject({
      checkpoint: needed ? null : epoch,
      rows,
    });
    expect(contentHash(store, { kind: 'study', id })).toBe(await undisturbedHash(smallStudy()));
    expect(store.database.all('SELECT step FROM update_part', (row) => row)).toEqual([]);
    expect(checkLab(store.path).findings).toEqual([]);
  },
);
