import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { buildWindow } from '../e2e/build-window.ts';
import { findChromium } from '../e2e/find-chromium.ts';
import type { Measured } from './in-page.ts';
import { measureBands } from './window-bands.ts';
import { measureLive } from './window-live.ts';
import { measureTable } from './window-table.ts';
import { measureFirstStart, measureStart } from './window-start.ts';
import { measureSlowdown } from './window-training.ts';

/**
 * Measures in a real Chromium what a person waits for: from the press to the frame in which it is drawn, with the longest task of the main thread
 * meanwhile. Options: --only table|bands|live|slowdown|start (more than once), --runs 10000 --epochs 100 of the table, --curves 1000
 * --curve-epochs 10000 of the bands, --rounds 3, --turns 4 --seconds 15 of the slowdown, --json FILE. By itself, with --only first-start: a fresh clone of
 * --commit HEAD with empty caches.
 */
export async function benchWindow(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...options],
    options: {
      only: { type: 'string', multiple: true, default: ['table', 'bands', 'live', 'slowdown', 'start'] },
      runs: { type: 'string', default: '10000' },
      epochs: { type: 'string', default: '100' },
      curves: { type: 'string', default: '1000' },
      'curve-epochs': { type: 'string', default: '10000' },
      rounds: { type: 'string', default: '3' },
      turns: { type: 'string', default: '4' },
      seconds: { type: 'string', default: '15' },
      commit: { type: 'string', default: 'HEAD' },
      json: { type: 'string' },
    },
  });
  const browser = findChromium(process.env);
  if (browser === null) throw new Error('There is no Chromium: install chromium, or name one in CHROMIUM.');
  await buildWindow();
  const rounds = Number(values.rounds);
  const parts: Readonly<Record<string, () => Promise<readonly Measured[]>>> = {
    table: () => measureTable(browser, { runs: Number(values.runs), epochs: Number(values.epochs), rounds }),
    bands: () =>
      measureBands(browser, { runs: Number(values.curves), epochs: Number(values['curve-epochs']), rounds }),
    live: () => measureLive(browser, { runs: 8, rate: 20 }),
    slowdown: () =>
      measureSlowdown(browser, { turns: Number(values.turns), seconds: Number(values.seconds) }),
    start: () => measureStart(browser),
    'first-start': () => measureFirstStart(browser, { commit: values.commit }),
  };
  const measured: Measured[] = [];
  for (const part of values.only) {
    const measure = parts[part];
    if (!measure) throw new Error(`There is no part "${part}"; there are ${Object.keys(parts).join(', ')}.`);
    process.stderr.write(`measuring: ${part}\n`);
    const found = summarized(await measure());
    measured.push(...found);
    for (const each of found) process.stdout.write(`${lineOf(each)}\n`);
  }
  if (values.json !== undefined)
    writeFileSync(
      values.json,
      `${JSON.stringify({ cpu: os.cpus()[0]?.model, ...values, measured }, null, 2)}\n`,
    );
}

/** Of what was measured in several rounds the median, and the longest task of any. */
function summarized(all: readonly Measured[]): readonly Measured[] {
  return [...Map.groupBy(all, ({ what }) => what).values()].map((same) => {
    const ordered = same.map(({ value }) => value).toSorted((a, b) => a - b);
    const tasks = same.flatMap(({ longestTask }) => longestTask ?? []);
    return {
      ...same[0],
      value: ordered[Math.floor(ordered.length / 2)] ?? NaN,
      longestTask: tasks.length === 0 ? null : Math.max(...tasks),
    };
  });
}

function lineOf({ what, value, unit, goal, longestTask }: Measured): string {
  const number = `${value.toFixed(unit === 'ms' ? 0 : 1)} ${unit}`;
  const wanted = goal === null ? '' : `goal ${goal} ${unit}${value <= goal ? '' : ', MISSED'}`;
  const task =
    longestTask === null ? '' : `longest task ${longestTask === 0 ? 'under 50' : longestTask.toFixed(0)} ms`;
  return `${what.padEnd(60)} ${number.padStart(10)}  ${wanted.padEnd(24)} ${task}`.trimEnd();
}
