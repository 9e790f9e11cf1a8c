import os from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { openLabStore } from '#main/store/lab-store.ts';
import { writeStudy } from '../e2e/editor-text.ts';
import { openWindow } from '../e2e/open-window.ts';
import type { Measured } from './in-page.ts';
import { processorSeconds } from './processor-time.ts';
import type { Role } from './processor-time.ts';

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
 * one training, so that whatever else slows the machine slows both. Opening it and leaving it open are told apart. Rates of rows are noisy: beside them
 * stands the processor time that the window takes.
 */
export async function measureSlowdown(
  browser: string,
  { turns, seconds }: { readonly turns: number; readonly seconds: number },
): Promise<readonly Measured[]> {
  const there = await openWindow(browser);
  try {
    const { page, lab } = there;
    await page.getByRole('link', { name: 'New study' }).click();
    await writeStudy(page, study);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    const running = page.locator('[data-run-state=running]');
    await running.nth(1).waitFor({ timeout: 60_000 });
    const address = page.url();
    await pause(5000);
    const turnsOf: Record<'opened' | 'open' | 'closed', Turn[]> = { opened: [], open: [], closed: [] };
    for (let turn = 0; turn < 2 * turns; turn++) {
      // Open, closed, closed, open: what drifts with time falls on both alike.
      const which = turn % 4 === 0 || turn % 4 === 3 ? 'open' : 'closed';
      await page.goto(which === 'open' ? address : 'about:blank');
      if (which === 'open') turnsOf.opened.push(await takeTurn(lab, opening / 1000));
      else await pause(2000);
      turnsOf[which].push(await takeTurn(lab, seconds));
    }
    await page.goto(address);
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    const closed = mean(turnsOf.closed, ({ rate }) => rate);
    const slowed = (what: string, those: readonly Turn[], goal: number | null): Measured[] => {
      const rate = mean(those, (turn) => turn.rate);
      return [
        {
          what: `training slowed ${what} (${rate.toFixed(1)} against ${closed.toFixed(1)} rows/s, ${turns} turns each)`,
          value: 100 * (closed / rate - 1),
          unit: '%',
          goal,
          longestTask: null,
        },
        taken(what, those, turnsOf.closed),
      ];
    };
    return [
      ...slowed('by an open window', turnsOf.open, 2),
      ...slowed(`in the ${opening / 1000} s after it is opened`, turnsOf.opened, null),
    ];
  } finally {
    await there.close();
  }
}

interface Turn {
  /** Rows a second. */
  readonly rate: number;
  /** Share of the machine's processor time that each kind of process took. */
  readonly shares: Readonly<Record<Role, number>>;
}

async function takeTurn(lab: string, seconds: number): Promise<Turn> {
  const [rowsBefore, spentBefore, from] = [rowsOf(lab), processorSeconds(), performance.now()];
  await pause(1000 * seconds);
  const [rows, spent] = [rowsOf(lab) - rowsBefore, processorSeconds()];
  const wall = (performance.now() - from) / 1000;
  const share = (role: Role): number => (spent[role] - spentBefore[role]) / (wall * os.cpus().length);
  const shares = {
    host: share('host'),
    trainers: share('trainers'),
    browser: share('browser'),
    renderer: share('renderer'),
    gpu: share('gpu'),
    other: share('other'),
  };
  return { rate: rows / wall, shares };
}

/** What the window takes of the machine's processor time: its browser all of it, the host what it takes more than without a window. */
function taken(what: string, those: readonly Turn[], closed: readonly Turn[]): Measured {
  const share = (role: Role): number => 100 * mean(those, ({ shares }) => shares[role]);
  const parts = {
    renderer: share('renderer'),
    gpu: share('gpu'),
    browser: share('browser') + share('other'),
    host: share('host') - 100 * mean(closed, ({ shares }) => shares.host),
  };
  const text = Object.entries(parts).map(([part, value]) => `${part} ${value.toFixed(1)}`);
  return {
    what: `processor time taken ${what} (${text.join(', ')})`,
    value: Object.values(parts).reduce((sum, value) => sum + value, 0),
    unit: '%',
    goal: null,
    longestTask: null,
  };
}

function rowsOf(lab: string): number {
  const store = openLabStore(lab, { readOnly: true });
  try {
    return store.runs.list().reduce((sum, { rows }) => sum + rows, 0);
  } finally {
    store.close();
  }
}

function mean<T>(all: readonly T[], value: (each: T) => number): number {
  return all.reduce((sum, each) => sum + value(each), 0) / all.length;
}
