import { describe, expect, it } from 'vitest';
import { problemsOf, smallText, studyOf } from './study-text.ts';

/** Each condition of the small study with these lines added, as [name, what `pick` reads]. */
function conditionsOf(lines: string) {
  return studyOf(`${smallText}${lines}`).conditions;
}

describe('a sweep at the top level', () => {
  it('makes the conditions by itself, named by the value as the file writes it', () => {
    const conditions = conditionsOf('sweep: { optimizer.weightDecay: [1e-5, 0.0010, 0] }\n');
    expect(conditions.map(({ name, settings }) => [name, settings.optimizer.weightDecay])).toEqual([
      ['weightDecay=1e-5', 0.00001],
      ['weightDecay=0.0010', 0.001],
      ['weightDecay=0', 0],
    ]);
  });

  it('is the product of its paths, the first slowest', () => {
    const names = conditionsOf('sweep:\n  network.width: [4, 6]\n  network.activation: [relu, cube]\n').map(
      ({ name }) => name,
    );
    expect(names).toEqual([
      'width=4 activation=relu',
      'width=4 activation=cube',
      'width=6 activation=relu',
      'width=6 activation=cube',
    ]);
  });

  it('applies to every condition', () => {
    const lines =
      'conditions: { a: {}, b: { optimizer: { weightDecay: 1 } } }\nsweep: { network.width: [4, 6] }\n';
    expect(
      conditionsOf(lines).map(({ name, settings }) => [
        name,
        settings.network.width,
        settings.optimizer.weightDecay,
      ]),
    ).toEqual([
      ['a width=4', 4, 0],
      ['a width=6', 6, 0],
      ['b width=4', 4, 1],
      ['b width=6', 6, 1],
    ]);
  });

  it('may sweep the split, whichever way the base writes it', () => {
    const trains = conditionsOf('sweep: { split.fraction: [0.2, 0.4] }\n').map(
      ({ settings }) => settings.split.train,
    );
    expect(trains).toEqual([5, 10]);
  });

  it('may sweep a probe that the base switches off', () => {
    const windows = conditionsOf(
      'probes: { spectrum: off }\nsweep: { probes.spectrum.window: [5, 10] }\n',
    ).map(({ settings }) => settings.probes.spectrum?.window);
    expect(windows).toEqual([5, 10]);
  });
});

describe('a sweep inside a condition', () => {
  it('multiplies that condition only', () => {
    const lines =
      'conditions:\n  control: {}\n  decayed:\n    sweep: { optimizer.weightDecay: [0.1, 0.2] }\n';
    expect(conditionsOf(lines).map(({ name }) => name)).toEqual([
      'control',
      'decayed weightDecay=0.1',
      'decayed weightDecay=0.2',
    ]);
  });
});

describe('a sweep that cannot be meant', () => {
  it('reports a bad value at its own place in the list', () => {
    expect(problemsOf(`${smallText}sweep:\n  optimizer.weightDecay: [0.1, -1, x]\n`)).toEqual([
      'x.yaml:8:32 sweep.optimizer.weightDecay[1] must be >= 0, got -1',
      'x.yaml:8:36 sweep.optimizer.weightDecay[2] must be a number >= 0, got "x"',
    ]);
  });

  it('reports a value that is wrong only beside the others', () => {
    expect(problemsOf(`${smallText}sweep: { split.train: [10, 25] }\n`)).toEqual([
      'x.yaml:7:28 sweep.split.train[1] must be a whole number in 1..24 (modulus^2 = 25 pairs, of which at least one tests), got 25',
    ]);
  });

  it('refuses to overwrite what a condition sets, so that a control keeps its zero', () => {
    const lines = `conditions:
  grokking: {}
  control: { optimizer: { weightDecay: 0 } }
sweep: { optimizer.weightDecay: [0.1, 0.2] }
`;
    expect(problemsOf(`${smallText}${lines}`)).toEqual([
      'x.yaml:9:40 conditions.control.optimizer.weightDecay is set by a sweep as well: move the sweep into the conditions it is meant for, or remove the value from control',
    ]);
  });

  it('refuses the same value twice, however it is written', () => {
    expect(problemsOf(`${smallText}sweep: { network.width: [8, 4, 8.0] }\n`)).toEqual([
      'x.yaml:7:32 sweep.network.width[2] is in the list twice: keep one 8.0',
    ]);
  });

  it('refuses what is not swept but listed: seeds', () => {
    expect(problemsOf(`${smallText}sweep: { seeds: [1, 2] }\n`)[0]).toMatch(/^x\.yaml:7:10 sweep\.seeds /);
  });

  it('refuses more than 10,000 runs without expanding them', () => {
    const hundred = `[${Array.from({ length: 100 }, (_, i) => i + 1).join(', ')}]`;
    const lines = `sweep: { network.width: ${hundred}, epochs: ${hundred}, probes.gram.every: ${hundred} }\n`;
    expect(problemsOf(`${smallText}${lines}`)).toEqual([
      'x.yaml:7:8 sweep makes 1000000 conditions, and a study may have at most 10000 runs: sweep fewer values',
    ]);
    const text = smallText.replace('seeds: 3', 'seeds: 0..5000');
    expect(problemsOf(`${text}sweep: { network.width: [4, 6] }\n`)).toEqual([
      'x.yaml:6:8 seeds makes 2 conditions x 5001 seeds = 10002 runs, and a study may have at most 10000',
    ]);
  });
});

describe('a condition', () => {
  it('merges mappings and replaces lists', () => {
    const lines = `probes: { repulsion: { epochs: [0, 10], pairs: 5, ridge: [0.1, 0.2] } }
conditions: { a: {}, b: { probes: { repulsion: { epochs: [20] } } }, c: { probes: { repulsion: off } } }
`;
    const [a, b, c] = conditionsOf(lines).map(({ settings }) => settings.probes.repulsion);
    expect(a).toMatchObject({ epochs: [0, 10], pairs: 5 });
    expect(b).toEqual({ ...a, epochs: [20] });
    expect(c).toBeNull();
  });

  it('may be left empty', () => {
    expect(conditionsOf('conditions:\n  a:\n  b:\n').map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('that names another optimizer drops what that one does not read', () => {
    const lines = `optimizer: { kind: sgd, momentum: 0.5, learningRate: 0.1 }
conditions: { a: {}, b: { optimizer: { kind: adam } } }
`;
    const [a, b] = conditionsOf(lines).map(({ settings }) => settings.optimizer);
    expect(a).toMatchObject({ kind: 'sgd', momentum: 0.5, learningRate: 0.1 });
    expect(b).toMatchObject({ kind: 'adam', momentum: 0, learningRate: 0.1 });
  });

  it('can give what the base leaves out', () => {
    const text = smallText.replace('epochs: 20\n', '');
    const study = studyOf(`${text}conditions: { a: { epochs: 30 }, b: { epochs: 21 } }\n`);
    expect(study.conditions.map(({ settings }) => settings.epochs)).toEqual([30, 21]);
    // ceil(21 / 2) of the shortest.
    expect(study.late.range).toEqual([11, 21]);
    expect(problemsOf(`${text}conditions: { a: { epochs: 30 }, b: {} }\n`)).toEqual([
      'x.yaml:1:1 epochs is required and must be a whole number in 1..1000000',
    ]);
  });

  it('must not share its name with one that a sweep makes', () => {
    const lines = 'conditions: { a: { sweep: { network.width: [4] } }, a width=4: {} }\n';
    expect(problemsOf(`${smallText}${lines}`)).toEqual([
      'x.yaml:7:53 conditions.a width=4 makes a second condition called a width=4: rename one',
    ]);
  });
});

describe('the default separation', () => {
  it.each([
    ['a: {}, b: { optimizer: { weightDecay: 1 } }', ['b', 'a']],
    // Nothing says which of them would be a control.
    ['a: {}, b: {}, c: {}', null],
    ['a: {}', null],
  ])('of %s is %j', (written, separation) => {
    expect(studyOf(`${smallText}conditions: { ${written} }\n`).late.separation).toEqual(separation);
  });
});
