// Compiles the WebAssembly kernels into dist/wasm when their sources changed since the last time: one build for processors with relaxed SIMD, one for all.
// Run by itself it also brings the native engine's addon (native.mjs).
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureNative } from './native.mjs';
import { run, step } from './steps.mjs';

const builds = { relaxed: ['--enable', 'relaxed-simd'], simd: [] };
const fileOf = (name) => `kernels.${name}.wasm`;
const always = ['--optimizeLevel', '3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'];
const folder = path.join('src-main', 'trainer', 'engines', 'wasm', 'kernels');

function sourceDigest(root, compiler) {
  const hash = createHash('sha256').update(readFileSync(path.join(compiler, 'package.json')));
  hash.update(readFileSync(import.meta.filename));
  for (const file of readdirSync(path.join(root, folder)).toSorted()) {
    hash.update(file).update(readFileSync(path.join(root, folder, file)));
  }
  return hash.digest('hex');
}

/** @param {{root: string, nodeBinary: string}} place */
export async function ensureKernels({ root, nodeBinary }) {
  const compiler = path.join(root, 'node_modules', 'assemblyscript');
  const asc = path.join(compiler, 'bin', 'asc.js');
  const out = path.join(root, 'dist', 'wasm');
  const stamp = path.join(out, '.sources');
  const digest = sourceDigest(root, compiler);
  const isThere = Object.keys(builds).every((name) => existsSync(path.join(out, fileOf(name))));
  if (isThere && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  await step('Compiling the WebAssembly kernels', async () => {
    // Written elsewhere and renamed: two processes that set up at once must not read each other's halves.
    const fresh = path.join(root, 'dist', `.wasm.${process.pid}`);
    mkdirSync(out, { recursive: true });
    try {
      const compiled = Object.entries(builds).map(([name, features]) => {
        const options = [...always, ...features, '--outFile', path.join(fresh, fileOf(name))];
        return run(nodeBinary, [asc, path.join(folder, 'index.ts'), ...options], { cwd: root });
      });
      await Promise.all(compiled);
      for (const name of Object.keys(builds))
        renameSync(path.join(fresh, fileOf(name)), path.join(out, fileOf(name)));
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  });
  writeFileSync(stamp, digest);
}

if (import.meta.main) {
  const root = path.resolve(import.meta.dirname, '../..');
  await ensureKernels({ root, nodeBinary: process.execPath });
  await ensureNative({ root });
}
