import { describe, expect, it } from 'vitest';
import { headlineText, smallText, studyOf } from './study-text.ts';

describe('the example of interface.md', () => {
  const study = studyOf(headlineText);

  it('is two conditions of fifteen seeds, and keeps its text word for word', () => {
    expect(study.name).toBe('Headline');
    expect(study.conditions.map(({ name }) => name)).toEqual(['grokking', 'control']);
    expect(study.seeds).toEqual(Array.from({ length: 15 }, (_, seed) => seed));
    expect(study.source).toBe(headlineText);
  });

  it('resolves every setting of a condition', () => {
    expect(study.conditions[0].settings).toEqual({
      task: { kind: 'modular-addition', modulus: 71 },
      split: { train: 2016 },
      network: { width: 2048, activation: 'square' },
      optimizer: {
        kind: 'adam',
        learningRate: 0.001,
        weightDecay: 0.0002,
        momentum: 0,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
      },
      epochs: 400,
      probes: {
        spectrum: { window: 20, layers: ['W', 'V'] },
        gram: { every: 1 },
        gradient: { every: 1, pairs: 500 },
        repulsion: {
          epochs: [0, 50, 100, 175, 250, 300],
          pairs: 200,
          randomPairs: 2000,
          identityPairs: 10,
          // science.md, "Which ridge?": eta = 0.0002 and n eta / 2 = 0.2016.
          ridges: [
            { name: 'published', value: 0.0002, borrowedFrom: null },
            { name: 'effective', value: 0.2016, borrowedFrom: null },
          ],
        },
      },
    });
  });

  it('changes in the control the weight decay alone, and borrows its ridges', () => {
    const [grokking, control] = study.conditions.map(({ settings }) => settings);
    expect(control.optimizer).toEqual({ ...grokking.optimizer, weightDecay: 0 });
    expect(control.probes.repulsion?.ridges).toEqual([
      { name: 'published', value: 0.0002, borrowedFrom: 'grokking' },
      { name: 'effective', value: 0.2016, borrowedFrom: 'grokking' },
    ]);
  });

  it('reads detectors in the file order and the late range, grokking against control', () => {
    expect(Object.entries(study.detectors)).toEqual([
      [
        'lock-in',
        {
          kind: 'slope',
          series: 'spectrum.W.ratio23',
          lag: 25,
          threshold: 0.04,
          from: 100,
          direction: 'rising',
        },
      ],
      ['initiation', { kind: 'level', series: 'gram.rho', threshold: 0.075, from: 0, direction: 'rising' }],
      ['grokked', { kind: 'level', series: 'test.accuracy', threshold: 0.99, from: 0, direction: 'rising' }],
    ]);
    expect(study.late).toEqual({
      series: 'spectrum.W.ratio23',
      range: [200, 400],
      separation: ['grokking', 'control'],
    });
  });
});

describe('a study that leaves out all it may', () => {
  const study = studyOf(smallText);

  it('is one condition called base with the defaults of science.md', () => {
    expect(study.conditions).toHaveLength(1);
    expect(study.conditions[0].name).toBe('base');
    expect(study.conditions[0].settings.optimizer).toMatchObject({
      kind: 'adam',
      learningRate: 0.001,
      weightDecay: 0,
    });
    expect(study.conditions[0].settings.network.activation).toBe('square');
    expect(study.seeds).toEqual([3]);
    expect(study).toMatchObject({ description: '', intervals: {}, published: null });
  });

  it('clamps the default number of pairs to the 28 that eight features make', () => {
    expect(study.conditions[0].settings.probes).toEqual({
      spectrum: { window: 20, layers: ['W', 'V'] },
      gram: { every: 1 },
      gradient: { every: 1, pairs: 28 },
      repulsion: null,
    });
  });

  it('has the four detectors of science.md and takes its second half as late', () => {
    expect(Object.keys(study.detectors)).toEqual(['lock-in', 'initiation', 'half', 'grokked']);
    expect(study.late).toEqual({ series: 'spectrum.W.ratio23', range: [10, 20], separation: null });
  });

  it('has no detector on a series that a switched-off probe would have measured', () => {
    for (const off of ['off', 'false', 'null', '']) {
      const without = studyOf(`${smallText}probes:\n  spectrum: ${off}\n  gram: off\n`);
      expect(without.conditions[0].settings.probes).toMatchObject({ spectrum: null, gram: null });
      expect(Object.keys(without.detectors)).toEqual(['half', 'grokked']);
      expect(without.late.series).toBe('test.accuracy');
    }
  });

  it('rounds a fraction of the pairs, as the study does', () => {
    const text = smallText.replace('train: 10', 'fraction: 0.3').replace('modulus: 5', 'modulus: 41');
    // round(0.3 * 1681) = round(504.3)
    expect(studyOf(text).conditions[0].settings.split).toEqual({ train: 504 });
  });

  it('gives sgd its momentum, and sorts probe epochs', () => {
    const text = `${smallText}optimizer: { kind: sgd, weightDecay: 0.1 }\nprobes: { repulsion: { epochs: [20, 0, 7] } }\n`;
    const { optimizer, probes } = studyOf(text).conditions[0].settings;
    expect(optimizer.momentum).toBe(0.9);
    expect(probes.repulsion).toMatchObject({
      epochs: [0, 7, 20],
      pairs: 28,
      randomPairs: 28,
      identityPairs: 10,
    });
  });
});

describe('a JSON study file', () => {
  it('means what the same YAML means', () => {
    const json = `{
\t"study": "Small",
\t"task": { "kind": "modular-addition", "modulus": 5 },
\t"split": { "train": 10 },
\t"network": { "width": 8 },
\t"epochs": 20,
\t"seeds": 3
}`;
    expect({ ...studyOf(json), source: '' }).toEqual({ ...studyOf(smallText), source: '' });
  });
});

describe('seeds', () => {
  it.each([
    ['0..4', [0, 1, 2, 3, 4]],
    ['7..7', [7]],
    ['[0, 3, 7]', [0, 3, 7]],
    ['4294967295', [4294967295]],
  ])('%s are %j', (written, seeds) => {
    expect(studyOf(smallText.replace('seeds: 3', `seeds: ${written}`)).seeds).toEqual(seeds);
  });
});

describe('published numbers', () => {
  it('are read beside the conditions, with null for what was not printed', () => {
    const { published } = studyOf(`${smallText}intervals: { lag: { from: grokked, to: lock-in } }
published:
  source: A paper
  conditions:
    base:
      detectors: { grokked: { fired: 0, n: 5 }, lag: { median: 35, iqr: [34, 38] } }
      late: { median: 300, range: [168, 320] }
      repulsion: { 100: { median: 0.9, iqr: [0.8, 0.95] }, 50: 0.865 }
`);
    expect(published).toEqual({
      source: 'A paper',
      notes: [],
      separation: null,
      conditions: {
        base: {
          detectors: {
            grokked: { fired: 0, n: 5, median: null, q1: null, q3: null },
            lag: { fired: null, n: null, median: 35, q1: 34, q3: 38 },
          },
          late: { median: 300, min: 168, max: 320 },
          repulsion: [
            { epoch: 50, median: 0.865, q1: null, q3: null },
            { epoch: 100, median: 0.9, q1: 0.8, q3: 0.95 },
          ],
        },
      },
    });
  });
});
