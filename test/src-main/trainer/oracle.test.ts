// Oracle: PyTorch 2.13 logs of the same seeds (test/fixtures/reference), at the tolerances two float32 implementations of one
// run can keep. Once PyTorch run again leaves its own log by more than half a tolerance (test/fixtures/pytorch-rerun), a
// number there is not the algorithm's but the order of float32 sums; from then on the lab is held to `slack` times that.
import { describe, expect, it } from 'vitest';
import type { ActivationName } from '#shared/science/activation-name.ts';
import { availableEngines, hasTensorFlow } from './available-engines.ts';
import { pytorchSpread, referenceLog, referenceSettings, trainHere } from './reference-runs.ts';
import type { ReferenceRow, TrainedSeries } from './reference-runs.ts';

const columns: Readonly<Record<string, string>> = {
  train_loss: 'train.loss',
  test_loss: 'test.loss',
  train_acc: 'train.accuracy',
  test_acc: 'test.accuracy',
  ftf_diag: 'gram.diagonal',
  ftf_off: 'gram.offDiagonal',
  ftf_ratio: 'gram.ratio',
  fft_dist_from_ideal: 'gram.rho',
  gF_norm: 'gradient.norm',
  W_sigma1: 'spectrum.W.sigma1',
  W_sigma2: 'spectrum.W.sigma2',
  W_sigma3: 'spectrum.W.sigma3',
  V_sigma1: 'spectrum.V.sigma1',
  V_sigma2: 'spectrum.V.sigma2',
  V_sigma3: 'spectrum.V.sigma3',
};

interface Samples {
  readonly train: number;
  readonly test: number;
}

interface Deviation {
  readonly column: string;
  readonly epoch: number;
  /** |lab - log| in units of what is allowed there: at most 1 passes. */
  readonly excess: number;
  /** Epochs compared at the plain tolerance. */
  readonly strict: number;
}

/** Reruns are few: a maximum over more of them would be larger, and come some epochs earlier. */
const slack = 4;
const earlier = 20;

/**
 * Tolerances of issue 2: losses 1e-4 relative or 2e-6 absolute, accuracies two samples, Grams 1e-3 relative, sigma_1..3 2 %
 * while above 1e-5 sigma_1. Null where the log has nothing to compare.
 */
function toleranceAt(column: string, row: ReferenceRow, samples: Samples): number | null {
  const expected = row[column];
  if (expected === null || expected === undefined) return null;
  if (column.endsWith('_loss')) return Math.max(1e-4 * Math.abs(expected), 2e-6);
  // A hair over two samples: the log's accuracies are float32.
  if (column === 'train_acc') return 2.001 / samples.train;
  if (column === 'test_acc') return 2.001 / samples.test;
  if (!column.includes('sigma')) return 1e-3 * Math.abs(expected);
  const first = row[`${column[0]}_sigma1`];
  return typeof first === 'number' && expected > 1e-5 * first ? 0.02 * expected : null;
}

function deviation(
  column: string,
  values: Float64Array,
  log: readonly ReferenceRow[],
  spread: readonly number[],
  samples: Samples,
): Deviation {
  let worst = { epoch: -1, excess: 0 };
  let strict = 0;
  const tolerances = log.map((row) => toleranceAt(column, row, samples));
  // In units of the tolerance, the largest so far: a trajectory that has parted does not come back.
  const ownAt = tolerances.map((tolerance, epoch) =>
    tolerance === null ? 0 : (spread[epoch] ?? 0) / tolerance,
  );
  let own = Math.max(...ownAt.slice(0, earlier));
  for (const [epoch, value] of values.entries()) {
    const tolerance = tolerances[epoch];
    own = Math.max(own, ownAt[epoch + earlier] ?? 0);
    if (tolerance === null) continue;
    if (own <= 0.5) strict++;
    const allowed = own <= 0.5 ? tolerance : Math.max(1, slack * own) * tolerance;
    const excess = Math.abs(value - Number(log[epoch][column])) / allowed;
    if (!(excess <= worst.excess)) worst = { epoch, excess };
  }
  return { column, strict, ...worst };
}

/** Every column of a run against the log, over all the run's epochs. @returns epochs compared strictly, by column */
function expectLikeLog(trained: TrainedSeries, name: string, samples: Samples): Record<string, number> {
  const log = referenceLog(name);
  const spread = pytorchSpread(name);
  const found = Object.entries(columns).map(([column, seriesName]) => {
    const values = trained.series.get(seriesName);
    if (!values) throw new Error(`the run has no series ${seriesName}`);
    return deviation(column, values, log, spread?.[column] ?? [], samples);
  });
  expect(found.filter(({ excess }) => !(excess <= 1))).toEqual([]);
  return Object.fromEntries(found.map(({ column, strict }) => [column, strict]));
}

const small = { train: 265, test: 23 * 23 - 265 };
const headline = { train: 2016, test: 71 * 71 - 2016 };

interface SmallLog {
  readonly name: string;
  readonly activation: ActivationName;
  readonly weightDecay?: number;
  readonly epochs: number;
  /** Losses are compared at the plain tolerance over at least so many epochs. */
  readonly strict: number;
}

const smallLogs: readonly SmallLog[] = [
  { name: 'small_g0', activation: 'square', epochs: 600, strict: 601 },
  { name: 'small_c0', activation: 'square', weightDecay: 0, epochs: 600, strict: 601 },
  { name: 'small_gelu', activation: 'gelu', epochs: 200, strict: 201 },
  { name: 'small_silu', activation: 'silu', epochs: 200, strict: 201 },
  { name: 'small_relusqr', activation: 'relu-square', epochs: 200, strict: 201 },
  // relu's slope jumps at 0: one row whose h is rounded across it parts two runs for good.
  { name: 'small_relu', activation: 'relu', epochs: 200, strict: 130 },
];

describe.each(availableEngines)('the %s engine against PyTorch, small task', (engine) => {
  it.each(smallLogs)('$name: every column to the last epoch', async ({ name, strict, ...change }) => {
    const trained = await trainHere(engine, referenceSettings('small', change));
    const compared = expectLikeLog(trained, name, small);
    expect(compared.train_loss).toBeGreaterThanOrEqual(strict);
    expect(compared.test_loss).toBeGreaterThanOrEqual(strict);
    expect(compared.ftf_off).toBe(change.epochs + 1);
  });
});

// Two minutes each on a slow machine of its own, and no test of speed.
describe.skipIf(!hasTensorFlow)('the tensorflow engine against PyTorch, headline task', () => {
  it.each([
    { name: 'g0', weightDecay: 2e-4, strict: 201 },
    // A control's training loss falls below 1e-5 and becomes rounding: PyTorch's own reruns part early.
    { name: 'c0', weightDecay: 0, strict: 58 },
  ])(
    '$name: every column to epoch 200',
    async ({ name, weightDecay, strict }) => {
      const settings = referenceSettings('headline', { weightDecay, epochs: 200 });
      const compared = expectLikeLog(await trainHere('tensorflow', settings), name, headline);
      expect(compared.train_loss).toBeGreaterThanOrEqual(strict);
      expect(compared.test_loss).toBeGreaterThanOrEqual(strict);
      expect(compared.W_sigma3).toBeGreaterThanOrEqual(100);
      expect(compared.ftf_off).toBe(201);
    },
    1_800_000,
  );
});

describe('the wasm engine against PyTorch, headline task', () => {
  // The kernels are held to the small logs over all their epochs; here to their full size, for as long as a test may take.
  it('g0: every column to epoch 40', async () => {
    const settings = referenceSettings('headline', { weightDecay: 2e-4, epochs: 40 });
    const compared = expectLikeLog(await trainHere('wasm', settings), 'g0', headline);
    for (const column of ['train_loss', 'test_loss', 'ftf_off', 'gF_norm']) expect(compared[column]).toBe(41);
    expect(compared.W_sigma3).toBeGreaterThanOrEqual(38);
  });
});
