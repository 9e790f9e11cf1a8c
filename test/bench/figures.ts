// node test/bench/figures.ts [runs] [epochs]: what the worker of the window computes, without the window. Prints one JSON object.
import os from 'node:os';
import { drawFigure } from '#shared/figures/draw-figure.ts';
import type { DrawRequest } from '#shared/figures/drawn-figure.ts';
import { FigureBook } from '#shared/figures/figure-book.ts';
import { figureKinds } from '#shared/figures/figure-kinds.ts';
import { figureSvg } from '#shared/figures/figure-svg.ts';
import { paperOptions } from '#shared/figures/paper.ts';
import { parseStudy } from '#shared/study/parse-study.ts';
import { wholeRequest } from '../shared/figures/sample-figure.ts';

const [runs = 1000, epochs = 10_000] = process.argv.slice(2).map(Number);
const bands = 20;

const conditions = Array.from({ length: bands }, (_, i) => `  c${i}: { optimizer: { weightDecay: ${i} } }`);
const parsed = parseStudy(
  `study: Large
task: { kind: modular-addition, modulus: 5 }
split: { train: 10 }
network: { width: 8 }
optimizer: { learningRate: 0.001 }
epochs: ${epochs}
seeds: 0..${Math.ceil(runs / bands) - 1}
conditions:
${conditions.join('\n')}
`,
  'large.yaml',
);
if (!parsed.ok) throw new Error(parsed.problems[0].message);

/** Rises over some decades with noise, as a loss or a ratio does. */
function line(seed: number): Float64Array {
  let state = seed + 1;
  return Float64Array.from({ length: epochs + 1 }, (_, t) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.exp((5 * t) / epochs + 0.02 * (seed % bands) + 0.2 * (state / 2 ** 32 - 0.5));
  });
}

/** Wall time, and processor time, which other programs on the machine disturb less. */
const steps: { what: string; milliseconds: number; processorMilliseconds: number }[] = [];
function timed<T>(what: string, work: () => T): T {
  const begun = performance.now();
  const used = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(used);
  steps.push({
    what,
    milliseconds: Math.round(performance.now() - begun),
    processorMilliseconds: Math.round((user + system) / 1000),
  });
  return result;
}

const [kind] = figureKinds({ series: new Set(['test.loss']), ridges: [] });
const book = new FigureBook();
book.open(
  parsed.study,
  Array.from({ length: runs }, (_, i) => ({
    id: i + 1,
    condition: `c${i % bands}`,
    seed: Math.floor(i / bands),
  })),
);
for (let i = 0; i < runs; i++) book.setRows(i + 1, 'test.loss', 0, line(i));

const request: DrawRequest = { ...wholeRequest, width: 600, mostPoints: 30_000 };
const figure = timed('bands from every point', () => book.figure(kind));
timed('drawn whole, with the density of all runs', () => drawFigure(figure, request));
timed('zoomed to a fifth', () => drawFigure(figure, { ...request, view: [0.4 * epochs, 0.6 * epochs] }));
timed('zoomed again', () => drawFigure(figure, { ...request, view: [0.1 * epochs, 0.9 * epochs] }));

const twenty = {
  ...figure,
  curves: figure.curves.slice(0, 2).map((curve) => ({ ...curve, runs: curve.runs.slice(0, 10) })),
};
const svg = timed('20 lines as SVG, 170 mm', () => figureSvg(twenty, paperOptions(twenty, 170)));

process.stdout.write(
  `${JSON.stringify({ cpu: os.cpus()[0]?.model, load: os.loadavg()[0], runs, epochs, bands, steps, svgBytes: svg.length, megabytes: Math.round(process.memoryUsage().rss / 1e6) }, null, 2)}\n`,
);
