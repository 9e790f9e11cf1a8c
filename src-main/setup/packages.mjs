// npm's packages, and Node 24 in its place among them.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { run, say, step } from './steps.mjs';

const isWindows = process.platform === 'win32';

/** The Node that npm runs on, or where that is the one in `node_modules`, which `npm ci` takes away under us, the next in the path. */
function lastingNode(root) {
  const node = process.env.npm_node_execpath ?? process.execPath;
  return node.startsWith(path.join(root, 'node_modules') + path.sep) ? 'node' : node;
}

/** The npm that started us, where one did: it and its Node are known to work here. */
function npm(root, ...args) {
  const script = process.env.npm_execpath;
  return script
    ? run(lastingNode(root), [script, ...args], { cwd: root })
    : run('npm', args, { cwd: root, shell: isWindows });
}

/** Of what npm installs: not of the scripts, which change more often than packages do. */
function lockDigest(root) {
  const { dependencies, devDependencies, optionalDependencies, overrides } = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8'),
  );
  return createHash('sha256')
    .update(JSON.stringify([dependencies, devDependencies, optionalDependencies, overrides]))
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}

const isForUs = ({ os = [process.platform], cpu = [process.arch] }) =>
  os.includes(process.platform) && cpu.includes(process.arch);

/** A function that says how many of the packages for this machine are there. npm itself says nothing where it is not on a terminal. */
export function packagesThere(root) {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const places = Object.keys(packages).filter((place) => place !== '' && isForUs(packages[place]));
  return () => {
    const there = places.filter((place) => existsSync(path.join(root, place, 'package.json')));
    return `${there.length} of ${places.length} packages`;
  };
}

const stampOf = (root) => path.join(root, 'node_modules', '.grokscope-packages');

function arePackagesThere(root) {
  const stamp = stampOf(root);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockDigest(root);
}

/** `npm ci` when the lock file changed since the last one. Install scripts stay off: the two we need are run in the open. */
export async function ensurePackages(root) {
  if (arePackagesThere(root)) return;
  await step(
    'Installing packages (npm ci)',
    () => npm(root, 'ci', '--ignore-scripts', '--no-audit', '--no-fund'),
    packagesThere(root),
  );
  writeFileSync(stampOf(root), lockDigest(root));
}

const nodeLink = (root) => path.join(root, 'node_modules', '.bin', isWindows ? 'node.cmd' : 'node');

/** The npm package that holds Node for this machine, as the package `node` names it. */
function nodePackage(root) {
  const { devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${process.platform}-${process.arch}@${devDependencies.node}`;
}

/**
 * Begins to bring Node's package while npm is busy with the others, and unpacks Node alone of it: after `npm ci` that takes 2 s, where the
 * install script of `node`, which is asked where this fails, takes 10.
 * @returns a function that puts Node in its place
 */
export function nodeAhead(root) {
  // There npm wants to know of another name.
  if (isWindows || (existsSync(nodeLink(root)) && arePackagesThere(root))) return fetchNode;
  // Of this clone, and always the same: what a set-up left that was ended hard goes with the next.
  const folder = path.join(root, 'dist', '.node-package');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const packed = npm(root, 'pack', nodePackage(root), '--silent', '--pack-destination', folder).then(
    () => true,
    () => false,
  );
  return async () => {
    try {
      if (!(await packed) || !(await unpackNode(root, folder))) await fetchNode(root);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** @returns whether what was packed could be unpacked */
async function unpackNode(root, folder) {
  try {
    const [tarball] = readdirSync(folder);
    await run('tar', ['-xzf', tarball, 'package/bin/node'], { cwd: folder });
  } catch {
    return false;
  }
  const place = path.join(root, 'node_modules', 'node', 'bin');
  mkdirSync(place, { recursive: true });
  renameSync(path.join(folder, 'package', 'bin', 'node'), path.join(place, 'node'));
  return true;
}

/** The npm package `node` brings Node 24 by its own install script; only then is there a binary for `.bin` to link to. */
function fetchNode(root) {
  return run(lastingNode(root), ['installArchSpecificPackage.js'], {
    cwd: path.join(root, 'node_modules', 'node'),
  });
}

/**
 * Node 24 as what `node` means in this project's npm scripts. npm has it for most systems; elsewhere it is the Node we run on, where that is new
 * enough.
 * @param {{root: string, fetch?: (root: string) => Promise<unknown>, version?: string}} place
 * @returns {Promise<string>} its path
 */
export async function ensureNode({ root, fetch = fetchNode, version = process.versions.node }) {
  const modules = path.join(root, 'node_modules');
  const link = nodeLink(root);
  const binary = path.join(modules, 'node', 'bin', isWindows ? 'node.exe' : 'node');
  if (existsSync(link)) return existsSync(binary) ? binary : link;
  await step('Fetching Node 24', async () => {
    if (!existsSync(binary)) {
      await fetch(root).catch((error) => useOwnNode({ link, version, error }));
      if (existsSync(link)) return;
    }
    // What `npm rebuild node` would do, without the seconds that npm takes to look at every package.
    rmSync(link, { force: true });
    if (isWindows) await npm(root, 'rebuild', 'node', '--ignore-scripts');
    else symlinkSync(path.join('..', 'node', 'bin', 'node'), link);
    if (!existsSync(link)) throw new Error(`npm made no ${link}`);
  });
  return existsSync(binary) ? binary : link;
}

function useOwnNode({ link, version, error }) {
  if (isWindows || Number(version.split('.')[0]) < 24) {
    throw new Error(
      `Node 24 could not be had from npm (${error.message.split('\n')[0]}), and this is Node ${version}. Install Node 24 and run the same command with it.`,
    );
  }
  rmSync(link, { force: true });
  symlinkSync(process.execPath, link);
  say(`Node 24 could not be had from npm; the lab runs on this Node, ${version}.`);
}
