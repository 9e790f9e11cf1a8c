import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
import { WasmEngine } from '#main/trainer/engines/wasm/wasm-engine.ts';
import { engineTask } from '#main/trainer/train.ts';
import { nodeTrainers } from '#main/hosts/node-trainers.ts';

interface Measurement {
  readonly what: string;
  readonly millisecondsPerRunEpoch: number;
  /** Largest resident memory of a trainer; null where another program was timed. */
  readonly peakMegabytes: number | null;
  /** Float32 GFLOP/s of one thread just before; null where another program was timed. */
  readonly productRate: number | null;
}

interface Size {
  readonly epochs: number;
  /** Side by side. */
  readonly runs: number;
}

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

/** Whole processes, start-up included, as the user waits for them. */
async function measureLab(
  what: string,
  engine: EngineName,
  settings: Settings,
  { epochs, runs }: Size,
  rate: number,
): Promise<Measurement> {
  const started = performance.now();
  const memory = await Promise.all(
    Array.from({ length: runs }, (_, seed) => trainOnce(settings, seed, engine)),
  );
  return measurement(what, started, Math.max(...memory) / 1e6, rate, { epochs, runs });
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
  what: string,
  command: string,
  more: readonly string[],
  { epochs, runs }: Size,
): Promise<Measurement> {
  const [python, ...script] = command.split(' ');
  const args = [...script, '--epochs', String(epochs), '--threads', '1', ...more];
  const started = performance.now();
  await Promise.all(
    Array.from(
      { length: runs },
      (_, seed) =>
        new Promise<void>((resolve, reject) => {
          const child = spawn(python, [...args, '--seed', String(seed)], {
            stdio: ['ignore', 'ignore', 'inherit'],
            env: { ...process.env, OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
          });
          child.on('error', reject);
          child.on('close', (code) =>
            code === 0 ? resolve() : reject(new Error(`oracle.py ended with ${code}`)),
          );
        }),
    ),
  );
  return measurement(what, started, null, null, { epochs, runs });
}

function measurement(
  what: string,
  started: number,
  peakMegabytes: number | null,
  productRate: number | null,
  { epochs, runs }: Size,
): Measurement {
  const milliseconds = performance.now() - started;
  return { what, millisecondsPerRunEpoch: milliseconds / (runs * (epochs + 1)), peakMegabytes, productRate };
}

/** Float32 GFLOP/s of one thread, now: the fastest of some forward passes on the kernels, which are nearly all tile. */
function productRate(): number {
  const settings = headline(1, noProbes);
  const { modulus } = settings.task;
  const { width } = settings.network;
  const engine = new WasmEngine(engineTask({ settings, seed: 0 }));
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
  const engine = new WasmEngine(engineTask({ settings, seed: 0 }));
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

const probeSets = [
  ['training and evaluation', noProbes],
  ['all metrics, Gram every 5th epoch', gramEveryFifth],
  ['all metrics every epoch', everyEpoch],
] as const;

/**
 * Wall time / (runs x epochs), runs side by side, the engines in turn at each thing measured, so that they share the machine's moods; with
 * `--oracle "PYTHON ORACLE.PY"` the headline task by PyTorch in the same session. Compare ratios, not milliseconds, between machines.
 */
export async function benchTraining(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      epochs: { type: 'string', default: '100' },
      runs: { type: 'string', default: String(os.availableParallelism()) },
      engines: { type: 'string', default: 'tensorflow,wasm' },
      widths: { type: 'string', default: '2048' },
      moduli: { type: 'string', default: '71' },
      oracle: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const size = { epochs: Number(values.epochs), runs: Number(values.runs) };
  const engines = engineNames.filter((name) => values.engines.split(',').includes(name));
  const results: Measurement[] = [];
  for (const modulus of values.moduli.split(',').map(Number)) {
    for (const width of values.widths.split(',').map(Number)) {
      for (const [what, probes] of probeSets) {
        const rate = productRate();
        for (const engine of engines) {
          const settings = resized(headline(size.epochs, probes), modulus, width);
          results.push(
            await measureLab(`M=${modulus} K=${width} ${engine}: ${what}`, engine, settings, size, rate),
          );
        }
      }
    }
  }
  if (values.oracle) {
    // oracle.py --no-gram still measures the gradient norm and the spectrum in float32.
    results.push(await measureOracle('oracle.py --no-gram', values.oracle, ['--no-gram'], size));
    results.push(await measureOracle('oracle.py, all metrics', values.oracle, [], size));
  }
  const probe = measureProbe();
  const cpu = os.cpus()[0].model;
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ ...size, cpu, results, probe }, null, 2)}\n`
      : `${describe(size, cpu, results)}repulsion probe, K=2048, two ridges: ${probe.seconds.toFixed(1)} s (${probe.processorSeconds.toFixed(1)} s of processor time)\n`,
  );
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

function describe({ epochs, runs }: Size, cpu: string, results: readonly Measurement[]): string {
  const lines = results.map(({ what, millisecondsPerRunEpoch, peakMegabytes, productRate }) => {
    const memory = peakMegabytes === null ? '' : `${peakMegabytes.toFixed(0)} MB a trainer`;
    const rate = productRate === null ? '' : `(${productRate.toFixed(0)} GFLOP/s a thread just before)`;
    return `${what.padEnd(60)} ${millisecondsPerRunEpoch.toFixed(1).padStart(7)} ms  ${memory}  ${rate}`.trimEnd();
  });
  return `${epochs} epochs, ${runs} runs side by side, one thread each, ${cpu}\n${lines.join('\n')}\n`;
}
