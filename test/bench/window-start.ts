import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { firstLine } from '../e2e/open-window.ts';
import { openBrowser, watchedPage } from './in-page.ts';
import type { Measured } from './in-page.ts';

const project = path.resolve(import.meta.dirname, '../..');

const accuracy = 'figure[aria-label="Accuracy"]';
/** The chart was drawn, and a quarter of a second or more later it was another picture. */
const moving = `(() => {
  const canvas = document.querySelector('${accuracy} [data-drawn] canvas');
  if (!canvas) return false;
  const picture = canvas.toDataURL();
  window.firstPicture ??= picture;
  return picture !== window.firstPicture;
})()`;

/** From typing `npm start` in a clone that is set up, with no lab yet, to the address and to a chart that moves. */
export async function measureStart(executable: string): Promise<readonly Measured[]> {
  return withFolder((folder) => measure(executable, { clone: project, data: folder, environment: {} }));
}

/**
 * The same in a fresh clone of a commit, with nothing in the caches of npm and of the lab: what a new machine does. Downloads 0.8 GB, and writes each
 * line that `npm start` says with the second it came in. Ends when TensorFlow is there, or cannot be had.
 */
export async function measureFirstStart(
  executable: string,
  { commit }: { readonly commit: string },
): Promise<readonly Measured[]> {
  return withFolder(async (folder) => {
    const clone = path.join(folder, 'clone');
    execFileSync('git', ['clone', '--quiet', project, clone]);
    execFileSync('git', ['checkout', '--quiet', commit], { cwd: clone });
    const caches = path.join(folder, 'caches');
    return measure(executable, {
      clone,
      data: folder,
      environment: { XDG_CACHE_HOME: caches, npm_config_cache: path.join(caches, 'npm') },
      until: /TensorFlow.*(done in|is there|lab trains on|could not be had)/,
    });
  });
}

interface Start {
  readonly clone: string;
  /** Where its lab goes. */
  readonly data: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What it has to have said before it is ended; then everything it says is shown. */
  readonly until?: RegExp;
}

async function measure(
  executable: string,
  { clone, data, environment, until }: Start,
): Promise<readonly Measured[]> {
  const start = performance.now();
  const child = spawn('npm', ['start', '--silent'], {
    cwd: clone,
    env: { ...ownEnvironment(), ...environment, XDG_DATA_HOME: data },
    stdio: ['ignore', 'pipe', until ? 'pipe' : 'ignore'],
    // A group of its own, to be ended as Ctrl-C ends it.
    detached: true,
  });
  const since = (): number => (performance.now() - start) / 1000;
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += String(chunk);
    for (const line of String(chunk).trimEnd().split('\n'))
      process.stderr.write(`${since().toFixed(1).padStart(7)}  ${line}\n`);
  });
  const browser = await openBrowser(executable);
  try {
    const address = await firstLine(child);
    const atAddress = since();
    const page = await watchedPage(browser);
    await page.goto(address);
    // A lab without studies begins with the first preset by itself.
    await page.getByRole('tree').getByRole('link').first().click();
    while (!(await page.evaluate<boolean>(moving))) {
      if (since() > 600) throw new Error('No chart moved in ten minutes.');
      await pause(250);
    }
    const atChart = since();
    const isOver = (): boolean => until === undefined || until.test(said);
    while (!isOver()) {
      if (since() > 900) throw new Error('TensorFlow was not there after a quarter of an hour.');
      await pause(250);
    }
    const common = { unit: 's', goal: null, longestTask: null } as const;
    return [
      { what: '`npm start` to the address of the window', value: atAddress, ...common },
      { what: '`npm start` to a chart that moves', value: atChart, ...common, goal: 60 },
      ...(until ? [{ what: 'until TensorFlow is there, from `npm start`', value: since(), ...common }] : []),
    ];
  } finally {
    await browser.close();
    const ended = new Promise((resolve) => child.once('close', resolve));
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
    await ended;
  }
}

/** Without what `npm run bench` added: its Node and tools are this clone's, and the other starts with none. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(DISPLAY|WAYLAND_DISPLAY|INIT_CWD|NODE_COMPILE_CACHE|npm_(node_)?execpath|npm_(package|lifecycle)_.*)$/.test(
        name,
      ),
  );
  return {
    ...Object.fromEntries(kept),
    PATH: folders.filter((folder) => !folder.includes('node_modules')).join(path.delimiter),
  };
}

async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'grokscope-start-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
