import { setTimeout as pause } from 'node:timers/promises';
import { openLabStore } from '#main/store/lab-store.ts';
import { openWindow } from '../e2e/open-window.ts';
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
