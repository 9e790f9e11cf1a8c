import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { checkLab } from '#main/store/check-lab.ts';
import { Connection } from '#main/store/connection.ts';
import { applicationId } from '#main/store/lab-header.ts';
import { openLabStore } from '#main/store/lab-store.ts';
import { migrate } from '#main/store/migrate.ts';
import { migrations } from '#main/store/migrations/all.ts';
import { refusal } from '../src-main/store/lab-fixtures.ts';
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
    // Less than the study, and room for a hundred rows of a run though a slow trainer sends few at a time, each with its pages.
    const disk = mountDisk('disk', '1100k');
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

describe('standard output on a disk that is full', () => {
  // The second has room for a part: Node takes a short write for a whole one.
  it.for(['/dev/full', '4k'])(
    '%s: exit 1 and a sentence, not a cut report and exit 0',
    async (disk, { skip }) => {
      bench.write('tiny.yaml', tinyStudy);
      expect((await bench.run('run', 'tiny.yaml', '--lab', 'p.lab', '--engine', 'plain')).code).toBe(0);
      const folder = disk.startsWith('/') ? null : mountDisk('stdout', disk);
      if (folder === null && !existsSync(disk)) return skip('mounting a small disk needs root');
      const output = openSync(folder === null ? disk : path.join(folder, 'report.json'), 'w');
      const { outcome } = bench.start(['report', 'Tiny', '--lab', 'p.lab', '--json'], {}, output);
      const { code, err } = await outcome;
      closeSync(output);
      expect({ code, err }).toEqual({
        code: 1,
        err: expect.stringMatching(/^The disk is full: what was .* not whole\./),
      });
    },
  );
});

/** Sound, of some hundred KB, and a copy with a page of zeros in the middle. */
async function labs(): Promise<{ readonly sound: string; readonly damaged: string; readonly size: number }> {
  const [sound, damaged] = [bench.path('whole-large.lab'), bench.path('damaged-large.lab')];
  if (!existsSync(sound)) {
    bench.write('large.yaml', largeStudy);
    expect((await bench.run(...command('whole-large.lab'))).code).toBe(0);
    const bytes = readFileSync(sound);
    const middle = 4096 * Math.floor(bytes.length / 8192);
    writeFileSync(damaged, bytes.fill(0, middle, middle + 4096));
  }
  return { sound, damaged, size: readFileSync(sound).length };
}

/** What a person would find in a folder; the empty file that locks are taken on stays behind by design. */
function filesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => !name.endsWith('-lock'));
}

describe('a disk without room for a copy', () => {
  // Not even for the copy that repair works on; for that, but not for the new lab.
  it.for([0.2, 1.4])(
    '`lab repair` with room for %s times the lab: exit 1, what to do, nothing left behind, not a byte changed; on another disk it works',
    async (room, { skip }) => {
      const { damaged, size } = await labs();
      const disk = mountDisk(`repair-${room}`, `${Math.ceil((size * (1 + room)) / 1024)}k`);
      if (disk === null) return skip('mounting a small disk needs root');
      const lab = path.join(disk, 'x.lab');
      copyFileSync(damaged, lab);
      const { code, err } = await bench.run('lab', 'repair', '--lab', lab);
      expect({ code, err }).toMatchObject({
        code: 1,
        err: expect.stringMatching(
          /x\.lab: cannot be repaired, because the disk of .* is full: .* MB .*Free some space, or name .* --out/,
        ),
      });
      expect(err).not.toMatch(/\n\s+at /);
      expect(filesIn(disk)).toEqual(['x.lab']);
      expect(readFileSync(lab).equals(readFileSync(damaged))).toBe(true);

      const out = bench.path(`repaired-${room}.lab`);
      expect(await bench.run('lab', 'repair', '--lab', lab, '--out', out)).toMatchObject({ code: 0 });
      expect(checkLab(out).findings).toEqual([]);
    },
  );

  it('the daily backup: one warning that says what to do, no half copy, earlier copies kept, the lab as it was', async ({
    skip,
  }) => {
    const { sound, size } = await labs();
    const disk = mountDisk('backup', `${Math.ceil((size * 1.6) / 1024)}k`);
    if (disk === null) return skip('mounting a small disk needs root');
    const lab = path.join(disk, 'x.lab');
    copyFileSync(sound, lab);
    writeFileSync(`${lab}.backup-2026-01-01`, 'an earlier copy');
    utimesSync(`${lab}.backup-2026-01-01`, new Date('2026-01-01'), new Date('2026-01-01'));
    const { child, outcome } = bench.start(['start', '--no-open', '--lab', lab]);
    child.stderr?.on('data', (text: Buffer) => {
      if (text.toString().includes('backup could not be made')) child.kill('SIGTERM');
    });
    const { code, err } = await outcome;
    expect(code).toBe(0);
    expect(err.match(/x\.lab\.backup-.* could not be made \(the disk is full; .*as they were/g)).toHaveLength(
      1,
    );
    // Beside the lab: where its host was, for the pages that come back (decision 8).
    expect(filesIn(disk)).toEqual(['x.lab', 'x.lab-host', 'x.lab.backup-2026-01-01']);
    expect(checkLab(lab).findings).toEqual([]);
    expect(hashOf(lab)).toBe(hashOf(sound));
  });

  it('the copy before a lab of an older format is brought up to date: it is not, and the sentence says why', ({
    skip,
  }) => {
    const disk = mountDisk('older', '800k');
    if (disk === null) return skip('mounting a small disk needs root');
    const lab = path.join(disk, 'x.lab');
    const database = new DatabaseSync(lab);
    const connection = new Connection(lab, database, false, () => {});
    connection.exec(`PRAGMA application_id = ${applicationId}`);
    migrate(connection, migrations.slice(0, -1));
    connection.exec('CREATE TABLE filling (a); INSERT INTO filling VALUES (zeroblob(400000))');
    connection.close();
    const before = readFileSync(lab);
    expect(refusal(() => openLabStore(lab)).message).toMatch(
      /x\.lab: must be brought to a newer format, .*before-v\d \(the disk is full\)\. The lab is unchanged: make room/,
    );
    expect(filesIn(disk)).toEqual(['x.lab']);
    // Opening it for writing made its log ready, in the header; what it holds is the same.
    expect(readFileSync(lab).subarray(100).equals(before.subarray(100))).toBe(true);
  });

  it('an export: exit 1, what to do, no half file', async ({ skip }) => {
    const { sound, size } = await labs();
    const disk = mountDisk('export', `${Math.ceil((size * 0.7) / 1024)}k`);
    if (disk === null) return skip('mounting a small disk needs root');
    for (const args of [
      ['lab', 'export', path.join(disk, 'copy.lab')],
      ['export', '1', '--format', 'csv', '--out', disk],
    ]) {
      const { code, err } = await bench.run(...args, '--lab', sound);
      expect({ code, err }).toMatchObject({
        code: 1,
        err: expect.stringMatching(/the disk is full; nothing was exported\. Free some space/),
      });
      expect(filesIn(disk)).toEqual([]);
    }
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
