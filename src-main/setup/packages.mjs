// npm's packages, and Node 24 in its place among them.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

/** `npm ci` when the lock file changed since the last one. Install scripts stay off: the two we need are run in the open. */
export async function ensurePackages(root) {
  const stamp = path.join(root, 'node_modules', '.grokscope-packages');
  const digest = lockDigest(root);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  await step(
    'Installing packages (npm ci)',
    () => npm(root, 'ci', '--ignore-scripts', '--no-audit', '--no-fund'),
    packagesThere(root),
  );
  writeFileSync(stamp, digest);
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
  const link = path.join(modules, '.bin', isWindows ? 'node.cmd' : 'node');
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
