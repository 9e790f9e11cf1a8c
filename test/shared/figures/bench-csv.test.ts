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
  const sweep = {
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
  };
  const text = sweepCsv({
    sweep,
    range: { low: 0.1, high: 0.3, scale: 'linear' },
    margin: { control: 0.2, signal: 0.25, separates: true },
    thresholds: [{ label: 'study', value: 0.22, isOwn: false }],
  });
  expect(text.split('\n')).toStrictEqual([
    'kind,condition,control,n,threshold,share,median,q1,q3',
    'curve,control,true,2,0.1,0.5,12,11,13',
    'curve,control,true,2,0.30000000000000004,0,,,',
    'study,,,,0.22,,,,',
    'last control,,,,0.2,,,,',
    'first signal,,,,0.25,,,,',
    '',
  ]);
});
