import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkLab } from '#main/store/check-lab.ts';
import { Workbench, tinyStudy } from '../src-main/hosts/cli/lab-command.ts';
import type { Outcome } from '../src-main/hosts/cli/lab-command.ts';
import { committedRows, hashOf } from './under-fire.ts';

const bench = new Workbench();
const mounts: string[] = [];
afterAll(() => {
  for (const folder of mounts) execFileSync('umount', ['-l', folder]);
  bench.remove();
});

/** A disk of its own, or null where this process may not mount one. */
function mountDisk(name: string, size: string): string | null {
  const folder = bench.path(name);
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return null;
  }
  mounts.push(folder);
  return folder;
}

/** Some 2 MB of rows. */
const largeStudy = `study: Large
task: { kind: modular-addition, modulus: 7 }
split: { train: 30 }
network: { width: 16 }
optimizer: { learningRate: 0.01, weightDecay: 0.0005 }
epochs: 2000
seeds: 0..1
probes:
  spectrum: { window: 10, layers: [W, V] }
`;

function command(lab: string): string[] {
  return ['run', 'large.yaml', '--lab', lab, '--engine', 'plain', '--workers', '2'];
}

describe('a disk that gets full', () => {
  it('while a study trains: exit 1, one sentence with the remedy, every committed row kept; with room again it goes on to the same numbers', async ({
    skip,
  }) => {
    const disk = mountDisk('disk', '800k');
    // SQLite's own limit stands in where nobody may mount: test/src-main/core/store-failure.test.ts.
    if (disk === null) return skip('mounting a small disk needs root');
    bench.write('large.yaml', largeStudy);
    expect((await bench.run(...command('oracle.lab'))).code).toBe(0);
    const lab = path.join(disk, 'x.lab');

    const full = await bench.run(...command(lab));
    expect(full.code).toBe(1);
    expect(full.err).toMatch(
      /x\.lab: the disk is full\. Rows already written are kept: free some space and run/,
    );
    expect(full.err).not.toMatch(/\n\s+at /);
    const kept = committedRows(lab);
    expect(Math.max(...kept.values())).toBeGreaterThan(100);
    expect(checkLab(lab).findings).toEqual([]);

    // Still full: the same answer, and nothing lost by asking again.
    const again = await bench.run(...command(lab));
    expect(again.code).toBe(1);
    expect(again.err).toContain('the disk is full');
    for (const [runId, rows] of kept) expect(committedRows(lab).get(runId)).toBeGreaterThanOrEqual(rows);

    execFileSync('mount', ['-o', 'remount,size=64m', disk]);
    expect(await bench.run(...command(lab))).toMatchObject({ code: 0 });
    expect(checkLab(lab).findings).toEqual([]);
    expect(hashOf(lab)).toBe(hashOf(bench.path('oracle.lab')));
  });

  it('before a lab can be made at all: exit 1, and the sentence', async ({ skip }) => {
    const disk = mountDisk('tiny-disk', '8k');
    if (disk === null) return skip('mounting a small disk needs root');
    bench.write('tiny.yaml', tinyStudy);
    const { code, err } = await bench.run(
      'run',
      'tiny.yaml',
      '--lab',
      path.join(disk, 'x.lab'),
      '--engine',
      'plain',
    );
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('the disk is full') });
  });
});

const root = process.getuid?.() === 0;
const main = path.resolve(import.meta.dirname, '../../src-main/hosts/cli/main.ts');

/** The command line as somebody whom permissions bind, which root is not. */
function runAsNobody(...args: string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: bench.folder,
    env: { ...process.env, INIT_CWD: bench.folder, HOME: bench.folder },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(root ? { uid: 65_534, gid: 65_534 } : {}),
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

function nobodyCanRun(): boolean {
  try {
    execFileSync('test', ['-r', main], root ? { uid: 65_534, gid: 65_534 } : {});
    return process.platform !== 'win32';
  } catch {
    return false;
  }
}

it.skipIf(!nobodyCanRun())(
  'a folder that may not be written: exit 2 and what to do, nothing touched, and the lab in it can still be read',
  async () => {
    bench.write('tiny.yaml', tinyStudy);
    expect((await bench.run('run', 'tiny.yaml', '--lab', 'whole.lab', '--engine', 'plain')).code).toBe(0);
    const folder = bench.path('locked');
    mkdirSync(folder);
    copyFileSync(bench.path('whole.lab'), path.join(folder, 'x.lab'));
    chmodSync(bench.folder, 0o755);
    chmodSync(folder, 0o555);
    const before = readFileSync(path.join(folder, 'x.lab'));
    for (const lab of ['x.lab', 'new.lab']) {
      const { code, err } = await runAsNobody(
        'run',
        'tiny.yaml',
        '--lab',
        path.join(folder, lab),
        '--engine',
        'plain',
      );
      expect({ code, err }).toMatchObject({
        code: 2,
        err: expect.stringMatching(/cannot be written .*Give yourself write permission/),
      });
      expect(err).not.toMatch(/\n\s+at /);
    }
    expect(readdirSync(folder)).toEqual(['x.lab']);
    expect(readFileSync(path.join(folder, 'x.lab')).equals(before)).toBe(true);
    const list = await runAsNobody('list', '--lab', path.join(folder, 'x.lab'));
    expect(list).toMatchObject({ code: 0, out: expect.stringContaining('Tiny') });
    chmodSync(folder, 0o755);
  },
);
