import { expect, it } from 'vitest';
import { benchFigures } from '#shared/figures/bench-figures.ts';
import { chartOption, systemFonts } from '#shared/figures/chart-option.ts';
import { compareFigure } from '#shared/figures/compare-figure.ts';
import { drawFigure } from '#shared/figures/draw-figure.ts';
import { figureCsv } from '#shared/figures/figure-csv.ts';
import { figureKinds } from '#shared/figures/figure-kinds.ts';
import { figureSvg } from '#shared/figures/figure-svg.ts';
import { paperOptions } from '#shared/figures/paper.ts';
import { runFigure } from '#shared/figures/run-figure.ts';
import { studyFigure } from '#shared/figures/study-figures.ts';
import type { FigureRun } from '#shared/figures/study-figures.ts';
import type { Detector } from '#shared/science/detector.ts';
import { sampleStudy } from '../report/sample-study.ts';
import { sampleCurve, sampleFigure } from './sample-figure.ts';

const study = sampleStudy();
const [{ name: condition }] = study.conditions;
const level: Detector = {
  kind: 'level',
  series: 'test.accuracy',
  threshold: 0.9,
  from: 0,
  direction: 'rising',
};

function runOf(id: number, values: readonly number[]): FigureRun {
  return { id, condition, seed: id, series: () => Float64Array.from(values) };
}

it('a threshold stands in the chart of what is compared with it, in view and in files, whatever is hidden', () => {
  const [figure] = benchFigures(study, [runOf(1, [0.1, 0.2])], level, 'grokked', []);
  const options = paperOptions(figure, 85);
  const drawn = drawFigure(figure, {
    ...options,
    width: 300,
    height: 200,
    theme: 'light',
    hiddenConditions: new Set([condition]),
    mostPoints: Infinity,
  });
  expect(drawn.levels).toStrictEqual([{ label: 'threshold', condition: null, value: 0.9 }]);
  expect(drawn.y.max).toBeGreaterThanOrEqual(0.9);
  expect(figureSvg(figure, options)).toContain('>threshold<');
  expect(figureCsv(figure)).toContain('series,threshold,,level,,,0.9\n');
});

it('a slope is compared where the slope is drawn, and not in the chart of its series', () => {
  const slope: Detector = { ...level, kind: 'slope', lag: 1, threshold: 0.04 };
  const figures = benchFigures(study, [runOf(1, [0.1, 0.2])], slope, 'lock-in', []);
  expect(figures.map(({ id, levels }) => [id, levels?.length ?? 0])).toStrictEqual([
    ['slope', 1],
    ['series', 0],
  ]);
});

it('compared groups are marked by the detectors of their own studies that read the series', () => {
  const scores = [4, null, 6].map((grokked) => ({ detectors: { grokked } }));
  const { probes } = study.conditions[0].settings;
  const group = {
    name: 'A',
    place: 0,
    probes,
    runs: [runOf(1, [0, 1])],
    detectors: { grokked: level },
    scores,
  };
  const other = { ...group, name: 'B', place: 1, detectors: {} };
  const { markers } = compareFigure([group, other], 'test.accuracy', 10);
  // Linear interpolation between 4 and 6, of three runs.
  expect(markers).toStrictEqual([
    { detector: 'grokked', condition: 'A', place: 0, fired: 2, n: 3, median: 5, q1: 4.5, q3: 5.5 },
  ]);
  expect(compareFigure([group], 'train.loss', 10).markers).toStrictEqual([]);
});

it('lines lie over each other in the order of the conditions, which hiding does not change', () => {
  const lines = [Float64Array.of(1, 2), Float64Array.of(2, 3)];
  const figure = sampleFigure(['first', 'second'].map((name, place) => sampleCurve(name, place, lines)));
  const options = paperOptions(figure, 85);
  const drawn = drawFigure(figure, {
    ...options,
    width: 300,
    height: 200,
    theme: 'light',
    mostPoints: Infinity,
  });
  const { series } = chartOption(drawn, {
    theme: 'light',
    width: 300,
    height: 200,
    fontSize: 11,
    medium: 'window',
    legend: false,
    fontFamily: systemFonts,
    picture: null,
  });
  const heights = [series ?? []].flat().flatMap(({ id, z }) => (String(id).startsWith('median') ? [z] : []));
  expect(heights).toStrictEqual([3, 3.001]);
});

it('what is measured at some epochs is drawn at all of them, joined, on every page', () => {
  const settings = {
    ...study.conditions[0].settings,
    epochs: 6,
    probes: { ...study.conditions[0].settings.probes, gram: { every: 1, later: { from: 2, every: 2 } } },
  };
  const scheduled = { ...study, conditions: [{ ...study.conditions[0], settings }] };
  const values = [1, 2, 3, NaN, 4, NaN, 5];
  const run = runOf(1, values);
  const rho: Detector = { ...level, series: 'gram.rho' };
  const group = {
    name: condition,
    place: 0,
    probes: settings.probes,
    runs: [run],
    detectors: {},
    scores: [],
  };
  const [gram] = figureKinds({ series: new Set(['gram.rho']), ridges: [] });
  const figures = [
    studyFigure(gram, scheduled, [run], new Map()),
    ...benchFigures(scheduled, [run], rho, 'initiation', []),
    compareFigure([group], 'gram.rho', 6),
    runFigure(
      { id: 1, condition, seed: 1, place: 0, settings },
      [{ name: 'gram.rho', values: Float64Array.from(values) }],
      {},
      'linear',
    ),
  ];
  expect(figures).toHaveLength(4);
  for (const figure of figures) {
    const { curves } = drawFigure(figure, {
      ...paperOptions(figure, 85),
      width: 300,
      height: 200,
      theme: 'light',
      hiddenConditions: new Set(),
      mostPoints: Infinity,
    });
    expect([...curves[0].median]).toStrictEqual([0, 1, 1, 2, 2, 3, 4, 4, 6, 5]);
  }
});
