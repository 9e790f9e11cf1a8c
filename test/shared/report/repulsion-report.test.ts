import { describe, expect, it } from 'vitest';

import { reportRepulsion } from '#shared/report/repulsion-report.ts';
import type { RepulsionResult } from '#shared/science/repulsion-result.ts';

import { sampleRepulsion, sampleRun } from './sample-study.ts';

const run = (...repulsion: RepulsionResult[]) => sampleRun({}, { repulsion });

describe('repulsion over seeds', () => {
  it('takes the median and quartiles of the seeds at each epoch', () => {
    // The five seeds' published epoch 50: median 0.865, quartiles 0.865 and 0.875.
    const shares = [0.83, 0.865, 0.865, 0.875, 0.9];
    const [row] = reportRepulsion(
      shares.map((opposite) => run(sampleRepulsion({ epoch: 50, opposite, random: opposite - 0.3 }))),
      [{ epoch: 50, median: 0.87, q1: null, q3: null }],
    );
    expect(row).toMatchObject({ epoch: 50, ridge: 'published', value: 0.0002 });
    expect(row.measured).toMatchObject({
      n: 5,
      pairs: 200,
      randomPairs: 2000,
      median: 0.865,
      q1: 0.865,
      q3: 0.875,
    });
    expect(row.measured?.random).toBeCloseTo(0.565, 12);
    expect(row.difference).toBeCloseTo(-0.005, 12);
  });

  it('keeps ridges apart and compares only the published one', () => {
    const effective = { name: 'effective', value: 0.2016, borrowedFrom: 'grokking' };
    const rows = reportRepulsion(
      [
        run(sampleRepulsion({ epoch: 50, opposite: 0.8 })),
        run(sampleRepulsion({ epoch: 50, opposite: 1, ridge: effective })),
      ],
      [{ epoch: 50, median: 0.865, q1: null, q3: null }],
    );
    expect(rows.map((row) => [row.ridge, row.measured?.median, row.published?.median])).toEqual([
      ['published', 0.8, 0.865],
      ['effective', 1, undefined],
    ]);
    expect(rows[1].borrowedFrom).toBe('grokking');
  });

  it('sorts epochs, with epoch 0 first, and keeps a published epoch that was not probed', () => {
    const rows = reportRepulsion(
      [run(sampleRepulsion({ epoch: 100, opposite: 0.9 }), sampleRepulsion({ epoch: 0, opposite: 0.6 }))],
      [{ epoch: 50, median: 0.865, q1: null, q3: null }],
    );
    expect(rows.map((row) => [row.epoch, row.measured?.median ?? null])).toEqual([
      [0, 0.6],
      [50, null],
      [100, 0.9],
    ]);
  });

  it('leaves out seeds without a positive cosine, and is null when there are none', () => {
    const seeds = [NaN, 0.4, 0.6].map((negativeGivenPositive) =>
      run(sampleRepulsion({ epoch: 0, opposite: 0.5, negativeGivenPositive })),
    );
    expect(reportRepulsion(seeds, [])[0].measured?.negativeGivenPositive).toBeCloseTo(0.5, 12);
    expect(reportRepulsion(seeds.slice(0, 1), [])[0].measured?.negativeGivenPositive).toBeNull();
  });

  it('reports the worst identity deviation, and none at all when one is NaN', () => {
    const seeds = [1e-12, 3e-9, 2e-10, NaN].map((identityDeviation) =>
      run(sampleRepulsion({ epoch: 0, opposite: 0.5, identityDeviation })),
    );
    const [finite] = reportRepulsion(seeds.slice(0, 3), []);
    expect(finite.measured).toMatchObject({ identityDeviation: 3e-9, identityPairs: 30 });
    expect(reportRepulsion(seeds, [])[0].measured?.identityDeviation).toBeNull();
  });
});
