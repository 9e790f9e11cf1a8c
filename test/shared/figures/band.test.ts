import { describe, expect, it } from 'vitest';
import { bandOf } from '#shared/figures/band.ts';

const values = (...numbers: number[]): Float64Array => Float64Array.from(numbers);

describe('the band over runs', () => {
  // Oracle: type-7 quantiles by hand; of 1, 2, 4, 8 they are 1.75, 3 and 5.
  it('is median and quartiles at every epoch', () => {
    const band = bandOf([values(1, 10), values(8, 10), values(4, 10), values(2, 10)]);
    expect([...band.median]).toStrictEqual([3, 10]);
    expect([...band.q1]).toStrictEqual([1.75, 10]);
    expect([...band.q3]).toStrictEqual([5, 10]);
    expect([...band.counts]).toStrictEqual([4, 4]);
  });

  it('reaches as far as the longest run, over those that got there', () => {
    const band = bandOf([values(1, 3, 5), values(2)]);
    expect([...band.median]).toStrictEqual([1.5, 3, 5]);
    expect([...band.counts]).toStrictEqual([2, 1, 1]);
  });

  it('leaves out epochs at which a run measured nothing, and is NaN where none did', () => {
    const band = bandOf([values(NaN, 1, NaN), values(NaN, NaN, 7)]);
    expect([...band.median]).toStrictEqual([NaN, 1, 7]);
    expect([...band.counts]).toStrictEqual([0, 1, 1]);
  });

  it('of no runs is empty', () => {
    expect(bandOf([]).median).toHaveLength(0);
  });
});
