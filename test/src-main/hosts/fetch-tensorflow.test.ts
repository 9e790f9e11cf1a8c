import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { fetchTensorFlow } from '#main/hosts/fetch-tensorflow.ts';
import type { FetchNews } from '#main/hosts/fetch-tensorflow.ts';
import { CloneWithoutTensorFlow } from '../setup/clone-without-tensorflow.ts';

function begin(installer: ConstructorParameters<typeof CloneWithoutTensorFlow>[0]): {
  readonly clone: CloneWithoutTensorFlow;
  readonly news: readonly FetchNews[];
  readonly stop: () => Promise<void>;
} {
  const clone = new CloneWithoutTensorFlow(installer);
  for (const [name, value] of Object.entries(clone.environment)) vi.stubEnv(name, value);
  const news: FetchNews[] = [];
  const stop = fetchTensorFlow({ root: clone.root, tell: (piece) => news.push(piece) });
  onTestFinished(async () => {
    await stop();
    vi.unstubAllEnvs();
    clone.remove();
  });
  return { clone, news, stop };
}

// It is at a low priority: beside whatever else wants both cores it takes ten times as long as alone.
const patience = { timeout: 200_000, interval: 50 };

it('tells when it begins and when TensorFlow has come', async () => {
  const { clone, news } = begin('brings');
  await expect.poll(() => news.length, patience).toBe(2);
  expect(news[0]).toMatchObject({ level: 'info', came: false });
  expect(news[0].message).toContain('being fetched in the background');
  expect(news[1]).toMatchObject({ level: 'info', came: true });
  expect(news[1].message).toMatch(/^TensorFlow is there, after \d+ s/);
  expect(clone.hasTensorFlow).toBe(true);
});

it('tells why it could not be had, and what to do', async () => {
  const { clone, news } = begin('fails');
  await expect.poll(() => news.length, patience).toBe(2);
  expect(news[1]).toEqual({
    level: 'warning',
    came: false,
    message:
      'TensorFlow could not be had: neither its own download (error: no such host) nor the Python wheel (error: no pip here) worked. Studies train on the lab’s own kernels. To try again: npm run setup',
  });
  expect(clone.cached).toEqual([]);
});

it('says nothing where it is there already', async () => {
  const { clone, news } = begin('brings');
  await expect.poll(() => news.length, patience).toBe(2);
  // To its own end: what is stopped says nothing either.
  const child = fork(path.join(clone.root, 'src-main', 'setup', 'fetch-tensorflow.mjs'), [clone.root], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    detached: true,
  });
  const again: unknown[] = [];
  child.on('message', (message) => again.push(message));
  // All that it said has been heard by then.
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(again).toEqual([]);
});

it('stopped, ends its programs and theirs, and leaves nothing half made; the next goes on', async () => {
  const { clone, news, stop } = begin('hangs');
  // Once stopped it says nothing, not even what lies unread.
  await expect.poll(() => news.length, patience).toBe(1);
  await expect.poll(() => existsSync(clone.pids), patience).toBe(true);
  await expect.poll(() => processes(clone).length, patience).toBe(2);
  expect(processes(clone).every(isAlive)).toBe(true);
  // It has five seconds to clear up, which on a machine that stands still are too few; none of them passes here.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await stop().finally(() => vi.useRealTimers());
  // They would go on for ever; that they are ended shows in a moment.
  await expect.poll(() => processes(clone).filter(isAlive), patience).toEqual([]);
  expect(clone.cached).toEqual([]);
  expect(existsSync(clone.turn)).toBe(false);
  expect(clone.hasTensorFlow).toBe(false);
  expect(news).toHaveLength(1);

  clone.installer('brings');
  const later: FetchNews[] = [];
  const stopLater = fetchTensorFlow({ root: clone.root, tell: (piece) => later.push(piece) });
  await expect.poll(() => later.at(-1)?.came, patience).toBe(true);
  await stopLater();
  expect(clone.hasTensorFlow).toBe(true);
});

function processes({ pids }: CloneWithoutTensorFlow): number[] {
  return readFileSync(pids, 'utf8')
    .split(' ')
    .filter((id) => id !== '')
    .map(Number);
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    // A zombie, which nobody has waited for in a container without an init, is dead.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${id}/status`, 'utf8'));
  } catch {
    return false;
  }
}
