import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Provenance } from '#shared/models/run.ts';
import { parseStudy } from '#shared/study/parse-study.ts';
import { type LabStore, openLabStore } from '#main/store/lab-store.ts';
import type { HistoryMeasurement } from './history-open.ts';

/** 8 series, the four every run has among them. */
const names = [
  'train.accuracy',
  'train.loss',
  'test.accuracy',
  'test.loss',
  'spectrum.W.sigma1',
  'spectrum.W.ratio23',
  'gram.rho',
  'gradient.norm',
];
const seedsAStudy = 100;
const conditions = ['grokking', 'control'];

const provenance: Provenance = {
  engine: 'tensorflow',
  engineVersion: '4.22.0',
  threads: 1,
  platform: `${process.platform}-${process.arch}`,
  nodeVersion: process.version,
  appVersion: '0.1.0',
};

/**
 * Generates a history of finished runs through the store itself and measures how long a fresh process takes from opening it to its first
 * table, and what it needs for the rest. Options: --runs 10000 --epochs 1000 --keep --json --folder DIR.
 */
export async function benchHistory(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '10000' },
      epochs: { type: 'string', default: '1000' },
      folder: { type: 'string', default: os.tmpdir() },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
    allowPositionals: true,
    strict: false,
  });
  const runs = Number(values.runs);
  const epochs = Number(values.epochs);
  const folder = mkdtempSync(path.join(String(values.folder), 'grokscope-history-'));
  const file = path.join(folder, 'history.lab');
  try {
    const generated = generate(file, runs, epochs);
    const output = execFileSync(process.execPath, [path.join(import.meta.dirname, 'history-open.ts'), file], {
      encoding: 'utf8',
    });
    const measured: HistoryMeasurement = JSON.parse(output);
    const megabytes = statSync(file).size / 1e6;
    print(
      { runs, epochs, series: names.length, megabytes, generatedSeconds: generated, ...measured },
      values.json === true,
    );
  } finally {
    if (values.keep === true) process.stderr.write(`kept: ${file}\n`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns seconds */
function generate(file: string, runs: number, epochs: number): number {
  const started = performance.now();
  const store = openLabStore(file);
  const perStudy = seedsAStudy * conditions.length;
  for (let study = 0; study * perStudy < runs; study += 1) {
    // One commit a study: each run's own is synced to the disk, which is not what is measured here.
    const made = store.transaction(() =>
      addStudy(store, study, epochs, Math.min(perStudy, runs - study * perStudy)),
    );
    process.stderr.write(`\r${study * perStudy + made} of ${runs} runs`);
  }
  store.close();
  process.stderr.write('\n');
  return (performance.now() - started) / 1000;
}

function addStudy(store: LabStore, index: number, epochs: number, count: number): number {
  const text = `
study: Study ${index}
task: { kind: modular-addition, modulus: 71 }
split: { train: 2016 }
network: { width: 2048 }
optimizer: { kind: adam, learningRate: 0.001, weightDecay: 0.0002 }
epochs: ${epochs}
seeds: 0..${seedsAStudy - 1}
conditions:
  grokking: {}
  control: { optimizer: { weightDecay: 0 } }
late: [0, ${epochs}]
`;
  const parsed = parseStudy(text, 'history.yaml');
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  const record = store.studies.save(parsed.study, `study-${index}.yaml`);
  const runs = store.runs.ensure(record.id, parsed.study).slice(0, count);
  for (const run of runs) {
    store.runs.start(run.id, provenance);
    const columns = names.map((_, series) =>
      Float64Array.from({ length: epochs + 1 }, (_, epoch) => Math.sin(run.id * 10 + series + epoch / 50)),
    );
    store.series.append(run.id, 0, names, columns);
    store.runs.finish(run.id, 40 + (run.id % 17));
  }
  return runs.length;
}

interface HistoryResult extends HistoryMeasurement {
  readonly runs: number;
  readonly epochs: number;
  readonly series: number;
  readonly megabytes: number;
  readonly generatedSeconds: number;
}

function print(result: HistoryResult, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ cpu: os.cpus()[0]?.model, ...result }, null, 2)}\n`);
    return;
  }
  process.stdout.write(
    `${result.runs} runs x ${result.epochs} epochs x ${result.series} series, ${result.megabytes.toFixed(0)} MB, ` +
      `written in ${result.generatedSeconds.toFixed(0)} s, ${os.cpus()[0]?.model}\n`,
  );
  for (const { what, milliseconds } of result.steps) {
    process.stdout.write(`${what.padEnd(58)} ${milliseconds.toFixed(1).padStart(8)} ms\n`);
  }
  process.stdout.write(
    `${'memory after all of it (before the lab was opened)'.padEnd(58)} ${result.megabytesAfter.toFixed(0).padStart(8)} MB (${result.megabytesBefore.toFixed(0)} MB)\n`,
  );
}
