import { describe, expect, it } from 'vitest';
import { cursorText } from '#shared/figures/cursor-text.ts';
import type { DrawRequest } from '#shared/figures/drawn-figure.ts';
import { drawFigure } from '#shared/figures/draw-figure.ts';
import type { Study } from '#shared/models/study.ts';
import type { ProbeSchedule } from '#shared/science/probe-schedule.ts';
import { figureKinds, headlineKind, seriesOf } from '#shared/figures/figure-kinds.ts';
import type { FigureKind } from '#shared/figures/figure-kinds.ts';
import { repulsionLines } from '#shared/figures/repulsion-lines.ts';
import { measuredIn, studyFigure } from '#shared/figures/study-figures.ts';
import type { FigureRun } from '#shared/figures/study-figures.ts';
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

const measures = {
  series: new Set(['test.accuracy', 'train.accuracy', 'spectrum.W.ratio23', 'spectrum.W.smoothness3']),
  ridges: ['published'],
};
const kinds = figureKinds(measures);
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

const request: DrawRequest = {
  width: 300,
  height: 150,
  theme: 'light',
  xScale: 'linear',
  yScale: 'linear',
  view: null,
  hiddenConditions: new Set(),
  hiddenRuns: new Set(),
  singleRuns: true,
  mostPoints: Infinity,
};

describe('the figures of a study', () => {
  it('are those whose first series is measured', () => {
    expect(kinds.map(({ id }) => id)).toStrictEqual([
      'accuracy',
      'ratio23-W',
      'smoothness-W',
      'repulsion-published',
    ]);
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
    const drawn = drawFigure(figure, { ...request, hiddenConditions: new Set(['control']) });
    expect(cursorText(drawn, 1)).toBe('epoch 1\ndecay, test: 0.3  [0.25, 0.35]\ndecay, train: 1');
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
    expect(seriesOf(kind)).toStrictEqual([
      'spectrum.W.ratio23',
      'spectrum.W.sigma1',
      'spectrum.W.sigma2',
      'spectrum.W.sigma3',
    ]);
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

describe('the bound of rounding', () => {
  const runs = [
    run(1, 'decay', 0, {
      'spectrum.W.ratio23': [NaN, 20],
      'spectrum.W.sigma1': [NaN, 4],
      'spectrum.W.sigma2': [NaN, 2],
      'spectrum.W.sigma3': [NaN, 0.1],
    }),
  ];

  // Oracle: sigma3 at its floor of 1e-7 sigma1 gives the ratio 2 / 4e-7.
  it('of the ratio is what it would be with sigma3 at the floor', () => {
    const [limit] = studyFigure(kindOf('ratio23-W'), study, runs, new Map()).limits ?? [];
    expect(limit.side).toBe('above');
    expect(limit.values[0]).toBeNaN();
    expect(limit.values[1]).toBeCloseTo(5e6, 3);
  });

  it('of the eigenvalues is 1e-7 sigma1, and lies under them', () => {
    const [kind] = figureKinds({ series: new Set(['spectrum.W.sigma1', 'spectrum.W.sigma2']), ridges: [] });
    const [limit] = studyFigure(kind, study, runs, new Map()).limits ?? [];
    expect(limit.side).toBe('below');
    expect(limit.values[1]).toBeCloseTo(4e-7, 15);
  });
});

/** Probed at epochs 0 and 3. */
function probed(seed: number, similar: number, random: number): FigureRun {
  const lines = repulsionLines([
    { epoch: 0, ridge: 'published', similar: 0.9, random: 0.5 },
    { epoch: 3, ridge: 'published', similar, random },
  ]);
  return { id: seed, condition: 'decay', seed, series: (name) => lines.get(name) ?? null };
}

describe('repulsion against epoch', () => {
  const figure = studyFigure(
    kindOf('repulsion-published'),
    study,
    [probed(0, 0.94, 0.5), probed(1, 0.98, 0.6)],
    new Map(),
  );

  it('is of similar pairs with random pairs beside them, at the probed epochs alone', () => {
    const [similar, random] = figure.curves;
    expect([similar.companion, random.companion, similar.sparse]).toStrictEqual([false, true, true]);
    expect([...similar.band.median]).toStrictEqual([0.9, NaN, NaN, 0.96]);
    expect(random.band.median[3]).toBeCloseTo(0.55, 12);
    const drawn = drawFigure(figure, request);
    expect([...drawn.curves[0].median]).toStrictEqual([0, 0.9, 3, 0.96]);
  });

  it('has the share at initialisation to compare with', () => {
    expect(figure.levels).toStrictEqual([{ label: 'epoch 0', condition: 'decay', place: 0, value: 0.9 }]);
  });
});

describe('the headline figure', () => {
  it('has repulsion on the right axis, and is not there without the ratio', () => {
    const headline = headlineKind(measures);
    expect(headline?.lines.map(({ series, onRight }) => [series, onRight])).toStrictEqual([
      ['spectrum.W.ratio23', false],
      ['repulsion.published.similar', true],
    ]);
    expect(headlineKind({ series: new Set(['test.accuracy']), ridges: [] })).toBeNull();
  });
});

function accuracies(id: number, condition: string, values: number[]): FigureRun {
  return run(id, condition, id, { 'test.accuracy': values });
}

describe('a hidden condition', () => {
  const figure = studyFigure(
    kindOf('accuracy'),
    study,
    [
      accuracies(1, 'decay', [0, 0.5, 1, 1]),
      accuracies(2, 'decay', [0, 0.7, 1, 1]),
      accuracies(3, 'control', [0, 0, 0, 0.1]),
    ],
    new Map(),
  );

  it('is not drawn, and changes nothing of another', () => {
    const all = drawFigure(figure, request);
    const some = drawFigure(figure, { ...request, hiddenConditions: new Set(['control']) });
    expect(some.curves).toStrictEqual(all.curves.filter(({ condition }) => condition === 'decay'));
    expect(some.legend).toStrictEqual([
      { condition: 'decay', place: 0, n: 2, hidden: false },
      { condition: 'control', place: 1, n: 1, hidden: true },
    ]);
  });

  it('is not a hidden run, whose line goes while bands and n stay', () => {
    const all = drawFigure(figure, request).curves[0];
    const some = drawFigure(figure, { ...request, hiddenRuns: new Set([2]) }).curves[0];
    expect(some.runs.length).toBeLessThan(all.runs.length);
    expect({ ...some, runs: null }).toStrictEqual({ ...all, runs: null });
  });
});

function withGram(gram: ProbeSchedule): Study['conditions'] {
  return study.conditions.map((condition) => ({
    ...condition,
    settings: { ...condition.settings, probes: { ...condition.settings.probes, gram } },
  }));
}

function captionOf(conditions: Study['conditions']): string | undefined {
  return figureKinds(measuredIn({ conditions })).find(({ id }) => id === 'rho')?.caption;
}

describe('a probe that is not due at every epoch', () => {
  it('is said in the caption of its figure, and nothing is where it is due at every epoch', () => {
    const scheduled = withGram({ every: 1, later: { from: 50, every: 5 } });
    expect(captionOf(scheduled)).toMatch(/ Measured every epoch until 50, then every 5th epoch\.$/);
    expect(captionOf([...withGram({ every: 1 }), ...scheduled])).toMatch(
      / Measured every epoch or every epoch until 50/,
    );
    expect(captionOf(withGram({ every: 1 }))).not.toContain('Measured');
  });
});
