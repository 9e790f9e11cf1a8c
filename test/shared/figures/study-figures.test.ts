import { describe, expect, it } from 'vitest';
import type { FigureKind, FigureRun } from '#shared/figures/study-figures.ts';
import { figureKinds, seriesOf, studyFigure } from '#shared/figures/study-figures.ts';
import { tooltipText } from '#shared/figures/line-option.ts';
import type { ReportRun } from '#shared/report/report.ts';
import { parseStudy } from '#shared/study/parse-study.ts';

const parsed = parseStudy(
  `study: Two
task: { kind: modular-addition, modulus: 5 }
split: { train: 10 }
network: { width: 8, activation: square }
optimizer: { kind: adam, learningRate: 0.001, weightDecay: 0.1 }
epochs: 3
seeds: [0, 1, 2]
conditions:
  decay: {}
  control: { optimizer: { weightDecay: 0 } }
probes: { spectrum: { window: 3, layers: [W] } }
detectors:
  lock-in: { kind: slope, series: spectrum.W.ratio23, lag: 1, threshold: 0.04 }
  half: { kind: level, series: test.accuracy, threshold: 0.5 }
`,
  'two.yaml',
);
if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
const { study } = parsed;

const kinds = figureKinds(
  new Set(['test.accuracy', 'train.accuracy', 'spectrum.W.ratio23', 'spectrum.W.smoothness3']),
);
const kindOf = (id: string): FigureKind => {
  const found = kinds.find((kind) => kind.id === id);
  if (!found) throw new Error(`no figure ${id}`);
  return found;
};

function run(id: number, condition: string, seed: number, series: Record<string, number[]>): FigureRun {
  return { id, condition, seed, series: (name) => (series[name] ? Float64Array.from(series[name]) : null) };
}

function scored(id: number, detectors: Record<string, number | null>): [number, ReportRun] {
  return [
    id,
    {
      id,
      condition: '',
      seed: 0,
      state: 'finished',
      engine: 'plain',
      epochs: 3,
      seconds: 1,
      problem: null,
      detectors,
      intervals: {},
      late: null,
      final: { trainAccuracy: null, testAccuracy: null },
    },
  ];
}

describe('the figures of a study', () => {
  it('are those whose first series is measured', () => {
    expect(kinds.map(({ id }) => id)).toStrictEqual(['accuracy', 'ratio23-W', 'smoothness-W']);
  });

  const runs = [
    run(1, 'decay', 0, { 'test.accuracy': [0, 0.2, 1], 'train.accuracy': [0, 1, 1] }),
    run(2, 'decay', 1, { 'test.accuracy': [0, 0.4, 1], 'train.accuracy': [0, 1, 1] }),
    run(3, 'decay', 2, {}),
    run(4, 'control', 0, { 'test.accuracy': [0, 0, 0] }),
  ];
  const measured = new Map([
    scored(1, { half: 2, 'lock-in': null }),
    scored(2, { half: 3, 'lock-in': 1 }),
    scored(4, { half: null, 'lock-in': null }),
  ]);
  const figure = studyFigure(kindOf('accuracy'), study, runs, measured);

  it('have a curve a condition and series, over the runs that have it', () => {
    expect(
      figure.curves.map(({ condition, series, runs: own, place }) => [condition, series, own.length, place]),
    ).toStrictEqual([
      ['decay', 'test.accuracy', 2, 0],
      ['decay', 'train.accuracy', 2, 0],
      ['control', 'test.accuracy', 1, 1],
    ]);
    expect(figure.curves[0].band.median[1]).toBeCloseTo(0.3, 15);
  });

  it('mark the epochs of the detectors that read them, over the runs that were scored', () => {
    expect(figure.markers).toStrictEqual([
      { detector: 'half', condition: 'decay', place: 0, fired: 2, n: 2, median: 2.5, q1: 2.25, q3: 2.75 },
    ]);
  });

  it('are as wide as the study from the first row on', () => {
    expect(figure.x.range).toStrictEqual([0, 3]);
  });

  it('do not change for one condition when another has no runs', () => {
    const alone = studyFigure(kindOf('accuracy'), study, runs.slice(0, 3), measured);
    expect(alone.curves[0]).toStrictEqual(figure.curves[0]);
  });

  it('say at the cursor what was computed from all points, of the conditions shown', () => {
    const items = [{ seriesName: 'decay', axisValue: 1.2 }];
    expect(tooltipText(figure, items)).toBe('epoch 1\ndecay: 0.3  [0.25, 0.35]\ndecay, train.accuracy: 1');
  });
});

/** A run whose ratio is defined from epoch 1 on, with sigma1 = 1. */
function spectrum(sigma3: number[]): Record<string, number[]> {
  return {
    'spectrum.W.ratio23': [NaN, 5, 5, 5],
    'spectrum.W.sigma1': [NaN, 1, 1, 1],
    'spectrum.W.sigma3': [NaN, ...sigma3],
  };
}

describe('the ratio of eigenvalues', () => {
  const kind = kindOf('ratio23-W');

  it('needs the eigenvalues themselves', () => {
    expect(seriesOf(kind)).toStrictEqual(['spectrum.W.ratio23', 'spectrum.W.sigma1', 'spectrum.W.sigma3']);
  });

  // Oracle: the floor of science.md, sigma3 < 1e-7 sigma1.
  it('is rounding where sigma3 is below 1e-7 sigma1 in at least half of the runs', () => {
    const figure = studyFigure(
      kind,
      study,
      [
        run(1, 'decay', 0, spectrum([1e-6, 0.9e-7, 1.1e-7])),
        run(2, 'decay', 1, spectrum([1e-6, 1e-3, 0.9e-7])),
        run(3, 'decay', 2, spectrum([1e-6, 1e-3, 0.9e-7])),
      ],
      new Map(),
    );
    expect(figure.curves[0].rounding).toStrictEqual([false, false, false, true]);
  });
});
