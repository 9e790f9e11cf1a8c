import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { EngineName } from '#shared/models/run.ts';
import type { ProbeSettings, Settings } from '#shared/models/settings.ts';
import { parseStudy } from '#shared/study/parse-study.ts';
import { fromTheSeed } from '#main/trainer/checkpoint.ts';
import { nodeTrainers } from '#main/hosts/node-trainers.ts';

interface Measurement {
  readonly what: string;
  readonly millisecondsPerRunEpoch: number;
  /** Largest resident memory of a trainer; null where another program was timed. */
  readonly peakMegabytes: number | null;
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
  probes: ProbeSettings,
  { epochs, runs }: Size,
): Promise<Measurement> {
  const settings = headline(epochs, probes);
  const started = performance.now();
  const memory = await Promise.all(
    Array.from({ length: runs }, (_, seed) => trainOnce(settings, seed, engine)),
  );
  return measurement(what, started, Math.max(...memory) / 1e6, { epochs, runs });
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
  return measurement(what, started, null, { epochs, runs });
}

function measurement(
  what: string,
  started: number,
  peakMegabytes: number | null,
  { epochs, runs }: Size,
): Measurement {
  const milliseconds = performance.now() - started;
  return { what, millisecondsPerRunEpoch: milliseconds / (runs * (epochs + 1)), peakMegabytes };
}

/**
 * Wall time / (runs x epochs) on the headline task, runs side by side; with `--oracle "PYTHON ORACLE.PY"` the same by PyTorch, in the
 * same session. Compare ratios, not milliseconds, between machines.
 */
export async function benchTraining(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      epochs: { type: 'string', default: '100' },
      runs: { type: 'string', default: String(os.availableParallelism()) },
      oracle: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const size = { epochs: Number(values.epochs), runs: Number(values.runs) };
  const results: Measurement[] = [
    await measureLab('tensorflow: training and evaluation', 'tensorflow', noProbes, size),
    await measureLab('tensorflow: all metrics, Gram every 5th epoch', 'tensorflow', gramEveryFifth, size),
    await measureLab('tensorflow: all metrics every epoch', 'tensorflow', everyEpoch, size),
  ];
  if (values.oracle) {
    // oracle.py --no-gram still measures the gradient norm and the spectrum in float32.
    results.push(await measureOracle('oracle.py --no-gram', values.oracle, ['--no-gram'], size));
    results.push(await measureOracle('oracle.py, all metrics', values.oracle, [], size));
  }
  const cpu = os.cpus()[0].model;
  process.stdout.write(
    values.json ? `${JSON.stringify({ ...size, cpu, results }, null, 2)}\n` : describe(size, cpu, results),
  );
}

function describe({ epochs, runs }: Size, cpu: string, results: readonly Measurement[]): string {
  const lines = results.map(({ what, millisecondsPerRunEpoch, peakMegabytes }) => {
    const memory = peakMegabytes === null ? '' : `${peakMegabytes.toFixed(0)} MB a trainer`;
    return `${what.padEnd(48)} ${millisecondsPerRunEpoch.toFixed(1).padStart(7)} ms  ${memory}`;
  });
  return `headline task, ${epochs} epochs, ${runs} runs side by side, one thread each, ${cpu}\n${lines.join('\n')}\n`;
}
