import { expect, it } from 'vitest';
import { firesCsv, sweepCsv } from '#shared/figures/bench-csv.ts';

it('the fire epochs of every run are written, those that never fire too', () => {
  const run = { runId: 7, seed: 3, finished: true, epoch: 21 };
  const text = firesCsv([
    {
      condition: 'a, b',
      place: 0,
      isControl: false,
      runs: [run, { runId: 8, seed: 4, finished: false, epoch: null }],
      summary: { fired: 1, n: 1, median: 21, q1: 21, q3: 21 },
    },
  ]);
  expect(text).toBe('condition,seed,run,finished,epoch\n"a, b",3,7,true,21\n"a, b",4,8,false,\n');
});

it('the curves over the threshold are written to their last digit, and gaps are empty', () => {
  const text = sweepCsv({
    thresholds: Float64Array.of(0.1, 0.30000000000000004),
    conditions: [
      {
        condition: 'control',
        place: 1,
        isControl: true,
        n: 2,
        share: Float64Array.of(0.5, 0),
        median: Float64Array.of(12, NaN),
        q1: Float64Array.of(11, NaN),
        q3: Float64Array.of(13, NaN),
      },
    ],
  });
  expect(text.split('\n')).toStrictEqual([
    'condition,n,threshold,share,median,q1,q3',
    'control,2,0.1,0.5,12,11,13',
    'control,2,0.30000000000000004,0,,,',
    '',
  ]);
});
