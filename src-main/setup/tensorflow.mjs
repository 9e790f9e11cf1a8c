// Brings libtensorflow and tfjs-node's addon to this clone: from the cache, by the package's own download, or built against
// TensorFlow's Python wheel (docs/decisions/0003). Where none works the lab runs on its WebAssembly kernels, and this says so.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run, say, step } from './steps.mjs';

// Pinned: another TensorFlow may round differently, and a run must be repeatable. Python is never started on it, so one
// interpreter tag serves every machine.
const wheelVersion = '2.21.0';
const wheelPython = '311';
const wheelPlatforms = { x64: 'manylinux_2_27_x86_64', arm64: 'manylinux_2_27_aarch64' };

const loadCheck = `
  const util = require('util');
  util.isNullOrUndefined ??= (v) => v == null;
  util.isArray = Array.isArray;
  const tf = require('@tensorflow/tfjs-node');
  const product = tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0];
  if (product !== 11) throw new Error('1*3 + 2*4 came out as ' + product);
`;

function cacheRoot() {
  if (process.env.GROKSCOPE_CACHE) return process.env.GROKSCOPE_CACHE;
  if (process.env.XDG_CACHE_HOME) return path.join(process.env.XDG_CACHE_HOME, 'grokscope');
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches', 'grokscope');
  if (process.platform === 'win32' && process.env.LOCALAPPDATA)
    return path.join(process.env.LOCALAPPDATA, 'grokscope', 'cache');
  return path.join(os.homedir(), '.cache', 'grokscope');
}

/** @param {{packageFolder: string, nodeBinary: string}} place */
export async function ensureTensorflow({ packageFolder, nodeBinary }) {
  if (!existsSync(packageFolder)) {
    sayPlain('the package @tensorflow/tfjs-node is not installed (npm install --include=optional)');
    return;
  }
  if (hasAddon(packageFolder)) return;
  const { version } = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8'));
  const cached = path.join(
    cacheRoot(),
    `tfjs-node-${version}-tf-${wheelVersion}-${process.platform}-${process.arch}`,
  );
  if (hasAddon(cached)) {
    link(cached, packageFolder);
    say(`TensorFlow: linked from ${cached}`);
    return;
  }
  const failures = [];
  for (const [title, build] of [
    ["TensorFlow: trying tfjs-node's own download", ownDownload],
    ['TensorFlow: building the addon against the Python wheel (270 MB, once)', fromWheel],
  ]) {
    try {
      await step(title, () => build({ packageFolder, nodeBinary, cached }));
      return;
    } catch (error) {
      clear(packageFolder);
      failures.push(`${title}\n${error.message}`);
      say(`${title}: not possible here (${reason(error.message)})`);
    }
  }
  if (process.env.GROKSCOPE_VERBOSE) say(failures.join('\n\n'));
  sayPlain('neither its own download nor the Python wheel (python3, pip, a C++ compiler) worked');
}

function sayPlain(reason) {
  say(
    `TensorFlow: ${reason}; the lab trains on its WebAssembly kernels, which need no install. To try again: npm run setup`,
  );
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

function link(cached, packageFolder) {
  clear(packageFolder);
  const kind = process.platform === 'win32' ? 'junction' : 'dir';
  for (const part of ['lib', 'deps'])
    symlinkSync(path.join(cached, part), path.join(packageFolder, part), kind);
}

function clear(packageFolder) {
  for (const part of ['lib', 'deps', 'build', 'build-tmp-napi-v8'])
    rmSync(path.join(packageFolder, part), { recursive: true, force: true });
}

function toolEnvironment(packageFolder) {
  const modules = path.resolve(packageFolder, '../..');
  const bin = [path.join(packageFolder, 'node_modules', '.bin'), path.join(modules, '.bin')];
  const environment = { ...process.env, PATH: [...bin, process.env.PATH].join(path.delimiter) };
  // node-gyp downloads headers unless told where they are; a system Node brings its own.
  const prefix = path.resolve(path.dirname(process.env.npm_node_execpath ?? process.execPath), '..');
  if (!environment.npm_config_nodedir && existsSync(path.join(prefix, 'include', 'node', 'node_api.h'))) {
    environment.npm_config_nodedir = prefix;
  }
  return environment;
}

async function check(packageFolder, nodeBinary) {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
  await run(nodeBinary, ['-e', loadCheck], {
    cwd: path.resolve(packageFolder, '../../..'),
    env,
    timeout: 60_000,
  });
}

async function ownDownload({ packageFolder, nodeBinary, cached }) {
  const env = toolEnvironment(packageFolder);
  await run(nodeBinary, ['scripts/install.js'], { cwd: packageFolder, env });
  // install.js can end with 0 after a failed download.
  if (!hasAddon(packageFolder)) throw new Error('its installer left no addon behind');
  await check(packageFolder, nodeBinary);
  moveToCache(packageFolder, cached);
}

async function fromWheel({ packageFolder, nodeBinary, cached }) {
  const platform = wheelPlatforms[process.arch];
  if (process.platform !== 'linux' || !platform)
    throw new Error(`no wheel for ${process.platform}-${process.arch}`);
  mkdirSync(cacheRoot(), { recursive: true });
  const scratch = mkdtempSync(path.join(cacheRoot(), 'wheel-'));
  try {
    const pip = [
      '-m',
      'pip',
      'download',
      '--no-deps',
      '--only-binary=:all:',
      '--python-version',
      wheelPython,
    ];
    await run(
      'python3',
      [...pip, '--platform', platform, '--dest', scratch, `tensorflow-cpu==${wheelVersion}`],
      {
        loud: process.stderr.isTTY,
      },
    );
    await run('python3', ['-c', unpackWheel, scratch]);
    const tensorflow = path.join(scratch, 'tensorflow');
    const lib = path.join(packageFolder, 'deps', 'lib');
    mkdirSync(lib, { recursive: true });
    renameOrCopy(path.join(tensorflow, 'include'), path.join(packageFolder, 'deps', 'include'));
    for (const file of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
      renameOrCopy(path.join(tensorflow, file), path.join(lib, file));
    }
    for (const name of ['libtensorflow.so', 'libtensorflow.so.2.9.1'])
      symlinkSync('libtensorflow_cc.so.2', path.join(lib, name));
    symlinkSync('libtensorflow_framework.so.2', path.join(lib, 'libtensorflow_framework.so'));
    const preGyp = path.join(path.resolve(packageFolder, '../..'), '.bin', 'node-pre-gyp');
    await run(preGyp, ['install', '--build-from-source'], {
      cwd: packageFolder,
      env: toolEnvironment(packageFolder),
    });
    await check(packageFolder, nodeBinary);
    moveToCache(packageFolder, cached);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const unpackWheel = `
import glob, sys, zipfile
wheel = zipfile.ZipFile(glob.glob(sys.argv[1] + '/*.whl')[0])
wanted = ('libtensorflow_cc.so.2', 'libtensorflow_framework.so.2')
wheel.extractall(sys.argv[1], [n for n in wheel.namelist() if n.startswith('tensorflow/include/') or n.endswith(wanted)])
`;

/** The headers are needed for the build alone; what stays is the library and the addon. */
function moveToCache(packageFolder, cached) {
  rmSync(path.join(packageFolder, 'deps', 'include'), { recursive: true, force: true });
  const fresh = `${cached}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  for (const part of ['lib', 'deps']) renameOrCopy(path.join(packageFolder, part), path.join(fresh, part));
  try {
    renameSync(fresh, cached);
  } catch (error) {
    // Another clone's set-up was faster: its copy is as good.
    rmSync(fresh, { recursive: true, force: true });
    if (!hasAddon(cached)) throw error;
  }
  link(cached, packageFolder);
}

function renameOrCopy(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (error.code !== 'EXDEV') throw error;
    cpSync(from, to, { recursive: true, verbatimSymlinks: true });
    rmSync(from, { recursive: true, force: true });
  }
}
