import { expect, it } from 'vitest';
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
  ['a checkpoint', `snapshot_part SET data = zeroblob(length(data))`, null],
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
    if (said === null) expect(notices).toEqual([]);
    else expect(notices).toEqual([expect.stringMatching(said)]);
    expect(contentHash(store, { kind: 'study', id })).toBe(await undisturbedHash(text));
    expect(checkLab(store.path).findings).toEqual([]);
  },
);
