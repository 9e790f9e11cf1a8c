// Compiles the native engine's products (src-main/trainer/engines/native) with the system's C compiler into dist/native when their sources changed. Where
// that cannot be, the reason is left beside, the lab trains on its WebAssembly kernels, and a sentence says so once.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run, say, step } from './steps.mjs';

const sources = path.join('src-main', 'trainer', 'engines', 'native');
const always = ['-O3', '-fPIC', '-ffp-contract=off'];
/** Square roots need no errno, which would keep them out of vectors. */
const wide = ['-mavx2', '-mfma', '-fno-math-errno'];
/** Node's own functions are found when it loads the addon. */
const linking = { linux: ['-shared'], darwin: ['-bundle', '-undefined', 'dynamic_lookup'] };

function sourceDigest(root, compiler) {
  const hash = createHash('sha256').update(`${compiler} ${process.platform} ${process.arch}`);
  hash.update(readFileSync(import.meta.filename));
  for (const file of readdirSync(path.join(root, sources)).toSorted()) {
    hash.update(file).update(readFileSync(path.join(root, sources, file)));
  }
  return hash.digest('hex');
}

/** On arm64 the vectors of WebAssembly are as wide as the processor's. */
function refuseOtherMachines() {
  if (process.arch !== 'x64') throw new Error(`it is for x64 processors, and this is ${process.arch}`);
  if (!(process.platform in linking)) {
    throw new Error(`it is built on Linux and macOS, and this is ${process.platform}`);
  }
}

async function compile(root, command) {
  const [compiler, ...flags] = command.split(' ');
  const headers = path.join(root, 'node_modules', 'node-api-headers', 'include');
  // Built elsewhere and renamed: two processes that set up at once must not read each other's halves.
  const fresh = path.join(root, 'dist', `.native.${process.pid}`);
  mkdirSync(fresh, { recursive: true });
  const at = (file) => path.join(fresh, file);
  const cc = (...args) => run(compiler, [...flags, ...args], { cwd: path.join(root, sources) });
  try {
    // Only what the addon guards by a look at the processor may use its wider vectors.
    for (const name of ['products', 'loops']) {
      await cc(...always, ...wide, '-c', `${name}.c`, '-o', at(`${name}.o`));
    }
    await cc(...always, '-I', headers, '-c', 'addon.c', '-o', at('addon.o'));
    const objects = ['products.o', 'loops.o', 'addon.o'].map(at);
    await cc(...linking[process.platform], ...objects, '-o', at('products.node'), '-lm');
    renameSync(at('products.node'), path.join(root, 'dist', 'native', 'products.node'));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** The line of a compiler's output that names its error, or the first. */
function firstError({ message }) {
  const lines = message.split('\n');
  return lines.find((line) => /error:/i.test(line)) ?? lines[0];
}

/** @param {{root: string, again?: boolean}} place `again`: also where it could not be built the last time */
export async function ensureNative({ root, again = false }) {
  const command = process.env.CC || 'cc';
  const out = path.join(root, 'dist', 'native');
  const [stamp, why] = [path.join(out, '.sources'), path.join(out, 'reason.txt')];
  const digest = sourceDigest(root, command);
  const isDone = existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;
  if (isDone && !(again && existsSync(why))) return;
  mkdirSync(out, { recursive: true });
  try {
    refuseOtherMachines();
    await step('Compiling the native engine', () => compile(root, command));
    rmSync(why, { force: true });
  } catch (error) {
    rmSync(path.join(out, 'products.node'), { force: true });
    writeFileSync(why, `its addon was not built: ${firstError(error)}\n`);
    say(`The native engine: not possible here (${firstError(error)}); the WebAssembly kernels train.`);
  }
  writeFileSync(stamp, digest);
}
