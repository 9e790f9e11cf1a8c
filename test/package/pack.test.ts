import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { extractAll, listPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleDesktop, desktopBundles } from '#main/hosts/electron/bundle.ts';
import manifest from '../../package.json' with { type: 'json' };
import { root } from './builder-config.ts';
import { packApplication } from './pack-application.ts';
import type { Packed } from './pack-application.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'grokscope-pack-'));
const application = path.join(folder, 'application');
let packed: Packed;
let files: string[] = [];

beforeAll(async () => {
  await bundleDesktop(path.join(root, 'dist', 'main'));
  packed = await packApplication(folder);
  if (packed.code !== 0) return;
  files = listPackage(packed.asar, { isPack: false }).map((file) => file.replaceAll('\\', '/').slice(1));
  extractAll(packed.asar, application);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ours = (): string[] => files.filter((file) => !/^node_modules(\/|$)/.test(file));
const theirs = (): string[] => files.filter((file) => file.startsWith('node_modules/'));

describe.skipIf(process.platform !== 'linux')('the packed application', () => {
  it('is packed', () => {
    expect(packed.output).toContain('packaging');
    expect(packed.code, packed.output).toBe(0);
  });

  it('holds of ours the bundles, the presets, the window once it is built, and nothing else', () => {
    const presets = readdirSync(path.join(root, 'assets', 'studies'));
    const expected = [
      'LICENSE',
      'package.json',
      ...desktopBundles.map((name) => `dist/main/${name}`),
      ...presets.map((name) => `assets/studies/${name}`),
    ];
    const isFile = (file: string): boolean => path.extname(file) !== '' || file === 'LICENSE';
    const others = ours().filter((file) => isFile(file) && !file.startsWith('dist/renderer/'));
    expect(others.toSorted()).toEqual(expected.toSorted());
    const window = path.join(root, 'dist', 'renderer', 'index.html');
    expect(files.includes('dist/renderer/index.html')).toBe(existsSync(window));
  });

  it('holds every production dependency and no dev dependency', () => {
    const installed = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }).filter((name) =>
      existsSync(path.join(root, 'node_modules', name)),
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
    expect(theirs().filter((file) => /\/(tests?|__tests__|spec)\/|_test\.js$|\.test\.m?js$/.test(file))).toEqual([]);
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

  it('trains from what is inside alone, on an engine without TensorFlow', () => {
    writeFileSync(path.join(folder, 'host.mjs'), trainerHost);
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [path.join(folder, 'host.mjs'), path.join(application, 'dist', 'main', 'trainer.js')],
      { encoding: 'utf8', timeout: 60_000 },
    );
    expect(stdout.trim().split('\n'), stderr).toEqual(['inspected', 'finished']);
  });

  it('loads all that its main process names, from what is inside alone', () => {
    writeFileSync(path.join(folder, 'electron-stub.mjs'), electronStub);
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [
        '--import',
        path.join(folder, 'electron-stub.mjs'),
        path.join(application, 'dist', 'main', 'main.js'),
      ],
      { encoding: 'utf8', timeout: 60_000, cwd: folder },
    );
    expect(stdout.trim(), stderr).toBe('second instance, quit');
  });

  it('has a preload that a sandbox can load: one file that requires Electron alone', () => {
    const text = readFileSync(path.join(application, 'dist', 'main', 'preload.cjs'), 'utf8');
    const required = [...text.matchAll(/require\(["'`]([^"'`]+)["'`]\)/g)].map(([, name]) => name);
    expect(new Set(required)).toEqual(new Set(['electron']));
    expect(text).not.toMatch(/^import\s|\bimport\(|__dirname|process\./m);
  });
});

/** Forks the trainer as the Node host does, asks for the plain engine, and prints what it hears. */
const trainerHost = `
import { fork } from 'node:child_process';
const child = fork(process.argv[2], [], { serialization: 'advanced' });
child.on('message', (message) => console.log(message.type));
child.send({ type: 'inspect', engine: 'plain', measure: false });
`;

/** Stands in for the one module that only Electron has; the lock is taken, so the program leaves once it is loaded. */
const electronStub = `
import { registerHooks } from 'node:module';
const names = ['BrowserWindow', 'Menu', 'MessageChannelMain', 'dialog', 'ipcMain', 'powerSaveBlocker', 'screen', 'session',
  'shell', 'utilityProcess'];
const source = names.map((name) => \`export const \${name} = {};\`).join('\\n') + \`
export const protocol = { registerSchemesAsPrivileged() {} };
export const app = { requestSingleInstanceLock: () => false, quit: () => console.log('second instance, quit') };
\`;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: 'electron:stub', shortCircuit: true } : next(specifier, context),
  load: (url, context, next) =>
    url === 'electron:stub' ? { format: 'module', source, shortCircuit: true } : next(url, context),
});
`;
