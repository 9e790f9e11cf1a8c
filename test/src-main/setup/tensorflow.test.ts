import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { isTensorFlowComing } from '#main/trainer/tensorflow-coming.ts';
import { CloneWithoutTensorFlow } from './clone-without-tensorflow.ts';

function cloneThat(
  installer: ConstructorParameters<typeof CloneWithoutTensorFlow>[0],
): CloneWithoutTensorFlow {
  const clone = new CloneWithoutTensorFlow(installer);
  onTestFinished(() => clone.remove());
  return clone;
}

/** What set-up does in the foreground, in a process of its own. @returns what it said */
async function ensureTensorflow(clone: CloneWithoutTensorFlow): Promise<string> {
  const script = path.join(clone.root, 'src-main', 'setup', 'tensorflow.mjs');
  const place = { root: clone.root, nodeBinary: process.execPath };
  const call = `import { ensureTensorflow } from ${JSON.stringify(script)};
    await ensureTensorflow(${JSON.stringify(place)});`;
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', call], {
    env: { ...process.env, ...clone.environment },
  });
  return stderr;
}

const kept = `tfjs-node-1.0.0-tf-2.21.0-${process.platform}-${process.arch}`;

it('is made beside the package and linked when it is whole, and from the cache from then on', async () => {
  const clone = cloneThat('brings');
  expect(await ensureTensorflow(clone)).toMatch(/own download: done in/);
  expect(clone.hasTensorFlow).toBe(true);
  expect(clone.cached).toEqual([kept]);
  expect(await ensureTensorflow(clone)).toBe('');
  for (const part of ['lib', 'deps']) rmSync(path.join(clone.package, part));
  expect(await ensureTensorflow(clone)).toMatch(/linked from/);
  expect(clone.hasTensorFlow).toBe(true);
});

it('where it cannot be had leaves nothing, and says what to do', async () => {
  const clone = cloneThat('fails');
  const said = await ensureTensorflow(clone);
  expect(said).toMatch(/not possible here \(error: no such host\)/);
  expect(said).toMatch(/not possible here \(error: no pip here\)/);
  expect(said).toMatch(/To try again: npm run setup/);
  expect(clone.cached).toEqual([]);
  expect(existsSync(path.join(clone.package, 'deps'))).toBe(false);
  expect(existsSync(clone.turn)).toBe(false);
});

it('two that want it at once: one brings it, the other waits and says so', async () => {
  const clone = cloneThat('brings');
  const said = await Promise.all([ensureTensorflow(clone), ensureTensorflow(clone)]);
  expect(said.filter((text) => text.includes('done in'))).toHaveLength(1);
  expect(clone.hasTensorFlow).toBe(true);
  expect(clone.cached).toEqual([kept]);
  expect(existsSync(clone.turn)).toBe(false);
});

it('waits for nobody who is gone, and clears up after him', async () => {
  const clone = cloneThat('brings');
  mkdirSync(path.dirname(clone.turn));
  // No process has this number.
  writeFileSync(clone.turn, String(2 ** 22 + 1));
  expect(isTensorFlowComing(clone.turn)).toBe(false);
  expect(await ensureTensorflow(clone)).toMatch(/done in/);
  expect(clone.hasTensorFlow).toBe(true);
});

it('is coming while a process that lives has the turn, for an hour at most', () => {
  const clone = cloneThat('brings');
  expect(isTensorFlowComing(clone.turn)).toBe(false);
  mkdirSync(path.dirname(clone.turn));
  writeFileSync(clone.turn, String(process.pid));
  expect(isTensorFlowComing(clone.turn)).toBe(true);
  const before = Date.now() / 1000 - 2 * 3600;
  utimesSync(clone.turn, before, before);
  expect(isTensorFlowComing(clone.turn)).toBe(false);
  expect(readFileSync(clone.turn, 'utf8')).toBe(String(process.pid));
});
