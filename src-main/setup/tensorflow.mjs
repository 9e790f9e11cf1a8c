// Brings libtensorflow and tfjs-node's addon to this clone: from the cache, by the package's own download, or built against
// TensorFlow's Python wheel (docs/decisions/0003). Where none works the lab runs on its WebAssembly kernels, and this says so.
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run, say, step } from './steps.mjs';
import { inTurn } from './turn.mjs';

// Pinned: another TensorFlow may round differently, and a run must be repeatable. Python is never started on it, so one
// interpreter tag serves every machine.
const wheelVersion = '2.21.0';
const wheelPython = '311';
const wheelPlatforms = { x64: 'manylinux_2_27_x86_64', arm64: 'manylinux_2_27_aarch64' };

const loadCheck = `
  const util = require('util');
  util.isNullOrUndefined ??= (v) => v == null;
  util.isArray = Array.isArray;
  const tf = require(process.argv[1]);
  const product = tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0];
  if (product !== 11) throw new Error('1*3 + 2*4 came out as ' + product);
`;

const directoryLink = process.platform === 'win32' ? 'junction' : 'dir';

function cacheRoot() {
  if (process.env.GROKSCOPE_CACHE) return process.env.GROKSCOPE_CACHE;
  if (process.env.XDG_CACHE_HOME) return path.join(process.env.XDG_CACHE_HOME, 'grokscope');
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches', 'grokscope');
  if (process.platform === 'win32' && process.env.LOCALAPPDATA)
    return path.join(process.env.LOCALAPPDATA, 'grokscope', 'cache');
  return path.join(os.homedir(), '.cache', 'grokscope');
}

/** Where the package lies, and where it is kept for all clones. */
function placesOf(root) {
  const packageFolder = path.join(root, 'node_modules', '@tensorflow', 'tfjs-node');
  if (!existsSync(packageFolder)) return { packageFolder, cached: null };
  const { version } = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8'));
  const name = `tfjs-node-${version}-tf-${wheelVersion}-${process.platform}-${process.arch}`;
  return { packageFolder, cached: path.join(cacheRoot(), name) };
}

/**
 * What takes no time: links what the cache has.
 * @param {string} root of the clone
 * @returns {'there' | 'missing' | 'impossible'}
 */
export function linkTensorflow(root) {
  const { packageFolder, cached } = placesOf(root);
  if (cached === null) return 'impossible';
  if (hasAddon(packageFolder)) return 'there';
  if (!hasAddon(cached)) return 'missing';
  link(cached, packageFolder);
  say(`TensorFlow: linked from ${cached}`);
  return 'there';
}

/**
 * Makes everything in a folder of its own and links it when it is whole: a trainer, or a set-up that runs beside, never sees a half.
 * @param {{root: string, nodeBinary: string, signal?: AbortSignal}} place `signal`: tries nothing further once it is aborted
 * @returns {Promise<string | null>} why it could not be had; null where it is there
 */
export async function ensureTensorflow({ root, nodeBinary, signal }) {
  const found = linkTensorflow(root);
  if (found === 'there') return null;
  if (found === 'impossible') {
    return sayPlain('the package @tensorflow/tfjs-node is not installed (npm install --include=optional)');
  }
  return inTurn(
    path.join(root, 'dist', '.tensorflow-is-fetched-by'),
    async () => {
      // Whoever had the turn before may have brought it.
      if (linkTensorflow(root) === 'there') return null;
      return fetchTensorflow({ root, nodeBinary, signal });
    },
    (id) => say(`TensorFlow: process ${id} fetches it for this clone already; waiting for that ...`),
    signal,
  );
}

async function fetchTensorflow({ root, nodeBinary, signal }) {
  const { packageFolder, cached } = placesOf(root);
  const modules = path.join(root, 'node_modules');
  // Of this clone, and always the same: what a set-up left that was ended hard goes with the next.
  const clone = createHash('sha256').update(root).digest('hex').slice(0, 8);
  const scratch = path.join(cacheRoot(), `fetching-${clone}`);
  const failures = [];
  const reasons = [];
  try {
    for (const [title, build] of [
      ["TensorFlow: trying tfjs-node's own download", ownDownload],
      ['TensorFlow: building the addon against the Python wheel (270 MB, once)', fromWheel],
    ]) {
      try {
        rmSync(scratch, { recursive: true, force: true });
        const copy = copyPackage(packageFolder, modules, scratch);
        const env = toolEnvironment(copy, modules, scratch);
        const tool = async (command, args, options) => {
          signal?.throwIfAborted();
          return run(command, args, { cwd: copy, env, ...options });
        };
        await step(title, async () => {
          await build({ copy, scratch, nodeBinary, tool });
          await tool(nodeBinary, ['-e', loadCheck, copy], { timeout: 60_000 });
          moveToCache(copy, cached);
        });
        link(cached, packageFolder);
        return null;
      } catch (error) {
        if (signal?.aborted) throw error;
        failures.push(`${title}\n${error.message}`);
        reasons.push(reason(error.message));
        say(`${title}: not possible here (${reasons.at(-1)})`);
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
  if (process.env.GROKSCOPE_VERBOSE) say(failures.join('\n\n'));
  sayPlain('neither its own download nor the Python wheel (python3, pip, a C++ compiler) worked');
  return `neither its own download (${reasons[0]}) nor the Python wheel (${reasons[1]}) worked`;
}

/** With the clone's packages beside it, as it has them where it is installed. */
function copyPackage(packageFolder, modules, scratch) {
  const copy = path.join(scratch, 'package');
  const made = ['lib', 'deps', 'build', 'build-tmp-napi-v8'].map((part) => path.join(packageFolder, part));
  mkdirSync(scratch, { recursive: true });
  cpSync(packageFolder, copy, { recursive: true, filter: (file) => !made.includes(file) });
  symlinkSync(modules, path.join(scratch, 'node_modules'), directoryLink);
  return copy;
}

function sayPlain(reason) {
  say(
    `TensorFlow: ${reason}; the lab trains on its WebAssembly kernels, which need no install. To try again: npm run setup`,
  );
  return reason;
}

/** The line of a tool's output that names its error, or its first. */
function reason(output) {
  const lines = output.split('\n').map((line) => line.trim());
  return (lines.findLast((line) => /error|ENOTFOUND|refused|not found/i.test(line)) ?? lines[0]).slice(
    0,
    160,
  );
}

function hasAddon(folder) {
  const lib = path.join(folder, 'lib');
  if (!existsSync(lib) || !existsSync(path.join(folder, 'deps', 'lib'))) return false;
  return readdirSync(lib).some((entry) => existsSync(path.join(lib, entry, 'tfjs_binding.node')));
}

/** `deps` first: without it `lib` is no addon yet. */
function link(cached, packageFolder) {
  for (const part of ['build', 'build-tmp-napi-v8'])
    rmSync(path.join(packageFolder, part), { recursive: true, force: true });
  for (const part of ['deps', 'lib']) {
    const place = path.join(packageFolder, part);
    const fresh = `${place}.${process.pid}`;
    symlinkSync(path.join(cached, part), fresh, directoryLink);
    // A link is replaced at once; a folder, of an earlier version of this set-up, and any on Windows, has to go first.
    const old = lstatSync(place, { throwIfNoEntry: false });
    if (old && (process.platform === 'win32' || !old.isSymbolicLink()))
      rmSync(place, { recursive: true, force: true });
    renameSync(fresh, place);
  }
}

function toolEnvironment(copy, modules, scratch) {
  const bin = [path.join(copy, 'node_modules', '.bin'), path.join(modules, '.bin')];
  // What pip is downloading lies in the scratch folder too, and goes with it.
  const environment = {
    ...process.env,
    TMPDIR: scratch,
    PATH: [...bin, process.env.PATH].join(path.delimiter),
    TF_CPP_MIN_LOG_LEVEL: '3',
  };
  // node-gyp downloads headers unless told where they are; a system Node brings its own.
  const prefix = path.resolve(path.dirname(process.env.npm_node_execpath ?? process.execPath), '..');
  if (!environment.npm_config_nodedir && existsSync(path.join(prefix, 'include', 'node', 'node_api.h'))) {
    environment.npm_config_nodedir = prefix;
  }
  return environment;
}

async function ownDownload({ copy, nodeBinary, tool }) {
  await tool(nodeBinary, ['scripts/install.js']);
  // install.js can end with 0 after a failed download.
  if (!hasAddon(copy)) throw new Error('its installer left no addon behind');
}

async function fromWheel({ copy, scratch, tool }) {
  const platform = wheelPlatforms[process.arch];
  if (process.platform !== 'linux' || !platform)
    throw new Error(`no wheel for ${process.platform}-${process.arch}`);
  const pip = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--python-version', wheelPython];
  await tool(
    'python3',
    [...pip, '--platform', platform, '--dest', scratch, `tensorflow-cpu==${wheelVersion}`],
    { loud: process.stderr.isTTY },
  );
  await tool('python3', ['-c', unpackWheel, scratch]);
  const tensorflow = path.join(scratch, 'tensorflow');
  const lib = path.join(copy, 'deps', 'lib');
  mkdirSync(lib, { recursive: true });
  renameSync(path.join(tensorflow, 'include'), path.join(copy, 'deps', 'include'));
  for (const file of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'])
    renameSync(path.join(tensorflow, file), path.join(lib, file));
  for (const name of ['libtensorflow.so', 'libtensorflow.so.2.9.1'])
    symlinkSync('libtensorflow_cc.so.2', path.join(lib, name));
  symlinkSync('libtensorflow_framework.so.2', path.join(lib, 'libtensorflow_framework.so'));
  const preGyp = path.join(scratch, 'node_modules', '.bin', 'node-pre-gyp');
  await tool(preGyp, ['install', '--build-from-source']);
}

const unpackWheel = `
import glob, sys, zipfile
wheel = zipfile.ZipFile(glob.glob(sys.argv[1] + '/*.whl')[0])
wanted = ('libtensorflow_cc.so.2', 'libtensorflow_framework.so.2')
wheel.extractall(sys.argv[1], [n for n in wheel.namelist() if n.startswith('tensorflow/include/') or n.endswith(wanted)])
`;

/** The headers are needed for the build alone; what stays is the library and the addon. */
function moveToCache(copy, cached) {
  rmSync(path.join(copy, 'deps', 'include'), { recursive: true, force: true });
  const whole = path.join(path.dirname(copy), 'whole');
  mkdirSync(whole);
  for (const part of ['lib', 'deps']) renameSync(path.join(copy, part), path.join(whole, part));
  try {
    renameSync(whole, cached);
  } catch (error) {
    // Another clone's set-up was faster: its copy is as good.
    if (!hasAddon(cached)) throw error;
  }
}
