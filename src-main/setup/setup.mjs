// Makes a clone ready to run: packages, Node 24, TensorFlow. Plain JavaScript for Node 20, before anything is installed.
// Safe to repeat: what is done already is checked in milliseconds and passed over.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureChromium } from './chromium.mjs';
import { ensureKernels } from './kernels.mjs';
import { ensureNative } from './native.mjs';
import { ensureTensorflow, linkTensorflow } from './tensorflow.mjs';
import { run, say, step } from './steps.mjs';
import { ensureWindow } from './window.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const modules = path.join(root, 'node_modules');
const nodeBinary = path.join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
/** What `node` means in this project's npm scripts. */
const nodeLink = path.join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

/** The Node that npm runs on, or where that is the one in `node_modules`, which `npm ci` takes away under us, the next in the path. */
const npmNode = process.env.npm_node_execpath ?? process.execPath;
const lastingNode = npmNode.startsWith(modules + path.sep) ? 'node' : npmNode;

/** The npm that started us, where one did: it and its Node are known to work here. */
function npm(...args) {
  const script = process.env.npm_execpath;
  return script
    ? run(lastingNode, [script, ...args], { cwd: root })
    : run('npm', args, { cwd: root, shell: process.platform === 'win32' });
}

/** Of what npm installs: not of the scripts, which change more often than packages do. */
function lockDigest() {
  const { dependencies, devDependencies, optionalDependencies, overrides } = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8'),
  );
  return createHash('sha256')
    .update(JSON.stringify([dependencies, devDependencies, optionalDependencies, overrides]))
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}

/** `npm ci` when the lock file changed since the last one. Install scripts stay off: the two we need are run below, in the open. */
async function ensurePackages() {
  const stamp = path.join(modules, '.grokscope-packages');
  const digest = lockDigest();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  await step('Installing packages (npm ci)', () => npm('ci', '--ignore-scripts', '--no-audit', '--no-fund'));
  writeFileSync(stamp, digest);
}

/** The npm package `node` brings Node 24 through its own install script; only then is there a binary for `.bin` to link to. */
async function ensureNode() {
  if (existsSync(nodeBinary) && existsSync(nodeLink)) return;
  await step('Fetching Node 24', async () => {
    if (!existsSync(nodeBinary)) {
      await run(lastingNode, ['installArchSpecificPackage.js'], { cwd: path.join(modules, 'node') });
    }
    // What `npm rebuild node` would do, without the seconds that npm takes to look at every package.
    rmSync(nodeLink, { force: true });
    if (process.platform !== 'win32') symlinkSync(path.join('..', 'node', 'bin', 'node'), nodeLink);
    else await npm('rebuild', 'node', '--ignore-scripts');
    if (!existsSync(nodeLink)) throw new Error(`npm made no ${nodeLink}`);
  });
}

const wants = (option) => process.argv.includes(option);

try {
  await ensurePackages();
  await ensureNode();
} catch (error) {
  say(`Setup failed: ${error.message}`);
  say('Check the network connection and run the same command again; it goes on where it stopped.');
  process.exit(1);
}
// Side by side, and each to its end, whatever becomes of the others.
const built = await Promise.allSettled([
  ensureKernels({ root, nodeBinary }),
  ensureNative({ root, again: true }),
  wants('--window') && ensureWindow({ root, nodeBinary }),
]);
const failed = built.filter(({ status }) => status === 'rejected');
if (failed.length > 0) {
  for (const { reason } of failed) say(`Setup failed: ${reason.message}`);
  process.exit(1);
}
if (wants('--tests')) await ensureChromium();
// `npm start` brings it once the lab is open (fetch-tensorflow.mjs): the kernels, which are there, train without it.
if (wants('--tensorflow-later')) linkTensorflow(root);
else await ensureTensorflow({ root, nodeBinary });
