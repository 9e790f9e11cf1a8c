import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLab } from '#main/store/check-lab.ts';
import { openLabStore } from '#main/store/lab-store.ts';
import { ProblemError } from '#shared/models/problem.ts';
import { seriesNames } from '#shared/models/series.ts';
import type { Study } from '#shared/models/study.ts';
import { parseStudy } from '#shared/study/parse-study.ts';
import { columnsFrom, provenance, testRepulsion } from '../src-main/store/store-values.ts';
import { Workbench, tinyStudy } from '../src-main/hosts/cli/lab-command.ts';
import { seededFor, shortOrLong, summarize } from './fault-set.ts';

const bench = new Workbench();
beforeAll(async () => {
  bench.write('tiny.yaml', tinyStudy);
  expect((await bench.run('run', 'tiny.yaml', '--lab', 'sound.lab', '--engine', 'plain')).code).toBe(0);
});
afterAll(() => bench.remove());

function damaged(name: string, damage: (bytes: Buffer) => Buffer | void): string {
  const bytes = readFileSync(bench.path('sound.lab'));
  return bench.write(name, damage(bytes) ?? bytes);
}

function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** The format's number is at 60 in the header: https://sqlite.org/fileformat.html#the_database_header. */
function newer(bytes: Buffer): void {
  bytes.writeUInt32BE(1000, 60);
}

const cases: readonly [string, (bytes: Buffer) => Buffer | void, RegExp][] = [
  [
    'cut in half',
    (bytes) => bytes.subarray(0, bytes.length / 2),
    /is damaged \(its end is missing: \d+ of the \d+ bytes that its header names are there\).*left as it is/,
  ],
  ['cut to a few bytes', (bytes) => bytes.subarray(0, 60), /is damaged .*left as it is/],
  ['from a newer Grokscope', newer, /newer Grokscope \(format 1000; .*update Grokscope/],
  [
    'with its first page overwritten',
    (bytes) => void bytes.fill(0xa5, 0, 4096),
    /not a lab file .*left as it is/,
  ],
  ['with its schema overwritten', (bytes) => void bytes.fill(0xa5, 100, 4096), /is damaged .*left as it is/],
];

describe('a lab that is broken is refused: one sentence with the remedy, exit 2, no byte of it changed', () => {
  it.each(cases)('%s', async (name, damage, message) => {
    const file = damaged(`${name}.lab`, damage);
    const before = digest(file);
    for (const command of [['run', 'tiny.yaml', '--engine', 'plain', '--set', 'epochs=50'], ['list']]) {
      const { code, err } = await bench.run(...command, '--lab', file);
      expect({ command, code, err }).toMatchObject({ code: 2, err: expect.stringMatching(message) });
      expect(err).toContain(path.basename(file));
      expect(err).not.toMatch(/\n\s+at /);
      expect(digest(file)).toBe(before);
    }
    // Nothing of it can be read: no repair is promised that would bring nothing.
    const check = await bench.run('lab', 'check', '--lab', file);
    expect({ code: check.code, out: check.out }).toMatchObject({
      code: 1,
      out: expect.stringMatching(message),
    });
    expect(check.err).not.toContain('brings what can be read (0 studies');
    expect(check.out).not.toContain('`lab check`');
  });

  it('not there at all: `lab check` ends as bad input, and offers no repair', async () => {
    const { code, out, err } = await bench.run('lab', 'check', '--lab', 'nowhere.lab');
    expect({ code, out, err }).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(/nowhere\.lab: there is no such lab file to check\.\n/),
    });
  });

  it('held by another process: who holds it, and what works meanwhile', async () => {
    copyFileSync(bench.path('sound.lab'), bench.path('held.lab'));
    const script = path.join(import.meta.dirname, '../src-main/store/hold-lab.ts');
    const holder = spawn(process.execPath, [script, bench.path('held.lab'), 'hold'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await new Promise((resolve) => holder.stdout.once('data', resolve));
      const before = digest(bench.path('held.lab'));
      const { code, err } = await bench.run('run', 'tiny.yaml', '--lab', 'held.lab', '--set', 'epochs=50');
      expect({ code, err }).toMatchObject({
        code: 2,
        err: expect.stringMatching(
          new RegExp(`held\\.lab: another Grokscope .*process ${holder.pid}.* is writing to this lab`),
        ),
      });
      expect((await bench.run('list', '--lab', 'held.lab')).code).toBe(0);
      expect(digest(bench.path('held.lab'))).toBe(before);
    } finally {
      holder.kill('SIGKILL');
    }
  });
});

/** What a host that died leaves: rows in chunks and in the tail, probes, a checkpoint, a run that waits; nothing is finished. */
async function unfinishedLab(): Promise<string> {
  const store = openLabStore(bench.path('unfinished.lab'));
  const { study } = parsed(tinyStudy.replace('epochs: 40', 'epochs: 900'));
  const runs = store.runs.ensure(store.studies.save(study, 'tiny.yaml').id, study);
  for (const { id, settings, seed } of runs.slice(0, 3)) {
    const names = seriesNames(settings.probes);
    store.runs.start(id, provenance);
    for (const [first, count] of [
      [0, 260],
      [260, 120],
    ])
      store.series.append(id, first, names, columnsFrom(names, first, count));
    store.probes.save(id, testRepulsion(seed));
    await store.snapshots.save(id, 300, { at: 300 }, new Uint8Array(3000).fill(7));
    store.runs.interrupt(id, 'Stopped before its last epoch.');
  }
  store.close();
  return store.path;
}

function parsed(text: string): { readonly study: Study } {
  const result = parseStudy(text, 'tiny.yaml');
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result;
}

it.each([
  ['finished', async () => bench.path('sound.lab')],
  ['unfinished', unfinishedLab],
])(
  'a bit flipped anywhere in a lab of %s runs is answered: what is read is the truth or a sentence, and `lab check` finds every wrong number, setting and checkpoint',
  async (state, make) => {
    const lab = await make();
    const below = seededFor(`bit flips, ${state}`);
    const flips = shortOrLong(100, 3000);
    const sound = readAll(lab);
    expect(sound.problem).toBeNull();
    const whole = readFileSync(lab);
    const told = { refused: 0, found: 0, harmless: 0 };
    for (let flip = 0; flip < flips; flip++) {
      const at = below(whole.length);
      const bit = below(8);
      const bytes = Buffer.from(whole);
      bytes[at] ^= 1 << bit;
      const file = bench.write('flipped.lab', bytes);
      const read = readAll(file);
      const check = checkLab(file);
      const label = `byte ${at}, bit ${bit}`;
      if (read.problem !== null) {
        told.refused++;
        // Whoever is refused can learn what is wrong.
        expect(check.findings, label).not.toEqual([]);
      } else if (!check.sound) told.found++;
      else {
        told.harmless++;
        // A flip that nothing finds has changed no number.
        expect(read.numbers, label).toBe(sound.numbers);
      }
    }
    expect(told.refused).toBeGreaterThan(0);
    summarize(
      `bit flips in ${state} runs: ${flips}; ${told.refused} refused with a sentence, ${told.found} found by lab check, ${told.harmless} in unused bytes or words that decide no number; none changed a number, setting or checkpoint unseen.`,
    );
  },
);

/** Every study, series, probe and checkpoint of a lab, or the sentence that says why not. Anything but a problem fails the test. */
function readAll(file: string): { readonly numbers: string; readonly problem: string | null } {
  const hash = createHash('sha256');
  try {
    const store = openLabStore(file, { readOnly: true });
    try {
      for (const { study } of store.studies.list()) hash.update(JSON.stringify(study));
      for (const run of store.runs.list()) {
        const names = store.series.names(run.id);
        hash.update(JSON.stringify([run.condition, run.settings, run.seed, run.state, names]));
        const checkpoint = store.snapshots.latest(run.id);
        hash.update(JSON.stringify(checkpoint?.header ?? null)).update(checkpoint?.data ?? '');
        for (const column of store.series.readMany(run.id, names)) hash.update(new Uint8Array(column.buffer));
        for (const probe of store.probes.list(run.id)) {
          for (const ridge of probe.ridges) hash.update(new Uint8Array(ridge.top.b.buffer.slice(0)));
        }
      }
    } finally {
      store.close();
    }
    return { numbers: hash.digest('hex'), problem: null };
  } catch (error) {
    if (error instanceof ProblemError) return { numbers: '', problem: error.message };
    throw error;
  }
}
