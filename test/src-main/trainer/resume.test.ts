import { describe, expect, it } from 'vitest';
import { encodeCheckpoint } from '#main/core/checkpoint-codec.ts';
import { fits } from '#main/core/message-judge.ts';
import { readCheckpoint } from '#main/core/stored-checkpoint.ts';
import { openTestLab, testStudy } from '../store/lab-fixtures.ts';
import { provenance } from '../store/store-values.ts';
import { randomBelow } from '../store/damaged-labs.ts';
import { CheckpointKeeper, fromTheSeed } from '#main/trainer/checkpoint.ts';
import type { StartingPoint } from '#main/trainer/checkpoint.ts';
import { createEngine } from '#main/trainer/engines/create-engine.ts';
import { engineTask, train } from '#main/trainer/train.ts';
import type { RunSpec } from '#main/trainer/messages.ts';
import { countParts, partOf } from '#main/trainer/update-parts.ts';
import { availableEngines } from './available-engines.ts';
import { referenceSettings, silent } from './reference-runs.ts';

const timing = { interval: 4000, mostLost: 10_000, delivery: 1000 };
const epochs = 160;

class Killed extends Error {}

interface Paced {
  /** Milliseconds of a clock that nobody waits for. */
  readonly paceOf: (epoch: number) => number;
  /** Epochs that every attempt gets before it is killed; the last attempt is not. */
  readonly lives: readonly number[];
}

interface Outcome {
  readonly rows: readonly Float64Array[];
  /** Milliseconds of work that each kill cost: from the checkpoint that the next attempt goes on from. */
  readonly lost: readonly number[];
  /** Updates of the checkpoint that each attempt went on from; null from the seed. */
  readonly wentOnWith: readonly (number | null)[];
}

/** A run that is killed and goes on, through a real lab. */
async function trainThroughKills(spec: RunSpec, { paceOf, lives }: Paced): Promise<Outcome> {
  const { settings, engine } = spec;
  const window = settings.probes.spectrum?.window ?? 0;
  const store = openTestLab();
  const study = testStudy();
  const [{ id }] = store.runs.ensure(store.studies.save(study, 'a.yaml').id, study);
  store.runs.start(id, provenance);
  const rows: Float64Array[] = [];
  const lost: number[] = [];
  const wentOnWith: (number | null)[] = [];

  async function startingPoint(): Promise<StartingPoint> {
    const { checkpoint, damaged } = await readCheckpoint(store.snapshots, { id, settings });
    if (checkpoint === null) return { ...fromTheSeed, fromRow: rows.length };
    if (damaged !== null || !fits(checkpoint, checkpoint.updates.length, settings, rows.length))
      throw new Error('a checkpoint in the lab cannot be gone on from');
    return { checkpoint, fromRow: rows.length, probed: [] };
  }

  for (const life of [...lives, Number.POSITIVE_INFINITY]) {
    const start = await startingPoint();
    wentOnWith.push(start.checkpoint?.updates.length ?? null);
    let now = 0;
    const from = start.checkpoint?.epoch ?? 0;
    const began = new Map([[from, 0]]);
    const keeper = new CheckpointKeeper(timing, window, () => now, start);
    const attempt = train(
      spec,
      createEngine(engine, engineTask(spec)),
      {
        ...silent,
        row: (epoch, values) => {
          expect(epoch).toBe(rows.length);
          rows.push(values);
        },
        async beforeStep(epoch, capture, updateOf) {
          if (epoch > from) now += paceOf(epoch - 1);
          began.set(epoch, now);
          const due = keeper.offer(epoch, capture);
          for (const step of due?.updatesOf ?? []) {
            const update = updateOf(step);
            for (let number = 0; number < countParts(update); number++)
              store.snapshots.saveUpdatePart(id, step, number, new Uint8Array(partOf(update, number).buffer));
          }
          if (due?.checkpoint) {
            const { header, data } = encodeCheckpoint(due.checkpoint);
            const { epoch: at, updates } = due.checkpoint;
            await store.snapshots.save(id, at, header, data, at - updates);
          }
          if (epoch === from + life) throw new Killed();
        },
      },
      start,
    );
    try {
      await attempt;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      // What a host does that finds its trainer dead.
      store.snapshots.abandon(id);
      const kept = store.snapshots.epoch(id);
      lost.push(now + paceOf(from + life) - (began.get(kept ?? 0) ?? 0));
    }
  }
  return { rows, lost, wentOnWith };
}

const known = new Map<RunSpec, Promise<readonly Float64Array[]>>();

/** Its rows with no kill, no checkpoint and no lab. */
function undisturbed(spec: RunSpec): Promise<readonly Float64Array[]> {
  const trained = known.get(spec) ?? trainOnce(spec);
  known.set(spec, trained);
  return trained;
}

async function trainOnce(spec: RunSpec): Promise<readonly Float64Array[]> {
  const rows: Float64Array[] = [];
  await train(spec, createEngine(spec.engine, engineTask(spec)), {
    ...silent,
    row: (_, values) => void rows.push(values),
  });
  return rows;
}

const small = referenceSettings('small', { epochs });
const settings = { ...small, network: { ...small.network, width: 64 } };

/** Fast as a rule, slow for a while, fast again. */
const paces: readonly [string, (epoch: number) => number, number][] = [
  ['2.5 s an epoch', () => 2500, 10_000],
  ['0.4 s an epoch', () => 400, 10_000],
  ['0.05 s an epoch', () => 50, 10_000],
  // One epoch of another pace is known only when it is over.
  ['fast, slow, and fast again', (epoch) => (epoch % 90 < 50 ? 100 : 2500), 15_000],
];

describe.each(availableEngines)('a run on the %s engine that is killed again and again', (engine) => {
  const spec: RunSpec = { settings, seed: 4, engine };

  it.each(paces)(
    'at %s has the rows of an undisturbed one, bit for bit, and loses seconds',
    async (_, paceOf, most) => {
      const below = randomBelow(20_261_129);
      const lives = Array.from({ length: 6 }, () => 4 + below(60));
      const { rows, lost, wentOnWith } = await trainThroughKills(spec, { paceOf, lives });
      expect(rows).toEqual(await undisturbed(spec));
      expect(Math.max(...lost)).toBeLessThanOrEqual(most);
      if (paceOf(0) >= 400) expect(wentOnWith.slice(1).every((updates) => updates !== 0)).toBe(true);
      if (paceOf(0) === 50) expect(wentOnWith.every((updates) => (updates ?? 0) === 0)).toBe(true);
    },
  );

  it('by a window of one layer alone, in the same way', async () => {
    const own = {
      ...settings,
      probes: { ...settings.probes, spectrum: { window: 12, layers: ['V' as const] } },
    };
    const alone = { ...spec, settings: own };
    const { rows, wentOnWith } = await trainThroughKills(alone, { paceOf: () => 1500, lives: [30, 7, 22] });
    expect(rows).toEqual(await undisturbed(alone));
    // Eleven where one more row was measured before it was given out.
    expect(wentOnWith.at(-1)).toBeGreaterThan(10);
  });
});
