import { execFileSync } from 'node:child_process';
import type * as files from 'node:fs';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { inTurn } from '#main/setup/turn.mjs';
import { temporaryFolder } from '../store/lab-fixtures.ts';

const renames = vi.hoisted(() => ({ before: () => {} }));
vi.mock('node:fs', async (original) => {
  const real = await original<typeof files>();
  return {
    ...real,
    renameSync: (from: string, to: string) => {
      renames.before();
      real.renameSync(from, to);
    },
  };
});

afterEach(() => {
  renames.before = () => {};
});

/** The id of a process that has ended. */
function endedProcess(): string {
  return execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
}

it('what a process that ended left is cleared, and the turn taken', async () => {
  const file = join(temporaryFolder(), 'turn');
  writeFileSync(file, endedProcess());
  expect(
    await inTurn(
      file,
      async () => readFileSync(file, 'utf8'),
      () => {},
    ),
  ).toBe(String(process.pid));
  expect(readdirSync(dirname(file))).toEqual([]);
});

it('a turn that another process took while what was left was being cleared is given back', async () => {
  const file = join(temporaryFolder(), 'turn');
  writeFileSync(file, endedProcess());
  const other = String(process.ppid);
  renames.before = () => {
    renames.before = () => {};
    // The other was as slow to clear it as this process, and quicker to take its turn.
    writeFileSync(file, other);
  };
  const stop = new AbortController();
  const waiting = inTurn(
    file,
    async () => 'taken',
    () => {},
    stop.signal,
  );
  await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toBe(other));
  expect(readdirSync(dirname(file))).toEqual(['turn']);
  stop.abort();
  await expect(waiting).rejects.toThrow(/abort/i);
  expect(existsSync(file)).toBe(true);
});
