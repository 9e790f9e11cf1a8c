import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { builderConfig, root } from './builder-config.ts';

/** What marks the fuses in an Electron binary, by @electron/fuses. */
const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** Electron 45 as it is delivered: run-as-node, node options, inspect and file privileges on. */
const deliveredFuses = '10110001';

/** A folder that electron-builder takes for an Electron distribution: a binary with nothing in it but fuses. */
function standInDistribution(folder: string): string {
  mkdirSync(path.join(folder, 'resources'), { recursive: true });
  const fuses = Buffer.from([1, deliveredFuses.length]);
  const padding = Buffer.alloc(512);
  const binary = Buffer.concat([
    padding,
    Buffer.from(fuseSentinel),
    fuses,
    Buffer.from(deliveredFuses),
    padding,
  ]);
  writeFileSync(path.join(folder, 'electron'), binary, { mode: 0o755 });
  writeFileSync(path.join(folder, 'version'), '45.4.1');
  return folder;
}

export interface Packed {
  readonly code: number | null;
  readonly output: string;
  readonly asar: string;
  readonly binary: string;
}

/**
 * Packs the application as `npm run package` does, against a stand-in for Electron, into `folder`. TensorFlow's library (850 MB) is
 * left out: the real package holds it, copied from where set-up linked it.
 */
export function packApplication(folder: string): Promise<Packed> {
  const config = builderConfig();
  const file = path.join(folder, 'config.json');
  writeFileSync(
    file,
    JSON.stringify({
      ...config,
      files: [...config.files, '!**/node_modules/@tensorflow/tfjs-node/{lib,deps}/**'],
      directories: { ...config.directories, output: path.join(folder, 'out') },
      electronDist: standInDistribution(path.join(folder, 'electron')),
    }),
  );
  const builder = path.join(root, 'node_modules', 'electron-builder', 'cli.js');
  const child = spawn(process.execPath, [builder, '--linux', 'dir', '--config', file, '--projectDir', root], {
    cwd: root,
    env: outsideVitest(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const unpacked = path.join(folder, 'out', 'linux-unpacked');
  return new Promise((resolve) => {
    child.on('close', (code) =>
      resolve({
        code,
        output,
        asar: path.join(unpacked, 'resources', 'app.asar'),
        binary: path.join(unpacked, 'grokscope'),
      }),
    );
  });
}

/** electron-builder says nothing where it believes itself tested, and what it says is wanted when it fails. */
function outsideVitest(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
}
