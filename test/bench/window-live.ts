import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { createCore } from '#main/core/create-core.ts';
import { serveLab } from '#main/hosts/web/serve.ts';
import { openLabStore } from '#main/store/lab-store.ts';
import { conditionStroke } from '#shared/figures/palette.ts';
import { openBarePage } from './bare-page.ts';
import type { BarePage } from './bare-page.ts';
import { until, watchTasks } from './in-page.ts';
import type { Measured } from './in-page.ts';
import { pacedTrainers } from './paced-trainers.ts';

const epochs = 300;

const study = (runs: number): string => `study: Live
task: { kind: modular-addition, modulus: 31 }
split: { train: 576 }
network: { width: 256 }
optimizer: { learningRate: 0.002, weightDecay: 0.0005 }
epochs: ${epochs}
seeds: 0..${runs - 1}
conditions:
  grokking: {}
`;

const seen = z.object({
  /** When each picture with a longer line was seen, ms since 1970, and how far it went, in pixels. */
  pictures: z.array(z.object({ at: z.number(), x: z.number() })),
  first: z.number(),
  longestTask: z.number(),
});

/**
 * In the page: looks at the Accuracy chart in every frame, at how far its line goes. A line one pixel longer is what a person can see of a new
 * row; at 300 epochs a row is about a pixel.
 */
const watchLine = (colour: string): string => `
  const wanted = [1, 3, 5].map((start) => Number.parseInt(${JSON.stringify(colour)}.slice(start, start + 2), 16));
  const copy = document.createElement('canvas');
  const drawing = copy.getContext('2d', { willReadFrequently: true });
  // Loading the page is another matter.
  window.longTasks = [];
  window.line = { pictures: [], first: Infinity, watching: true };
  const look = () => {
    const canvas = document.querySelector('figure[aria-label="Accuracy"] canvas');
    if (canvas && canvas.width > 0) {
      const last = window.line.pictures.at(-1)?.x ?? -1;
      const from = Math.max(0, last);
      const width = canvas.width - from;
      if (copy.width !== canvas.width || copy.height !== canvas.height) [copy.width, copy.height] = [canvas.width, canvas.height];
      drawing.clearRect(0, 0, copy.width, copy.height);
      drawing.drawImage(canvas, 0, 0);
      const { data } = drawing.getImageData(from, 0, width, canvas.height);
      let x = -1;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] < 128 || wanted.some((value, c) => Math.abs(value - data[i + c]) > 40)) continue;
        const column = from + ((i / 4) % width);
        x = Math.max(x, column);
        window.line.first = Math.min(window.line.first, column);
      }
      if (x > last) window.line.pictures.push({ at: performance.timeOrigin + performance.now(), x });
    }
    if (window.line.watching) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);`;

/** How late rows are drawn that arrive steadily, and how long the window is busy at a time. Host and pacing are this process. */
export async function measureLive(
  executable: string,
  { runs, rate }: { readonly runs: number; readonly rate: number },
): Promise<readonly Measured[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'grokscope-live-'));
  const store = openLabStore(path.join(folder, 'live.lab'));
  // All runs go on side by side, and are drawn once the last of them has a row.
  const sentAt = new Map<number, number>();
  const trainers = pacedTrainers(rate, (_, lastEpoch) => sentAt.set(lastEpoch, Date.now()));
  const core = createCore({ store, trainers, workers: runs });
  const host = await serveLab(core, {
    folder: path.resolve(import.meta.dirname, '../../dist/renderer'),
    log: () => {},
  });
  // Not Playwright: it would have each message of the lab copied into this process, which is the host's, and measure that.
  const page = await openBarePage(executable, {
    url: host.url,
    width: 1280,
    height: 800,
    before: watchTasks,
  });
  try {
    const { id } = core.createStudy(study(runs), 'live.yaml');
    await until(page, "document.querySelector('main h1') !== null");
    await page.evaluate(`location.hash = '#/studies/${id}'`);
    await until(page, "document.querySelector('main h1')?.textContent.includes('Live')");
    // A page that is being opened is another matter: see the bench of bands.
    await until(page, "document.querySelectorAll('main figure').length > 5");
    await pause(2000);
    await page.evaluate(watchLine(conditionStroke(0, 'light').colour));
    await core.startStudy(id, { engine: 'plain' });
    await core.settled(id);
    await until(
      page,
      `document.querySelector('main').textContent.includes('${runs} of ${runs} runs finished')`,
    );
    await pause(1000);
    return judged(await lineOf(page), sentAt, `${runs} runs x ${rate} rows a second`);
  } finally {
    await page.close();
    await host.close();
    await core.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function lineOf(page: BarePage): Promise<z.infer<typeof seen>> {
  const line: unknown = await page.evaluate(`(() => {
    window.line.watching = false;
    return { ...window.line, longestTask: Math.max(0, ...window.longTasks.map(({ duration }) => duration)) };
  })()`);
  return seen.parse(line);
}

/** A batch is late by the time from its leaving to the first picture whose line goes as far as its last row. */
function judged(
  { pictures, first, longestTask }: z.infer<typeof seen>,
  sentAt: ReadonlyMap<number, number>,
  what: string,
): readonly Measured[] {
  const last = pictures.at(-1)?.x ?? NaN;
  const lags = [...sentAt].flatMap(([epoch, at]) => {
    // Half a pixel of the line's width and of rounding.
    const x = first + ((last - first) * epoch) / epochs - 1;
    const picture = pictures.find((each) => each.x >= x);
    // Of the first batches there is no line yet: a line has two points.
    return picture && epoch >= 10 ? [picture.at - at] : [];
  });
  const ordered = lags.toSorted((a, b) => a - b);
  const lag = (share: number): number =>
    ordered[Math.min(ordered.length - 1, Math.floor(share * ordered.length))] ?? NaN;
  const common = { unit: 'ms', longestTask } as const;
  return [
    { what: `live, ${what}: lag of a row, median`, value: lag(0.5), goal: 250, ...common },
    { what: `live, ${what}: lag of a row, 95th percentile`, value: lag(0.95), goal: 250, ...common },
    { what: `live, ${what}: lag of a row, longest`, value: lag(1), goal: 250, ...common },
  ];
}
