import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { checkLab } from '#main/store/check-lab.ts';
import { randomBelow } from '../src-main/store/damaged-labs.ts';
import { Workbench } from '../src-main/hosts/cli/lab-command.ts';
import { hasTensorFlow } from '../src-main/trainer/available-engines.ts';
import { seededFor, shortOrLong, summarize } from './fault-set.ts';
import {
  childrenOf,
  committedRows,
  dueRuns,
  expectGone,
  expectSound,
  hashOf,
  trainUnderFire,
  withImport,
} from './under-fire.ts';
import type { FireOptions, FireTally } from './under-fire.ts';

const minute = 60_000;

/** Four runs; 4,000 epochs take about a second each on the plain engine. */
function fireStudy(epochs: number): string {
  return `study: Fire
task: { kind: modular-addition, modulus: 7 }
split: { train: 30 }
network: { width: 16 }
optimizer: { learningRate: 0.01, weightDecay: 0.0005 }
epochs: ${epochs}
seeds: 0..3
probes:
  spectrum: { window: 10, layers: [W, V] }
  repulsion: { epochs: [0, ${epochs / 2}], pairs: 10, randomPairs: 20, identityPairs: 2 }
`;
}

function command(lab: string): string[] {
  return ['run', 'study.yaml', '--lab', lab, '--engine', 'plain', '--workers', '2'];
}

/** @param options lanes: so many studies side by side, each under its own fire, or cores lie idle while processes start */
async function fire(
  name: string,
  { lanes = 1, kills, ...options }: Omit<FireOptions, 'below' | 'atLeast'> & { readonly lanes?: number },
): Promise<(count: keyof FireTally) => number> {
  const started = performance.now();
  const below = seededFor(name);
  const each = Math.ceil(kills / lanes);
  const atLeast = shortOrLong(2, 5);
  const tallies = await Promise.all(
    Array.from({ length: lanes }, () => {
      const seed = below(1e9);
      return trainUnderFire({ ...options, kills: each, atLeast, below: randomBelow(seed) });
    }),
  );
  const total = (count: keyof FireTally): number => tallies.reduce((sum, tally) => sum + tally[count], 0);
  const [hosts, trainers] = [total('hostKills'), total('trainerKills')];
  const seconds = Math.round((performance.now() - started) / 1000);
  summarize(
    `${name}: ${hosts + trainers} kills in ${seconds} s over ${total('studies')} studies: ` +
      `${hosts} of hosts, ${total('hostHits')} of them with rows committed and every trainer sending new ones; ` +
      `${trainers} of trainers, ${total('trainerHits')} of them so. ` +
      `${total('failedRuns')} runs met four kills in one sitting and failed with the reason, ${total('enginesKilled')} commands met three while they loaded the engine; ` +
      `0 rows missing of those committed at each kill of a host (${total('rowsAtKills').toLocaleString('en')} in all); ` +
      `every lab sound after every kill of a host, every study's hash that of an undisturbed one.`,
  );
  expect(total('hostHits') + total('trainerHits')).toBeGreaterThan((hosts + trainers) / 2);
  return total;
}

describe('kill -9 at random moments of training loses no committed row, breaks no lab, and the study ends the same to the last bit', () => {
  it(
    'of hosts and trainers on the plain engine',
    () =>
      fire('kill -9, plain engine', {
        text: fireStudy(3000),
        engine: 'plain',
        lanes: shortOrLong(1, 3),
        kills: shortOrLong(8, 950),
        pause: [10, 200],
        hostShare: 35,
        until: performance.now() + shortOrLong(0.5, 25) * minute,
      }),
    shortOrLong(10, 40) * minute,
  );

  it(
    'of hosts and trainers whose epochs are slow: they go on from checkpoints nearer than the window is long',
    async () => {
      const name = 'kill -9, slow epochs';
      const total = await fire(name, {
        text: fireStudy(3000),
        engine: 'plain',
        kills: shortOrLong(4, 100),
        pause: [10, 400],
        hostShare: 50,
        until: performance.now() + shortOrLong(0.5, 4) * minute,
        seen: ({ resumedWithUpdates, leftWithUpdates }) => resumedWithUpdates + leftWithUpdates > 0,
        environment: withImport('slow-epochs.ts'),
      });
      summarize(
        `${name}: ${total('resumed')} trainers went on from a checkpoint, ${total('resumedWithUpdates')} of them so near to their last row that updates had to come with it; hosts that died left ${total('leftWithUpdates')} checkpoints with updates.`,
      );
      // To such clocks a host on a busy machine stores a checkpoint many epochs late.
      expect(total('resumedWithUpdates') + total('leftWithUpdates')).toBeGreaterThan(0);
    },
    10 * minute,
  );

  it.skipIf(shortOrLong(true, !hasTensorFlow))(
    'of hosts and trainers on the tensorflow engine',
    () =>
      fire('kill -9, tensorflow engine', {
        text: fireStudy(4000),
        engine: 'tensorflow',
        kills: 40,
        pause: [20, 1500],
        hostShare: 35,
        until: performance.now() + 2 * minute,
      }),
    10 * minute,
  );

  // Trainers send a checkpoint every four seconds: only runs that live longer go on from one.
  it.skipIf(shortOrLong(true, false))(
    'of runs that go on from a checkpoint',
    () =>
      fire('kill -9, runs with checkpoints', {
        text: fireStudy(60_000).replace('0..3', '0..1'),
        engine: 'plain',
        kills: 10,
        pause: [2500, 6000],
        hostShare: 50,
        until: performance.now() + 1.5 * minute,
      }),
    10 * minute,
  );
});

describe('SIGTERM', () => {
  const bench = new Workbench();
  afterAll(() => bench.remove());

  it(
    'at any moment, loading included, stops the host with the lab true and its trainers gone; the same command goes on',
    async () => {
      bench.write('study.yaml', fireStudy(4000));
      expect((await bench.run(...command('oracle.lab'))).code).toBe(0);
      const below = seededFor('SIGTERM');
      const stops = shortOrLong(2, 40);
      let early = 0;
      let labs = 0;
      for (let stop = 0; stop < stops;) {
        // A new one also where the last was trained to its end before it could be stopped.
        const lab = `stop-${labs++}.lab`;
        for (let code: number | null = null; code !== 0;) {
          const { child, outcome } = bench.start(command(lab));
          let over = false;
          void outcome.then(() => (over = true));
          // Sometimes at once, mostly once it has begun.
          if (below(4) > 0) await Promise.race([said(child, 'Lab: '), outcome]);
          await sleep(below(1500));
          const trainers = over ? [] : childrenOf(child.pid ?? 0);
          const before = committedRows(bench.path(lab));
          const stopped = stop < stops && !over && child.kill('SIGTERM');
          const {
            code: ended,
            err,
            signal,
          } = await outcome.then((result) => ({ ...result, signal: child.signalCode }));
          code = ended;
          if (!stopped || code === 0) continue;
          stop++;
          // Before it listens for signals a process just ends; afterwards it says how to go on.
          if (signal === 'SIGTERM') early++;
          else {
            expect(code).toBe(130);
            expect(err).toMatch(/Stopped\. To go on: the same command again/);
          }
          await expectGone(trainers);
          expectSound(bench.path(lab), before);
        }
        expect(hashOf(bench.path(lab))).toBe(hashOf(bench.path('oracle.lab')));
      }
      summarize(
        `SIGTERM: ${stops} (${early} before the host listened): all labs sound, no trainer left, every study's hash that of an undisturbed one.`,
      );
    },
    10 * minute,
  );

  it(
    'to a host that serves: it ends cleanly, and after kill -9 the next one goes on by itself',
    async () => {
      bench.write('study.yaml', fireStudy(4000));
      const lab = bench.path('served.lab');
      const serve = ['serve', '--no-open', '--lab', 'served.lab', '--workers', '2'];
      // Hosts that are killed must not be through before.
      const longEpochs = withImport('long-epochs.ts');
      // A study that was training when its host died, as the command line leaves it.
      const first = bench.start(command('served.lab'), longEpochs);
      await expect.poll(() => sum(committedRows(lab)), { timeout: minute }).toBeGreaterThan(500);
      first.child.kill('SIGKILL');
      await first.outcome;

      for (let kills = 0; kills < 2; kills++) {
        const before = sum(committedRows(lab));
        const host = bench.start(serve, longEpochs);
        await expect.poll(() => sum(committedRows(lab)), { timeout: minute }).toBeGreaterThan(before + 200);
        host.child.kill('SIGKILL');
        expect((await host.outcome).err).toContain('Going on with Fire.');
        expectSound(lab, new Map());
      }
      const last = bench.start(serve);
      await expect.poll(() => dueRuns(lab), { timeout: 3 * minute }).toBe(0);
      expect(sum(committedRows(lab))).toBe(4 * 4001);
      last.child.kill('SIGTERM');
      expect(await last.outcome).toMatchObject({ code: 0, err: expect.stringContaining('Closing the lab') });
      expect(checkLab(lab).findings).toEqual([]);
      expect(hashOf(lab)).toBe(hashOf(bench.path('oracle.lab')));
    },
    10 * minute,
  );
});

/** Resolves when a process has written this to its messages. */
function said({ stderr }: ChildProcess, words: string): Promise<void> {
  let text = '';
  return new Promise((resolve) => {
    stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(words)) resolve();
    });
  });
}

function sum(rows: ReadonlyMap<number, number>): number {
  return [...rows.values()].reduce((total, count) => total + count, 0);
}
