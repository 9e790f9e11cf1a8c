// Builds the window and the desktop bundles when their sources changed since the last build.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run, step } from './steps.mjs';

const sources = [
  'src-renderer',
  'shared',
  'src-main',
  'assets',
  'package-lock.json',
  'vite.renderer.config.ts',
];

function* filesBelow(place) {
  if (!statSync(place).isDirectory()) yield place;
  else for (const entry of readdirSync(place).toSorted()) yield* filesBelow(path.join(place, entry));
}

function sourceDigest(root) {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesBelow(path.join(root, source))) {
      hash.update(path.relative(root, file)).update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}

/** @param {{root: string, nodeBinary: string}} place */
export async function ensureWindow({ root, nodeBinary }) {
  const stamp = path.join(root, 'dist', '.sources');
  const digest = sourceDigest(root);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  await step('Building the window', async () => {
    await Promise.all([
      run(nodeBinary, [vite, 'build', '-c', 'vite.renderer.config.ts'], { cwd: root }),
      run(nodeBinary, ['src-main/hosts/electron/bundle.ts'], { cwd: root }),
    ]);
  });
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}
