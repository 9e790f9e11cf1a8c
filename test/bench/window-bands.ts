import { openLabStore } from '#main/store/lab-store.ts';
import { parseStudy } from '#shared/study/parse-study.ts';
import { provenance } from '../src-main/store/store-values.ts';
import { setTimeout as pause } from 'node:timers/promises';
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

/** One study of 20 conditions, of whose runs one metric is stored. */
function writeCurves(lab: string, { runs, epochs }: CurveSize): void {
  const seeds = Math.max(1, Math.round(runs / bands));
  const conditions = Array.from(
    { length: bands },
    (_, place) => `  c${place}: { optimizer: { weightDecay: ${place / 1e5} } }`,
  );
  const parsed = parseStudy(
    `study: Bands
task: { kind: modular-addition, modulus: 31 }
split: { train: 576 }
network: { width: 256 }
optimizer: { learningRate: 0.002 }
epochs: ${epochs}
seeds: 0..${seeds - 1}
conditions:
${conditions.join('\n')}
late: [0, ${epochs}]
`,
    'bands.yaml',
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const store = openLabStore(lab);
  store.transaction(() => {
    const made = store.runs.ensure(store.studies.save(parsed.study, 'bands.yaml').id, parsed.study);
    for (const [place, { id, seed }] of made.entries()) {
      store.runs.start(id, provenance);
      const rise = (place % bands) / bands;
      const values = Float64Array.from(
        { length: epochs + 1 },
        (_, epoch) => 1 / (1 + Math.exp(-12 * (epoch / epochs - rise))) + 0.02 * Math.sin(epoch * (seed + 1)),
      );
      store.series.append(id, 0, ['test.accuracy'], [values]);
      store.runs.finish(id, 60);
    }
  });
  store.close();
}

const figure = 'document.querySelector(\'figure[aria-label="Accuracy"]\')';
const legends = `[...(${figure}?.querySelectorAll('ul li') ?? [])]`;

/**
 * One metric of many long runs as bands: to the first of them, to all of them, to the runs behind them, and to another range. A range counts as drawn
 * in the frame in which the chart was wiped and drawn anew.
 */
export async function measureBands(browser: string, size: CurveSize): Promise<readonly Measured[]> {
  const bench = new Workbench();
  writeCurves(bench.path('bands.lab'), size);
  const host = bench.start(['serve', '--lab', bench.path('bands.lab'), '--no-open', '--workers', '2']);
  const seeds = Math.max(1, Math.round(size.runs / bands));
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

/** A key pressed in the chart, and its picture after that. */
function redrawn(key: string): { readonly act: string; readonly done: string } {
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
        if (cleared === 0) return false;
        drawing.clearRect = clearRect;
        return true;
      };
      chart.dispatchEvent(new KeyboardEvent('keydown', { key: ${JSON.stringify(key)}, bubbles: true, cancelable: true }));`,
    done: 'window.redrawn()',
  };
}
