import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openLabStore } from '#main/store/lab-store.ts';
import { firstLine, openWindow } from '../e2e/open-window.ts';
import { openBrowser, watchedPage } from './in-page.ts';
import type { Measured } from './in-page.ts';

/** Runs for as long as it is measured. */
const study = `study: Slow
task: { kind: modular-addition, modulus: 31 }
split: { train: 576 }
network: { width: 512 }
optimizer: { learningRate: 0.001, weightDecay: 0.0005 }
epochs: 100000
seeds: 0..1
conditions:
  grokking: {}
probes:
  spectrum: { window: 20, layers: [W] }
  gram: { every: 10 }
`;

/** A page that was just opened reads all rows there are and is compiled by the browser as it goes; after so many ms it only follows. */
const opening = 15_000;

/**
 * What an open window costs training: rows that two runs commit a second with the study's page open, against with the page closed, in turns within
 * one training, so that whatever else slows the machine slows both. Opening it and leaving it open are told apart.
 */
export async function measureSlowdown(
  browser: string,
  { turns, seconds }: { readonly turns: number; readonly seconds: number },
): Promise<readonly Measured[]> {
  const there = await openWindow(browser);
  try {
    const { page, lab } = there;
    await page.getByRole('link', { name: 'New study' }).click();
    await page.getByRole('textbox', { name: 'Study file' }).fill(study);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    const running = page.locator('[data-run-state=running]');
    await running.nth(1).waitFor({ timeout: 60_000 });
    const address = page.url();
    await pause(5000);
    const rates: Record<'opened' | 'open' | 'closed', number[]> = { opened: [], open: [], closed: [] };
    for (let turn = 0; turn < 2 * turns; turn++) {
      // Open, closed, closed, open: what drifts with time falls on both alike.
      const which = turn % 4 === 0 || turn % 4 === 3 ? 'open' : 'closed';
      await page.goto(which === 'open' ? address : 'about:blank');
      if (which === 'open') rates.opened.push(await rowsASecond(lab, opening / 1000));
      else await pause(2000);
      rates[which].push(await rowsASecond(lab, seconds));
    }
    await page.goto(address);
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    const closed = mean(rates.closed);
    const slowed = (what: string, rate: number, goal: number | null): Measured => ({
      what: `training slowed ${what} (${rate.toFixed(1)} against ${closed.toFixed(1)} rows/s, ${turns} turns each)`,
      value: 100 * (closed / rate - 1),
      unit: '%',
      goal,
      longestTask: null,
    });
    return [
      slowed('by an open window', mean(rates.open), 2),
      slowed(`in the ${opening / 1000} s after it is opened`, mean(rates.opened), null),
    ];
  } finally {
    await there.close();
  }
}

async function rowsASecond(lab: string, seconds: number): Promise<number> {
  const [before, from] = [rowsOf(lab), performance.now()];
  await pause(1000 * seconds);
  return ((rowsOf(lab) - before) * 1000) / (performance.now() - from);
}

function rowsOf(lab: string): number {
  const store = openLabStore(lab, { readOnly: true });
  try {
    return store.runs.list().reduce((sum, { rows }) => sum + rows, 0);
  } finally {
    store.close();
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

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
  const folder = mkdtempSync(path.join(os.tmpdir(), 'grokscope-start-'));
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env;
  const start = performance.now();
  const child = spawn('npm', ['start', '--silent'], {
    cwd: path.resolve(import.meta.dirname, '../..'),
    env: { ...env, XDG_DATA_HOME: folder },
    stdio: ['ignore', 'pipe', 'ignore'],
    // A group of its own, to be ended as Ctrl-C ends it.
    detached: true,
  });
  const since = (): number => (performance.now() - start) / 1000;
  const browser = await openBrowser(executable);
  try {
    const address = await firstLine(child);
    const atAddress = since();
    const page = await watchedPage(browser);
    await page.goto(address);
    // A lab without studies begins with the first preset by itself.
    await page.getByRole('tree').getByRole('link').first().click();
    while (!(await page.evaluate<boolean>(moving))) {
      if (since() > 300) throw new Error('No chart moved in five minutes.');
      await pause(250);
    }
    const common = { unit: 's', goal: null, longestTask: null } as const;
    return [
      { what: '`npm start` to the address of the window', value: atAddress, ...common },
      { what: '`npm start` to a chart that moves', value: since(), ...common, goal: 60 },
    ];
  } finally {
    await browser.close();
    const ended = new Promise((resolve) => child.once('close', resolve));
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}
