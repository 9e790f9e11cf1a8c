import { describe, expect, it } from 'vitest';
import { detectorFigureIds, detectorFigures, sweepDetector } from '#shared/figures/detector-figures.ts';
import { fireFigure } from '#shared/figures/fire-figure.ts';
import type { PaperFigure } from '#shared/figures/paper-figure.ts';
import { linearScales, paperOptions } from '#shared/figures/paper.ts';
import { paperSize } from '#shared/figures/svg-markup.ts';
import { thresholdFigure } from '#shared/figures/threshold-figure.ts';
import { watchRuns } from '#shared/report/score-detector.ts';
import type { ConditionFires, RescoredRun } from '#shared/report/score-detector.ts';
import { summarizeFires } from '#shared/science/statistics.ts';
import { sampleStudy } from '../report/sample-study.ts';

const study = sampleStudy({}, 10);
const { half } = study.detectors;

/** Accuracy that climbs by `step` an epoch. */
function runOf(id: number, condition: string, step: number): RescoredRun {
  const accuracy = Float64Array.from({ length: 11 }, (_, epoch) => epoch * step);
  const series = (name: string) => (name === half.series ? accuracy : null);
  return { id, condition, seed: id, state: 'finished', series };
}

// Oracle: 0.5 is reached at epochs 5 and 10; 0.03 an epoch never gets there.
const runs = [
  runOf(1, 'grokking', 0.1),
  runOf(2, 'grokking', 0.05),
  runOf(3, 'grokking', 0.1),
  runOf(4, 'control', 0.03),
];

function drawn(figure: PaperFigure, millimetres: number, changes = {}): string {
  return figure.svg({ ...paperOptions(linearScales, millimetres), ...changes });
}

const textsOf = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
const dotsOf = (svg: string): number => svg.match(/<circle[^>]*r="3.2"[^>]*stroke=/g)?.length ?? 0;

function figureOf(id: string): PaperFigure {
  const found = detectorFigures(study, runs).find((figure) => figure.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
}

/** A column of a table. */
function numbers(rows: readonly string[][], at: number): Float64Array {
  return Float64Array.from(rows, (row) => (row[at] === '' ? NaN : Number(row[at])));
}

/** What a table of fire epochs says, as the figure is made of it. */
function readFires(csv: string): ConditionFires[] {
  const rows = csv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  return [...new Set(rows.map(([condition]) => condition))].map((condition, place) => {
    const own = rows
      .filter((row) => row[0] === condition)
      .map(([, seed, runId, finished, epoch]) => ({
        seed: Number(seed),
        runId: Number(runId),
        finished: finished === 'true',
        epoch: epoch === '' ? null : Number(epoch),
      }));
    const summary = summarizeFires(own.filter(({ finished }) => finished).map(({ epoch }) => epoch));
    return { condition, place, isControl: place === 1, runs: own, summary };
  });
}

it('every detector whose series was measured has a strip and its curves, under the names that are offered', () => {
  const ids = detectorFigures(study, runs).map(({ id }) => id);
  expect(ids).toStrictEqual(['fires-half', 'threshold-half', 'fires-grokked', 'threshold-grokked']);
  expect(detectorFigureIds(study)).toStrictEqual(expect.arrayContaining(ids));
});

describe('the strip of fire epochs for paper', () => {
  const figure = figureOf('fires-half');

  it.each([85, 170])('at %d mm has a dot a run that fires, and the rest as text', (millimetres) => {
    const svg = drawn(figure, millimetres);
    expect(svg).toMatch(new RegExp(`^<svg width="${millimetres}mm" height="[\\d.]+mm"`));
    expect(dotsOf(svg)).toBe(3);
    const texts = [
      'grokking',
      '3 of 3',
      'control',
      '0 of 1',
      'never fire',
      'epoch at which half fires',
      'median',
    ];
    expect(textsOf(svg)).toEqual(expect.arrayContaining(texts));
  });

  it('is drawn again, to the byte, from its table', () => {
    const again = fireFigure('half', readFires([...figure.csv()].join('')), 10);
    expect(drawn(again, 85)).toBe(drawn(figure, 85));
  });

  it('leaves out a condition and the legend when asked to, and never part of its table', () => {
    const svg = drawn(figure, 85, { hiddenConditions: new Set(['grokking']), legend: false });
    expect(dotsOf(svg)).toBe(0);
    expect(textsOf(svg)).not.toContain('grokking');
    expect(textsOf(svg)).not.toContain('median');
    expect([...figure.csv()].join('').split('\n')).toHaveLength(1 + runs.length + 1);
  });

  it('shows runs that are not finished as rings, and says what they are', () => {
    const [grokking, control] = readFires([...figure.csv()].join(''));
    const going = { ...grokking, runs: grokking.runs.map((run) => ({ ...run, finished: false })) };
    const svg = drawn(fireFigure('half', [going, control], 10), 85);
    expect(svg.match(/<circle[^>]*fill="#ffffff"[^>]*stroke="#0072B2"/g)).toHaveLength(3);
    expect(textsOf(svg)).toContain('not finished');
  });

  it('says the height it needs when it is given less', () => {
    expect(() => drawn(figure, 85, { height: 18 })).toThrow(/2 conditions need a height of \d+ mm, got 18/);
  });
});

/** Of as many conditions, one run each. */
function curvesOf(count: number): PaperFigure {
  const conditions = Array.from({ length: count }, (_, i) => ({ ...study.conditions[0], name: `c${i}` }));
  const own = conditions.map(({ name }, i) => runOf(i, name, 0.1));
  const watched = watchRuns({ ...study, conditions }, own, half);
  return thresholdFigure('half', half, sweepDetector(half, half, watched, null));
}

describe('the curves over the threshold for paper', () => {
  it('of many conditions are as much higher as their legend is longer', () => {
    expect(paperSize(drawn(curvesOf(2), 85))).toStrictEqual({ width: 85, height: 72 });
    const long = drawn(curvesOf(20), 85);
    const legend = textsOf(long).filter((text) => /^c\d+ /.test(text));
    expect(legend).toHaveLength(20);
    expect(paperSize(long).height).toBeGreaterThan(72);
    expect(paperSize(drawn(curvesOf(20), 85, { legend: false })).height).toBe(72);
  });

  const figure = figureOf('threshold-half');

  it.each([85, 170])('at %d mm has axes, legend and the threshold as text', (millimetres) => {
    const svg = drawn(figure, millimetres);
    const texts = [
      'threshold of test.accuracy',
      'share of runs fired',
      'fire epoch',
      'grokking (n = 3)',
      'control (n = 1)',
      'study: 0.5',
      'tells the conditions apart',
    ];
    expect(textsOf(svg)).toEqual(expect.arrayContaining(texts));
    // A share and a median each; the control's dashed.
    expect(svg.match(/<path[^>]*stroke="#0072B2"/g)).toHaveLength(2);
    expect(svg.match(/<path[^>]*stroke="#D55E00"[^>]*stroke-dasharray="5 3"/g)).toHaveLength(2);
  });

  it('is drawn again, to the byte, from its table', () => {
    const rows = [...figure.csv()].join('').trimEnd().split('\n').slice(1);
    const cells = rows.map((line) => line.split(','));
    const curves = cells.filter(([kind]) => kind === 'curve');
    const alone = (wanted: string): number => Number(cells.find(([kind]) => kind === wanted)?.[4]);
    const conditions = ['grokking', 'control'].map((condition, place) => {
      const own = curves.filter((row) => row[1] === condition);
      const [share, median, q1, q3] = [5, 6, 7, 8].map((at) => numbers(own, at));
      const [, , control, n] = own[0];
      return { condition, place, isControl: control === 'true', n: Number(n), share, median, q1, q3 };
    });
    const thresholds = numbers(
      curves.filter(([, condition]) => condition === 'grokking'),
      4,
    );
    const again = thresholdFigure('half', half, {
      sweep: { thresholds, conditions },
      range: { low: thresholds[0], high: thresholds[thresholds.length - 1], scale: 'linear' },
      margin: { control: alone('last control'), signal: alone('first signal'), separates: true },
      thresholds: [{ label: 'study', value: alone('study'), isOwn: false }],
    });
    expect(drawn(again, 85)).toBe(drawn(figure, 85));
  });

  it('has the study’s own threshold beside the one that is tried', () => {
    const tried = { ...half, threshold: 0.4 };
    const swept = sweepDetector(tried, half, watchRuns(study, runs, tried), ['grokking', 'control']);
    const svg = drawn(thresholdFigure('half', tried, swept), 85);
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['study: 0.5', 'here: 0.4']));
  });

  it('says the unit of a slope', () => {
    const slope = { ...half, kind: 'slope', lag: 2, threshold: 0.1 } as const;
    const svg = drawn(
      thresholdFigure('s', slope, sweepDetector(slope, null, watchRuns(study, runs, slope), null)),
      85,
    );
    expect(textsOf(svg)).toContain('slope threshold of ln test.accuracy per epoch');
  });
});
