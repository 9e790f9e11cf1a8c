import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { z } from 'zod';

import type { MeasuredRun } from '#shared/report/measured-run.ts';

/** The lab's series by the study's column. The study's smoothness was never logged: those series stay absent. */
const columns: Readonly<Record<string, string>> = {
  'train.accuracy': 'train_acc',
  'test.accuracy': 'test_acc',
  'train.loss': 'train_loss',
  'test.loss': 'test_loss',
  'gram.rho': 'fft_dist_from_ideal',
  'spectrum.W.sigma1': 'W_sigma1',
  'spectrum.W.sigma2': 'W_sigma2',
  'spectrum.W.sigma3': 'W_sigma3',
  'spectrum.W.ratio23': 'W_gap23',
};

const row = z.record(z.string(), z.number().nullable());

/** A PyTorch log of test/fixtures/reference as a finished run. */
export function referenceRun(log: string, condition: string, seed = 0): MeasuredRun {
  const file = new URL(`../../fixtures/reference/${log}.jsonl.gz`, import.meta.url);
  const rows = gunzipSync(readFileSync(file))
    .toString()
    .trim()
    .split('\n')
    // Python writes NaN, which JSON does not know.
    .map((line) => row.parse(JSON.parse(line.replaceAll('NaN', 'null'))));
  return {
    id: seed + (condition === 'control' ? 100 : 0),
    condition,
    seed,
    state: 'finished',
    engine: null,
    epochs: rows.length - 1,
    seconds: 147,
    problem: null,
    series: (name) =>
      name in columns ? Float64Array.from(rows, (values) => values[columns[name]] ?? NaN) : null,
    repulsion: [],
  };
}
