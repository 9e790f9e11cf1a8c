import { describe, expect, it } from 'vitest';
import { measureOfSeries, measures } from '#shared/report/measures.ts';
import { pairStatistics, statisticText } from '#shared/report/pair-statistics.ts';
import { seriesNames } from '#shared/models/series.ts';
import { measureRepulsion } from '#shared/science/repulsion.ts';
import { renderToString } from 'katex';
import { inputOf, repulsionCases } from '../science/repulsion-fixture.ts';

const result = measureRepulsion(inputOf(repulsionCases[0]));
const [at] = result.ridges;

describe('the statistics of B', () => {
  it('of one seed are those of its probe', () => {
    const rows = pairStatistics([result], at.ridge.name);
    expect(rows.map(({ value }) => value?.median)).toEqual([
      at.top.opposite,
      at.random.opposite,
      at.top.negativeGivenPositive,
      at.random.negativeGivenPositive,
      at.top.medianAbsolute,
      at.random.medianAbsolute,
      at.meanDiagonal,
      at.identityDeviation,
    ]);
    expect(statisticText(rows[0])).toBe(at.top.opposite.toFixed(3));
  });

  it('of several are their median and quartiles, without those that have no such number', () => {
    const withShare = (opposite: number) => ({
      ...result,
      ridges: [{ ...at, top: { ...at.top, opposite } }],
    });
    const seeds = [withShare(0.9), null, withShare(NaN), withShare(0.7), withShare(0.8)];
    const [repel] = pairStatistics(seeds, at.ridge.name);
    expect(repel.value).toMatchObject({ median: 0.8, q1: 0.75, n: 3 });
    expect(repel.value?.q3).toBeCloseTo(0.85, 12);
    expect(statisticText(repel)).toBe('0.800  [0.750, 0.850]  n = 3');
    expect(pairStatistics(seeds, 'no such ridge').map(statisticText)).toEqual(rows8);
  });
});

const rows8 = Array.from({ length: 8 }, () => '-');

describe('what the statistics measure', () => {
  it('is said of every series a run can store', () => {
    const names = seriesNames({
      spectrum: { window: 20, layers: ['W', 'V'] },
      gram: { every: 1 },
      gradient: { every: 1, pairs: 10 },
      repulsion: null,
    });
    expect(names.filter((name) => measureOfSeries(name) === null)).toEqual([]);
    expect(measureOfSeries('spectrum.W.ratio23')).toBe('ratio');
    expect(measureOfSeries('gram.rho')).toBe('rho');
    expect(measureOfSeries('own.series')).toBeNull();
  });

  it.each(Object.entries(measures))(
    'is set without inline styles, which the window refuses: %s',
    (_, measure) => {
      if (measure.formula === null) return;
      const markup = renderToString(measure.formula, {
        output: 'mathml',
        displayMode: true,
        strict: 'error',
      });
      expect(markup).toContain('<math');
      expect(markup).not.toMatch(/\sstyle=/);
    },
  );
});
