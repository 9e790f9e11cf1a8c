import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { EngineName } from '#shared/models/run.ts';
import { seriesNames } from '#shared/models/series.ts';
import type { Settings } from '#shared/models/settings.ts';
import type { ActivationName } from '#shared/science/activation-name.ts';
import type { RepulsionResult } from '#shared/science/repulsion-result.ts';
import { createEngine } from '#main/trainer/engines/create-engine.ts';
import { engineTask, train } from '#main/trainer/train.ts';
import type { TrainingListener } from '#main/trainer/train.ts';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures');

/** A PyTorch log of `reference/oracle.py`: one object an epoch, columns as fixtures/reference/README.md lists them. */
export type ReferenceRow = Readonly<Record<string, number | null>>;

export function referenceLog(name: string): ReferenceRow[] {
  return readLog(path.join(fixtures, 'reference', `${name}.jsonl.gz`));
}

/**
 * How far PyTorch is from its own log: per column and epoch, the largest |rerun - log| over reruns of the same script with
 * other thread counts and instruction sets (fixtures/pytorch-rerun/make.py). Null where none was made.
 */
export function pytorchSpread(name: string): Readonly<Record<string, readonly number[]>> | null {
  const file = path.join(fixtures, 'pytorch-rerun', `${name}.json.gz`);
  return existsSync(file) ? JSON.parse(gunzipSync(readFileSync(file)).toString()) : null;
}

function readLog(file: string): ReferenceRow[] {
  const text = gunzipSync(readFileSync(file)).toString();
  // Python's json writes a bare NaN, which JSON does not know.
  return text
    .trim()
    .split('\n')
    .map((line): ReferenceRow => JSON.parse(line.replaceAll(/\bNaN\b/g, 'null')));
}

/** The settings the reference logs were made with, cut after `epochs`. */
export function referenceSettings(
  size: 'small' | 'headline',
  change: {
    activation?: ActivationName;
    weightDecay?: number;
    epochs: number;
    gramEvery?: number;
    repulsionEpochs?: number[];
  },
): Settings {
  const { activation = 'square', weightDecay = 2e-4, epochs, gramEvery = 1, repulsionEpochs = [] } = change;
  const train = size === 'small' ? 265 : 2016;
  return {
    task: { kind: 'modular-addition', modulus: size === 'small' ? 23 : 71 },
    split: { train },
    network: { width: size === 'small' ? 256 : 2048, activation },
    optimizer: {
      kind: 'adam',
      learningRate: 1e-3,
      weightDecay,
      momentum: 0,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
    },
    epochs,
    probes: {
      spectrum: { window: 20, layers: ['W', 'V'] },
      gram: { every: gramEvery },
      gradient: { every: 1, pairs: 500 },
      repulsion:
        repulsionEpochs.length === 0
          ? null
          : {
              epochs: repulsionEpochs,
              pairs: 200,
              randomPairs: 2000,
              identityPairs: 10,
              ridges: [
                { name: 'published', value: weightDecay, borrowedFrom: null },
                { name: 'effective', value: (train * weightDecay) / 2, borrowedFrom: null },
              ],
            },
    },
  };
}

export interface TrainedSeries {
  readonly series: ReadonlyMap<string, Float64Array>;
  readonly probes: readonly RepulsionResult[];
}

/** A listener that hears nothing; tests override what they listen to. */
export const silent: TrainingListener = {
  row: () => undefined,
  probing: () => undefined,
  probe: () => undefined,
  beforeStep: () => undefined,
  breathe: () => undefined,
};

/** Trains in this process and gathers every row by series. */
export async function trainHere(
  engineName: EngineName,
  settings: Settings,
  seed = 0,
): Promise<TrainedSeries> {
  const engine = createEngine(engineName, engineTask({ settings, seed }));
  const names = seriesNames(settings.probes);
  const series = new Map(names.map((name) => [name, new Float64Array(settings.epochs + 1)]));
  const probes: RepulsionResult[] = [];
  await train({ settings, seed, engine: engineName }, engine, {
    ...silent,
    row: (epoch, values) => {
      for (const [index, name] of names.entries()) series.get(name)?.fill(values[index], epoch, epoch + 1);
    },
    probe: (result) => void probes.push(result),
  });
  engine.dispose();
  return { series, probes };
}
