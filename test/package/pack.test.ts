import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { extractAll, listPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bundleDesktop, desktopBundles } from '#main/hosts/electron/bundle.ts';
import { addonFile } from '#main/trainer/kernel-file.ts';
import { openLabStore } from '#main/store/lab-store.ts';
import manifest from '../../package.json' with { type: 'json' };
import { root } from './builder-config.ts';
import { packApplication } from './pack-application.ts';
import type { Packed } from './pack-application.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'grokscope-pack-'));
const application = path.join(folder, 'application');
let packed: Packed;
let files: string[] = [];

const skipped = process.platform !== 'linux';
if (skipped) {
  process.stderr.write(`SKIPPED test/package/pack: it packs for Linux, and this is ${process.platform}.\n`);
}

beforeAll(async () => {
  if (skipped) return;
  await bundleDesktop(path.join(root, 'dist', 'main'));
  packed = await packApplication(folder);
  if (packed.code !== 0) return;
  files = listPackage(packed.asar, { isPack: false }).map((file) => file.replaceAll('\\', '/').slice(1));
  extractAll(packed.asar, application);
  // A minute on a machine that does other things too.
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ours = (): string[] => files.filter((file) => !/^node_modules(\/|$)/.test(file));
const isFile = (file: string): boolean => path.extname(file) !== '' || file === 'LICENSE';
const theirs = (): string[] => files.filter((file) => file.startsWith('node_modules/'));

describe.skipIf(skipped)('the packed application', () => {
  it('is packed', () => {
    expect(packed.code, packed.output).toBe(0);
  });

  it('holds of ours the bundles, the kernels, the presets, the window once it is built, and nothing else', () => {
    const presets = readdirSync(path.join(root, 'assets', 'studies'));
    const expected = [
      'LICENSE',
      'package.json',
      ...desktopBundles.map((name) => `dist/main/${name}`),
      'dist/wasm/kernels.relaxed.wasm',
      'dist/wasm/kernels.simd.wasm',
      ...(existsSync(addonFile) ? ['dist/native/products.node'] : []),
      ...presets.map((name) => `assets/studies/${name}`),
    ];
    const others = ours().filter((file) => isFile(file) && !file.startsWith('dist/renderer/'));
    expect(others.toSorted()).toEqual(expected.toSorted());
    const window = path.join(root, 'dist', 'renderer', 'index.html');
    expect(files.includes('dist/renderer/index.html')).toBe(existsSync(window));
  });

  it('holds every production dependency and no dev dependency', () => {
    const installed = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }).filter(
      (name) => existsSync(path.join(root, 'node_modules', name)),
    );
    expect(installed.length).toBeGreaterThanOrEqual(Object.keys(manifest.dependencies).length);
    for (const name of installed) expect(files).toContain(`node_modules/${name}/package.json`);
    // Types come with tfjs as its dependencies; of them nothing but their licence is left.
    for (const name of Object.keys(manifest.devDependencies).filter((name) => !name.startsWith('@types/'))) {
      // hyparquet, which reads Parquet in tests, is also what hyparquet-writer needs.
      if (name === 'hyparquet') continue;
      expect(files).not.toContain(`node_modules/${name}/package.json`);
    }
  });

  it('holds no sources, types, maps or tests, of ours or of any package', () => {
    expect(files.filter((file) => /\.(ts|mts|cts|vue|map)$/.test(file))).toEqual([]);
    expect(ours().filter((file) => /^(src-main|src-renderer|shared|test|docs)\b/.test(file))).toEqual([]);
    const tests = /\/(tests?|__tests__|spec)\/|_test\.js$|\.test\.m?js$/;
    // core-js's polyfill of RegExp.prototype.test.
    const polyfill = 'node_modules/core-js/modules/es.regexp.test.js';
    expect(theirs().filter((file) => tests.test(file) && file !== polyfill)).toEqual([]);
    expect(theirs().filter((file) => file.startsWith('node_modules/.bin/'))).toEqual([]);
  });

  it('says what it is, and where it begins', () => {
    const packedManifest: unknown = JSON.parse(readFileSync(path.join(application, 'package.json'), 'utf8'));
    expect(packedManifest).toMatchObject({ name: 'grokscope', type: 'module', main: 'dist/main/main.js' });
    expect(packedManifest).not.toHaveProperty('devDependencies');
  });

  it('has its fuses set', async () => {
    const wire = await getCurrentFuseWire(packed.binary);
    // The characters of the wire.
    const [off, on] = ['0', '1'].map((state) => state.charCodeAt(0));
    const states = {
      [FuseV1Options.RunAsNode]: off,
      [FuseV1Options.EnableCookieEncryption]: on,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: off,
      [FuseV1Options.EnableNodeCliInspectArguments]: off,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: on,
      [FuseV1Options.OnlyLoadAppFromAsar]: on,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: off,
    };
    expect(wire).toMatchObject(states);
  });

  it('starts, answers its window, trains in its trainers, and quits with a whole lab: all from what is inside alone', async () => {
    const home = path.join(folder, 'home');
    mkdirSync(home);
    const driven = promisify(execFile)(
      process.execPath,
      [
        path.join(import.meta.dirname, 'drive-application.ts'),
        path.join(application, 'dist', 'main', 'main.js'),
      ],
      { cwd: home, env: { ...process.env, XDG_DATA_HOME: home, HOME: home } },
    );
    // It has as long as a test has, and none of it outlives that.
    onTestFinished(() => void driven.child.kill());
    // Rejects with what it wrote where it does not end with 0.
    const { stdout } = await driven;
    expect(stdout).toContain('{');
    const lab = path.join(home, 'grokscope', 'history.lab');
    const presets = readdirSync(path.join(root, 'assets', 'studies')).map((file) => path.parse(file).name);
    const answer: { readonly presets: readonly string[] } = JSON.parse(stdout);
    expect(answer).toMatchObject({
      lab,
      states: ['finished', 'finished'],
      provenance: 'wasm',
      rows: 13,
      traversal: 403,
      keptAwake: true,
      stillAwake: false,
    });
    expect(answer.presets.toSorted()).toEqual(presets.toSorted());
    expect(existsSync(`${lab}-wal`)).toBe(false);
    const store = openLabStore(lab, { readOnly: true });
    expect(store.studies.list().map(({ name }) => name)).toEqual(['Tiny']);
    store.close();
  });

  it('copies its lab in a thread of what is inside, as it does once a day', async () => {
    const target = path.join(folder, 'copy.lab');
    const script = path.join(application, 'dist', 'main', 'backup-worker.js');
    const worker = new Worker(script, {
      workerData: { lab: path.join(folder, 'home/grokscope/history.lab'), target },
    });
    expect(await once(worker, 'message')).toEqual([{ problem: null }]);
    const copy = openLabStore(target, { readOnly: true });
    expect(copy.studies.list().map(({ name }) => name)).toEqual(['Tiny']);
    copy.close();
    // The application looks for it under its own ending.
    const main = readFileSync(path.join(application, 'dist', 'main', 'main.js'), 'utf8');
    expect(main.match(/backup-worker\S*/g)).toEqual(['backup-worker${extname(import.meta.filename)}`);']);
  });

  it('has a preload that a sandbox can load: one file that requires Electron alone', () => {
    const text = readFileSync(path.join(application, 'dist', 'main', 'preload.cjs'), 'utf8');
    const required = [...text.matchAll(/require\(["'`]([^"'`]+)["'`]\)/g)].map(([, name]) => name);
    expect(new Set(required)).toEqual(new Set(['electron']));
    expect(text).not.toMatch(/^import\s|\bimport\(|__dirname|process\./m);
  });
});
