import { execFile } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = path.resolve(import.meta.dirname, '../../../src-main/setup/packages.mjs');

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'grokscope-packages-'));
  for (const folder of ['.bin', 'node'])
    mkdirSync(path.join(root, 'node_modules', folder), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** What set-up does, in a process of its own. */
async function inSetup(
  expression: string,
  changes: NodeJS.ProcessEnv = {},
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const call = `import { ensureNode, nodeAhead, packagesThere } from ${JSON.stringify(script)};
    const root = ${JSON.stringify(root)};
    try { console.log(${expression}); } catch (error) { console.log(error.message); }`;
  const environment: NodeJS.ProcessEnv = { ...process.env, ...changes };
  delete environment.npm_node_execpath;
  return promisify(execFile)(process.execPath, ['--input-type=module', '-e', call], { env: environment });
}

/** The npm package `node`, whose own script brings the binary. */
function nodeComesBy(installing: string): void {
  writeFileSync(path.join(root, 'node_modules', 'node', 'installArchSpecificPackage.js'), installing);
}

const link = (): string => path.join(root, 'node_modules', '.bin', 'node');

/** An npm that packs a Node. */
const pack = `const { execFileSync } = require('child_process');
  const { mkdirSync, writeFileSync } = require('fs');
  const [command, name] = process.argv.slice(2);
  if (command !== 'pack' || !name.endsWith('@24.9.9')) process.exit(1);
  mkdirSync('package/bin', { recursive: true });
  writeFileSync('package/bin/node', name, { mode: 0o755 });
  execFileSync('tar', ['-czf', process.argv.at(-1) + '/it.tgz', 'package']);`;
const ahead = "await ensureNode({ root, version: '20.0.0', fetch: nodeAhead(root) })";
const binary = (): string => path.join(root, 'node_modules', 'node', 'bin', 'node');
const npmIs = (script: string): NodeJS.ProcessEnv => {
  writeFileSync(path.join(root, 'package.json'), JSON.stringify({ devDependencies: { node: '24.9.9' } }));
  writeFileSync(path.join(root, 'npm.cjs'), script);
  return { npm_execpath: path.join(root, 'npm.cjs') };
};
const isLeftBehind = (): boolean => existsSync(path.join(root, 'dist', '.node-package'));

describe.skipIf(process.platform === 'win32')('the Node of a clone', () => {
  it('is the one that npm brings', async () => {
    nodeComesBy(
      "const { mkdirSync, writeFileSync } = require('fs'); mkdirSync('bin'); writeFileSync('bin/node', '');",
    );
    const { stdout } = await inSetup("await ensureNode({ root, version: '20.0.0' })");
    expect(stdout.trim()).toBe(binary());
    expect(realpathSync(link())).toBe(realpathSync(binary()));
  });

  describe('brought while npm is busy with the rest', () => {
    it('is unpacked from its package for this machine, and nothing is left behind', async () => {
      const { stdout } = await inSetup(ahead, npmIs(pack));
      expect(stdout.trim()).toBe(binary());
      expect(readFileSync(binary(), 'utf8')).toContain(`${process.platform}-${process.arch}@24.9.9`);
      accessSync(binary(), constants.X_OK);
      expect([isLeftBehind(), readdirSync(path.dirname(binary()))]).toStrictEqual([false, ['node']]);
    });

    it.each([
      ['npm has no such package', 'process.exit(1)'],
      ['what came cannot be unpacked', "require('fs').writeFileSync(process.argv.at(-1) + '/it.tgz', 'no')"],
    ])('comes by its own script where %s', async (_, script) => {
      nodeComesBy(
        "const { mkdirSync, writeFileSync } = require('fs'); mkdirSync('bin'); writeFileSync('bin/node', 'own');",
      );
      const { stdout } = await inSetup(ahead, npmIs(script));
      expect(stdout.trim()).toBe(binary());
      expect(readFileSync(binary(), 'utf8')).toBe('own');
      expect(isLeftBehind()).toBe(false);
    });
  });

  it('is the one set-up runs on where npm has none, and says so', async () => {
    nodeComesBy("console.error('404 No match found'); process.exit(1);");
    const { stdout, stderr } = await inSetup("await ensureNode({ root, version: '24.1.0' })");
    expect(stdout.trim()).toBe(link());
    expect(realpathSync(link())).toBe(realpathSync(process.execPath));
    expect(stderr).toContain('runs on this Node, 24.1.0');
  });

  it('has to be installed where npm has none and this one is too old', async () => {
    nodeComesBy("console.error('404 No match found'); process.exit(1);");
    const { stdout } = await inSetup("await ensureNode({ root, version: '20.20.2' })");
    expect(stdout).toMatch(/could not be had from npm .* this is Node 20\.20\.2\. Install Node 24/);
  });
});

it('tells how many of this machine’s packages are there', async () => {
  const elsewhere = process.platform === 'win32' ? 'linux' : 'win32';
  const packages = {
    '': {},
    'node_modules/a': {},
    'node_modules/b': { os: [process.platform], cpu: [process.arch] },
    'node_modules/c': { os: [elsewhere] },
  };
  writeFileSync(path.join(root, 'package-lock.json'), JSON.stringify({ packages }));
  mkdirSync(path.join(root, 'node_modules', 'b'));
  writeFileSync(path.join(root, 'node_modules', 'b', 'package.json'), '{}');
  expect((await inSetup('packagesThere(root)()')).stdout.trim()).toBe('1 of 2 packages');
});
