import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { engineNames } from '#shared/models/run.ts';
import type { EngineName } from '#shared/models/run.ts';
import type { ProbeSettings, Settings } from '#shared/models/settings.ts';
import { initialWeights } from '#shared/science/random.ts';
import { measureRepulsion } from '#shared/science/repulsion.ts';
import { parseStudy } from '#shared/study/parse-study.ts';
import { fromTheSeed } from '#main/trainer/checkpoint.ts';
import { probeAlgebra } from '#main/trainer/engines/probe-algebra.ts';
import { createEngine } from '#main/trainer/engines/create-engine.ts';
import { engineTask } from '#main/trainer/train.ts';
import { nodeTrainers } from '#main/hosts/node-trainers.ts';
import { describeTraining, withRatios } from './training-report.ts';
import type { Measurement } from './training-report.ts';

function headline(epochs: number, probes: ProbeSettings): Settings {
  const file = path.resolve(import.meta.dirname, '../../assets/studies/headline.yaml');
  const parsed = parseStudy(readFileSync(file, 'utf8'), 'headline.yaml');
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  return { ...parsed.study.conditions[0].settings, epochs, probes };
}

const noProbes: ProbeSettings = { spectrum: null, gram: null, gradient: null, repulsion: null };
const everyEpoch: ProbeSettings = {
  spectrum: { window: 20, layers: ['W', 'V'] },
  gram: { every: 1 },
  gradient: { every: 1, pairs: 500 },
  repulsion: null,
};
const gramEveryFifth: ProbeSettings = { ...everyEpoch, gram: { every: 5 } };

/** What is measured at one size. */
interface Cell {
  readonly modulus: number;
  readonly width: number;
  readonly runs: number;
  readonly epochs: number;
}

/** Whole processes, start-up included, as the user waits for them. */
async function measureLab(
  engine: EngineName,
  { name, probes, gramShare }: (typeof probeSets)[number],
  cell: Cell,
  rate: number,
): Promise<Measurement> {
  const { modulus, width, runs, epochs } = cell;
  const settings = resized(headline(epochs, probes), modulus, width);
  const n = settings.split.train;
  const started = performance.now();
  const memory = await Promise.all(
    Array.from({ length: runs }, (_, seed) => trainOnce(settings, seed, engine)),
  );
  return {
    by: engine,
    set: name,
    ...cell,
    millisecondsPerRunEpoch: (performance.now() - started) / (runs * (epochs + 1)),
    peakMegabytes: Math.max(...memory) / 1e6,
    productRate: rate,
    gigaflop: (2 * (modulus ** 2 + 2 * n) * width * modulus + gramShare * n * width ** 2) / 1e9,
  };
}

function trainOnce(settings: Settings, seed: number, engine: EngineName): Promise<number> {
  return new Promise((resolve, reject) => {
    let peak = 0;
    nodeTrainers.start(
      { type: 'train', spec: { settings, seed, engine }, start: fromTheSeed },
      (message) => {
        if (message.type === 'finished') peak = message.peakMemoryBytes;
        if (message.type === 'failed') reject(new Error(message.message));
      },
      (death) => (death === null ? resolve(peak) : reject(new Error(death))),
    );
  });
}

/** The same experiment by reference/oracle.py, one thread a process, as many processes. */
async function measureOracle(
  command: string,
  { name, oracle }: (typeof probeSets)[number],
  cell: Cell,
): Promise<Measurement> {
  const { runs, epochs } = cell;
  const [python, ...script] = command.split(' ');
  const args = [...script, '--epochs', String(epochs), '--threads', '1', ...(oracle ?? [])];
  const started = performance.now();
  await Promise.all(
    Array.from({ length: runs }, (_, seed) => runPython(python, [...args, '--seed', String(seed)])),
  );
  return {
    by: 'oracle.py',
    set: name,
    ...cell,
    millisecondsPerRunEpoch: (performance.now() - started) / (runs * (epochs + 1)),
    peakMegabytes: null,
    productRate: null,
    gigaflop: null,
  };
}

function runPython(python: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`oracle.py ended with ${code}`));
    });
  });
}

/** Float32 GFLOP/s of one thread, now: the fastest of some forward passes on the kernels, which are nearly all tile. */
function productRate(): number {
  const settings = headline(1, noProbes);
  const { modulus } = settings.task;
  const { width } = settings.network;
  const engine = createEngine('wasm', engineTask({ settings, seed: 0 }));
  const weights = initialWeights(modulus, width, 0);
  let best = Infinity;
  for (let pass = 0; pass < 15; pass++) {
    const started = performance.now();
    engine.forwardTrain(weights);
    best = Math.min(best, performance.now() - started);
  }
  return (2 * settings.split.train * width * modulus) / best / 1e6;
}

/** A repulsion probe of the headline task in this process, as every engine does it. @returns seconds: elapsed, and of this process's own time */
function measureProbe(): { seconds: number; processorSeconds: number } {
  const settings = headline(1, noProbes);
  const { train: n } = settings.split;
  const { width } = settings.network;
  const engine = createEngine('wasm', engineTask({ settings, seed: 0 }));
  engine.forwardTrain(initialWeights(settings.task.modulus, width, 0));
  const features = engine.features();
  const before = process.cpuUsage();
  const started = performance.now();
  measureRepulsion(
    {
      features,
      n,
      width,
      epoch: 0,
      seed: 0,
      pairs: 200,
      randomPairs: 2000,
      identityPairs: 10,
      ridges: [
        { name: 'published', value: 2e-4, borrowedFrom: null },
        { name: 'effective', value: n * 1e-4, borrowedFrom: null },
      ],
    },
    probeAlgebra(),
  );
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - started) / 1000, processorSeconds: (user + system) / 1e6 };
}

/** `gramShare`: Grams an epoch. `oracle`: options of oracle.py for the like; without a Gram it still measures G_F and the spectrum, in float32. */
const probeSets = [
  { name: 'training and evaluation', probes: noProbes, gramShare: 0, oracle: ['--no-gram'] },
  { name: 'all metrics, Gram every 5th epoch', probes: gramEveryFifth, gramShare: 1 / 5, oracle: null },
  { name: 'all metrics every epoch', probes: everyEpoch, gramShare: 1, oracle: [] },
] as const;

/** What of a typed-array engine's seconds an epoch is worth waiting for. */
const plainEpochs = 2;
/** Past the epoch at which the windows of the spectrum are full; a probe comes then too. */
const memoryEpochs = 30;

/** Peak megabytes of one trainer of the headline task: all metrics, and a repulsion probe once the windows are full. */
async function measureProbeMemory(engine: EngineName): Promise<number> {
  const ridges = [
    { name: 'published', value: 2e-4, borrowedFrom: null },
    { name: 'effective', value: 0.2016, borrowedFrom: null },
  ];
  const repulsion = { epochs: [25], pairs: 200, randomPairs: 2000, identityPairs: 10, ridges };
  return (await trainOnce(headline(memoryEpochs, { ...everyEpoch, repulsion }), 0, engine)) / 1e6;
}

/**
 * Wall time / (runs x epochs), runs side by side, the engines in turn at each thing measured, so that they share the machine's moods: the
 * headline task by number of runs, with the plain engine for a few epochs; then one width or modulus after the other, with the most
 * runs. With `--oracle "PYTHON ORACLE.PY"`, or GROKSCOPE_ORACLE, PyTorch takes its turn at the headline task. Compare ratios, not
 * milliseconds, between machines.
 */
export async function benchTraining(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      epochs: { type: 'string', default: '60' },
      'grid-epochs': { type: 'string', default: '10' },
      runs: { type: 'string', default: `1,${os.availableParallelism()}` },
      engines: { type: 'string', default: 'tensorflow,native,wasm,plain' },
      widths: { type: 'string', default: '256,1024,4096' },
      moduli: { type: 'string', default: '23,47,127' },
      oracle: { type: 'string', default: process.env.GROKSCOPE_ORACLE ?? '' },
      json: { type: 'string' },
    },
  });
  const engines = engineNames.filter((name) => values.engines.split(',').includes(name));
  const fast = engines.filter((name) => name !== 'plain');
  const runCounts = [...new Set(numbers(values.runs))];
  const most = Math.max(...runCounts);
  const [modulus, width] = [71, 2048];
  const results: Measurement[] = [];
  const take = (measurement: Measurement): void => {
    results.push(measurement);
    process.stderr.write(`${describeTraining([measurement])}\n`);
  };
  for (const set of probeSets) {
    for (const runs of runCounts.toSorted((a, b) => b - a)) {
      const cell = { modulus, width, runs, epochs: Number(values.epochs) };
      const rate = productRate();
      for (const engine of runs === most ? engines : fast) {
        const epochs = engine === 'plain' ? Math.min(plainEpochs, cell.epochs) : cell.epochs;
        take(await measureLab(engine, set, { ...cell, epochs }, rate));
      }
      if (values.oracle && runs === most && set.oracle) take(await measureOracle(values.oracle, set, cell));
    }
  }
  const grid = [
    ...numbers(values.widths).map((other) => ({ modulus, width: other })),
    ...numbers(values.moduli).map((other) => ({ modulus: other, width })),
  ];
  for (const place of grid) {
    for (const set of [probeSets[0], probeSets[2]]) {
      const rate = productRate();
      for (const engine of fast) {
        take(
          await measureLab(
            engine,
            set,
            { ...place, runs: most, epochs: Number(values['grid-epochs']) },
            rate,
          ),
        );
      }
    }
  }
  const memory: Record<string, number> = {};
  for (const engine of fast) memory[engine] = await measureProbeMemory(engine);
  const probe = measureProbe();
  const cpu = os.cpus()[0].model;
  const report = { cpu, cores: os.availableParallelism(), results: withRatios(results), probe, memory };
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  const peaks = Object.entries(memory).map(([engine, peak]) => `${engine} ${peak.toFixed(0)} MB`);
  process.stdout.write(
    `one thread a run, start-up included, ${cpu}\n${describeTraining(report.results)}\n` +
      `repulsion probe, K=2048, two ridges: ${probe.seconds.toFixed(1)} s (${probe.processorSeconds.toFixed(1)} s of processor time)\n` +
      `a trainer with all metrics and such a probe, at its peak: ${peaks.join(', ')}\n`,
  );
}

/** Of `1,2`; none of an empty text. */
function numbers(list: string): number[] {
  return list.split(',').filter(Boolean).map(Number);
}

/** The headline's share of training pairs at another modulus. */
function resized(settings: Settings, modulus: number, width: number): Settings {
  const share = settings.split.train / settings.task.modulus ** 2;
  return {
    ...settings,
    task: { ...settings.task, modulus },
    split: { train: Math.round(share * modulus ** 2) },
    network: { ...settings.network, width },
  };
}
