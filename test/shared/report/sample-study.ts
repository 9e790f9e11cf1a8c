import type { Condition, Published, PublishedCondition, Study } from '#shared/models/study.ts';
import type { MeasuredRun } from '#shared/report/measured-run.ts';
import type { PairSample, RepulsionResult } from '#shared/science/repulsion-result.ts';

/** The headline study's settings, detectors and intervals, with the epochs the caller trains. */
export function sampleStudy(changes: Partial<Study> = {}, epochs = 400): Study {
  return {
    name: 'Sample',
    description: '',
    conditions: [sampleCondition('grokking', 0.0002, epochs), sampleCondition('control', 0, epochs)],
    seeds: [0],
    detectors: {
      'lock-in': {
        kind: 'slope',
        series: 'spectrum.W.ratio23',
        lag: 25,
        threshold: 0.04,
        from: 100,
        direction: 'rising',
      },
      initiation: { kind: 'level', series: 'gram.rho', threshold: 0.075, from: 0, direction: 'rising' },
      half: { kind: 'level', series: 'test.accuracy', threshold: 0.5, from: 0, direction: 'rising' },
      grokked: { kind: 'level', series: 'test.accuracy', threshold: 0.99, from: 0, direction: 'rising' },
    },
    intervals: { lag: { from: 'grokked', to: 'lock-in' } },
    late: { series: 'spectrum.W.ratio23', range: [200, 400], separation: ['grokking', 'control'] },
    published: null,
    source: '',
    ...changes,
  };
}

export function sampleCondition(name: string, weightDecay: number, epochs: number): Condition {
  return {
    name,
    settings: {
      task: { kind: 'modular-addition', modulus: 71 },
      split: { train: 2016 },
      network: { width: 2048, activation: 'square' },
      optimizer: {
        kind: 'adam',
        learningRate: 0.001,
        weightDecay,
        momentum: 0,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
      },
      epochs,
      probes: {
        spectrum: { window: 20, layers: ['W'] },
        gram: { every: 1 },
        gradient: null,
        repulsion: null,
      },
    },
  };
}

/** The numbers of the paper's headline table, as the headline preset carries them. */
export function samplePublished(grokking: Partial<PublishedCondition> = {}): Published {
  return {
    source: 'arXiv 2605.08119',
    notes: ['Measured on an M4 Max.'],
    separation: 229,
    conditions: {
      grokking: {
        detectors: {
          'lock-in': { fired: 15, n: 15, median: 174, q1: 173, q3: 174 },
          half: { fired: null, n: null, median: 102, q1: 99, q3: 102 },
          lag: { fired: null, n: null, median: 35, q1: 34, q3: 38 },
        },
        late: { median: 300, min: 168, max: 320 },
        repulsion: [],
        ...grokking,
      },
      control: {
        detectors: { 'lock-in': { fired: 0, n: 15, median: null, q1: null, q3: null } },
        late: { median: 1.31, min: 1.25, max: 1.37 },
        repulsion: [],
      },
    },
  };
}

let nextId = 1;

/** A finished run whose series are the given closed forms. */
export function sampleRun(
  series: Readonly<Record<string, (epoch: number) => number>>,
  changes: Partial<MeasuredRun> = {},
): MeasuredRun {
  const epochs = changes.epochs ?? 400;
  const stored = new Map(
    Object.entries(series).map(([name, value]) => [
      name,
      Float64Array.from({ length: epochs + 1 }, (_, t) => value(t)),
    ]),
  );
  return {
    id: nextId++,
    condition: 'grokking',
    seed: 0,
    state: 'finished',
    engine: 'plain',
    epochs,
    seconds: 10,
    problem: null,
    series: (name) => stored.get(name) ?? null,
    repulsion: [],
    ...changes,
  };
}

export interface SampleRepulsion {
  readonly epoch: number;
  readonly opposite: number;
  readonly random?: number;
  readonly negativeGivenPositive?: number;
  readonly identityDeviation?: number;
  readonly ridge?: { readonly name: string; readonly value: number; readonly borrowedFrom: string | null };
}

function samplePairs(count: number): PairSample {
  return {
    first: new Int32Array(count),
    second: new Int32Array(count).fill(1),
    cosine: new Float64Array(count).fill(0.5),
  };
}

/** A probe of 200 similar and 2,000 random pairs with the given shares. */
export function sampleRepulsion(sample: SampleRepulsion): RepulsionResult {
  const shares = (opposite: number, count: number) => ({
    b: new Float64Array(count),
    opposite,
    negativeGivenPositive: sample.negativeGivenPositive ?? opposite,
    positivePairs: count,
    medianAbsolute: 1,
  });
  return {
    epoch: sample.epoch,
    topPairs: samplePairs(200),
    randomPairs: samplePairs(2000),
    ridges: [
      {
        ridge: sample.ridge ?? { name: 'published', value: 0.0002, borrowedFrom: null },
        top: shares(sample.opposite, 200),
        random: shares(sample.random ?? 0.55, 2000),
        identityDeviation: sample.identityDeviation ?? 1e-12,
        identityPairs: 10,
        offDiagonal: { low: -1, high: 1, counts: new Float64Array(4) },
        meanDiagonal: 1,
      },
    ],
  };
}
