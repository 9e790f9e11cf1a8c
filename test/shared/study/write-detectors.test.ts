import { describe, expect, it } from 'vitest';
import type { Late } from '#shared/models/study.ts';
import type { Detector } from '#shared/science/detector.ts';
import { parseStudy } from '#shared/study/parse-study.ts';
import { writeScoring } from '#shared/study/write-detectors.ts';

const file = (scoring: string): string => `study: Written
task: { kind: modular-addition, modulus: 7 }
split: { train: 20 }
network: { width: 8, activation: square }
optimizer: { kind: adam, learningRate: 0.001, weightDecay: 0.0002 }
epochs: 60
seeds: 0
conditions:
  grokking: {}
  "no": { optimizer: { weightDecay: 0 } }
probes:
  spectrum: { window: 5, layers: [W] }
${scoring}`;

const detectors: Readonly<Record<string, Detector>> = {
  'lock-in': {
    kind: 'slope',
    series: 'spectrum.W.ratio23',
    lag: 7,
    threshold: 1e-7,
    from: 0,
    direction: 'rising',
  },
  fades: {
    kind: 'slope',
    series: 'test.loss',
    lag: 25,
    threshold: 0.04,
    from: 100,
    direction: 'falling',
  },
  '0.5 half (x)': { kind: 'level', series: 'test.accuracy', threshold: 0.5, from: 0, direction: 'rising' },
  'low loss': { kind: 'level', series: 'train.loss', threshold: -0.25, from: 3, direction: 'falling' },
};

describe('detectors written for a study file', () => {
  it('are read back exactly, whatever their names', () => {
    const late: Late = { series: 'test.loss', range: [10, 60], separation: ['grokking', 'no'] };
    const intervals = {
      '1 delay': { from: '0.5 half (x)', to: 'lock-in' },
      'low to fades': { from: 'low loss', to: 'fades' },
    };
    const parsed = parseStudy(file(writeScoring({ detectors, intervals, late })), 'written.yaml');
    if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
    expect(parsed.study.detectors).toStrictEqual(detectors);
    expect(Object.keys(parsed.study.detectors)).toStrictEqual(Object.keys(detectors));
    expect(parsed.study.intervals).toStrictEqual(intervals);
    expect(parsed.study.late).toStrictEqual(late);
  });

  it('can be none at all', () => {
    const late: Late = { series: 'test.accuracy', range: [0, 60], separation: null };
    const parsed = parseStudy(file(writeScoring({ detectors: {}, intervals: {}, late })), 'written.yaml');
    expect(parsed.ok && parsed.study.detectors).toStrictEqual({});
  });
});
