import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasNative } from '../trainer/available-engines.ts';

const project = path.resolve(import.meta.dirname, '../../..');
const sources = path.join('src-main', 'trainer', 'engines', 'native');

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'grokscope-native-'));
  mkdirSync(path.join(root, 'node_modules'));
  const headers = path.join('node_modules', 'node-api-headers');
  symlinkSync(path.join(project, headers), path.join(root, headers));
  cpSync(path.join(project, sources), path.join(root, sources), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const addon = (): string => path.join(root, 'dist', 'native', 'products.node');
const reason = (): string => path.join(root, 'dist', 'native', 'reason.txt');

/** What set-up does, in a process of its own, with this compiler. @returns what it said */
async function ensureNative(compiler: string, again = false): Promise<string> {
  const script = path.join(project, 'src-main', 'setup', 'native.mjs');
  const call = `import { ensureNative } from ${JSON.stringify(script)};
    await ensureNative(${JSON.stringify({ root, again })});`;
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', call], {
    env: { ...process.env, CC: compiler },
  });
  return stderr;
}

describe.skipIf(!hasNative)('the native engine’s addon', () => {
  it('is built where there is a compiler, and again only when its sources change', async () => {
    expect(await ensureNative('cc')).toMatch(/Compiling the native engine: done in/);
    expect(createRequire(import.meta.url)(addon())).toHaveProperty('forwardTiles');
    const { mtimeMs } = statSync(addon());
    expect(await ensureNative('cc')).toBe('');
    expect(statSync(addon()).mtimeMs).toBe(mtimeMs);
    cpSync(path.join(root, sources, 'tiles.h'), path.join(root, sources, 'more.h'));
    expect(await ensureNative('cc')).toMatch(/done in/);
  });

  it('is missed with a reason where there is none, said once, until set-up tries again', async () => {
    const said = await ensureNative('no-such-compiler');
    expect(said).toMatch(
      /not possible here \(no-such-compiler could not be started.*\); the WebAssembly kernels/,
    );
    expect(existsSync(addon())).toBe(false);
    expect(readFileSync(reason(), 'utf8')).toMatch(/^its addon was not built: no-such-compiler could not/);
    expect(await ensureNative('no-such-compiler')).toBe('');
    expect(await ensureNative('no-such-compiler', true)).toMatch(/not possible here/);
    await ensureNative('cc', true);
    expect(existsSync(addon())).toBe(true);
    expect(existsSync(reason())).toBe(false);
  });

  it('is not left from before when its sources no longer compile, and the compiler’s error is told', async () => {
    await ensureNative('cc');
    rmSync(path.join(root, sources, 'tiles.h'));
    expect(await ensureNative('cc')).toMatch(/not possible here \(products\.c:.*tiles\.h/);
    expect(existsSync(addon())).toBe(false);
  });
});
