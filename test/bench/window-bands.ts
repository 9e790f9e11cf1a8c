import { setTimeout as pause } from 'node:timers/promises';
import { writeCurves } from '../e2e/curves-lab.ts';
import { firstLine } from '../e2e/open-window.ts';
import { Workbench } from '../src-main/hosts/cli/lab-command.ts';
import { openBarePage } from './bare-page.ts';
import type { BarePage } from './bare-page.ts';
import { timed, timedLoad, watchTasks } from './in-page.ts';
import type { Measured } from './in-page.ts';

const bands = 20;

export interface CurveSize {
  readonly runs: number;
  readonly epochs: number;
  readonly rounds: number;
}

/** As many in each condition; each rises at its own time, with noise of its own. */
function writeBands(lab: string, { runs, epochs }: CurveSize): void {
  const seeds = seedsOf(runs);
  writeCurves(lab, {
    conditions: bands,
    seeds,
    epochs,
    value(place, seed, epoch) {
      const rise = ((place * seeds + seed) % bands) / bands;
      return 1 / (1 + Math.exp(-12 * (epoch / epochs - rise))) + 0.02 * Math.sin(epoch * (seed + 1));
    },
  });
}

function seedsOf(runs: number): number {
  return Math.max(1, Math.round(runs / bands));
}

const figure = 'document.querySelector(\'figure[aria-label="Accuracy"]\')';
const legends = `[...(${figure}?.querySelectorAll('ul li') ?? [])]`;

/**
 * One metric of many long runs as bands: to the first of them, to all of them, to the runs behind them, and to another range. A range counts as drawn
 * in the frame in which the chart was wiped and drawn anew.
 */
export async function measureBands(browser: string, size: CurveSize): Promise<readonly Measured[]> {
  const bench = new Workbench();
  writeBands(bench.path('bands.lab'), size);
  const host = bench.start(['serve', '--lab', bench.path('bands.lab'), '--no-open', '--workers', '2']);
  const seeds = seedsOf(size.runs);
  // High: the chart is below the grid of 20 conditions; what is out of sight is not drawn.
  const url = await firstLine(host.child);
  const page = await openBarePage(browser, { url, width: 1920, height: 1200, before: watchTasks });
  try {
    await listed(page);
    const measured: Measured[] = [];
    const first = `${figure}?.querySelector('[data-drawn]') && ${legends}.length > 0`;
    const all = `${legends}.length === ${bands} && ${legends}.every((entry) => entry.textContent.includes('n = ${seeds}'))`;
    const whole = `!${figure}.textContent.includes('Still reading')`;
    for (let round = 0; round < size.rounds; round++) {
      await page.evaluate("location.hash = '#/studies/1'");
      measured.push(
        ...(await timedLoad(page, {
          // The lab was made without a host: the first to ask for the bands has them computed.
          what: `load the page of ${size.runs} runs, ${bands} bands${round === 0 ? ', none kept yet' : ''}`,
          goal: round === 0 ? null : 1000,
          done: all,
        })),
      );
      await page.evaluate("location.hash = '#/deleted'");
      await page.reload();
      await listed(page);
      const act = "location.hash = '#/studies/1';";
      measured.push(await timed(page, { what: 'open it: first band', goal: 1000, act, done: first }));
      measured.push(
        await timed(page, { what: 'all of them, after the first', goal: 1000, act: '', done: all }),
      );
      measured.push(
        await timed(page, { what: 'zoom in, while single runs come', goal: 100, ...redrawn('+') }),
      );
      measured.push(
        await timed(page, { what: 'every run behind them, after that', goal: null, act: '', done: whole }),
      );
      // The rest of the page comes to rest: what is asked for while it still loads is another matter.
      await pause(2000);
      measured.push(await timed(page, { what: 'zoom out', goal: 100, ...redrawn('0') }));
      for (const [what, key] of [
        ['zoom in', '+'],
        ['move', 'ArrowRight'],
        ['zoom out again', '0'],
      ])
        measured.push(await timed(page, { what, goal: 100, ...redrawn(key) }));
      // The first frame is of the picture that is there, moved.
      measured.push(
        await timed(page, { what: 'zoom in, until drawn for its range', goal: null, ...redrawn('+', 2) }),
      );
      await timed(page, { what: 'whole again, for the next round', goal: null, ...redrawn('0') });
    }
    return measured;
  } finally {
    await page.close();
    host.child.kill('SIGINT');
    await host.outcome;
    bench.remove();
  }
}

/** Waits until the study is in the history. */
async function listed(page: Pick<BarePage, 'evaluate'>): Promise<void> {
  const isListed = "[...document.querySelectorAll('a')].some((link) => link.textContent.includes('Bands'))";
  while ((await page.evaluate(isListed).catch(() => false)) !== true) await pause(50);
}

/** A key pressed in the chart, and its picture after that. @param times it is wiped until then */
function redrawn(key: string, times = 1): { readonly act: string; readonly done: string } {
  return {
    act: `
      const chart = ${figure}.querySelector('[role=group]');
      const canvas = chart.querySelector('canvas');
      const drawing = CanvasRenderingContext2D.prototype;
      const { clearRect } = drawing;
      let cleared = 0;
      // The chart is wiped when it is drawn anew.
      drawing.clearRect = function (...box) {
        if (this.canvas === canvas) cleared++;
        return clearRect.apply(this, box);
      };
      window.redrawn = () => {
        if (cleared < ${times}) return false;
        drawing.clearRect = clearRect;
        return true;
      };
      chart.dispatchEvent(new KeyboardEvent('keydown', { key: ${JSON.stringify(key)}, bubbles: true, cancelable: true }));`,
    done: 'window.redrawn()',
  };
}
