import { describe, expect, it } from 'vitest';
import { headlineText, problemsOf, smallText } from './study-text.ts';

/** The small study with one line changed. */
function changed(from: string, to: string): string {
  expect(smallText).toContain(from);
  return smallText.replace(from, to);
}

describe('a file that is no study at all', () => {
  it('is refused with one sentence when it is empty', () => {
    const empty =
      'x.yaml:1:1 is empty: a study file needs at least study, task, split, network, epochs and seeds';
    expect(problemsOf('')).toEqual([empty]);
    expect(problemsOf(' \n\t\n')).toEqual([empty]);
  });

  it('is refused with one sentence when it holds only a comment', () => {
    expect(problemsOf('# later\n')).toEqual([
      'x.yaml:1:1 must be a mapping that starts with study: NAME, got nothing',
    ]);
  });

  it('is refused when it is binary, at its first strange character', () => {
    expect(problemsOf('study: a\n\u0000\u0001')).toEqual([
      'x.yaml:2:1 is not text: found the character U+0000; a study file is YAML or JSON, saved as UTF-8',
    ]);
    // What a decoder makes of bytes that are not UTF-8.
    expect(problemsOf('PK\uFFFD\uFFFD')).toEqual([
      'x.yaml:1:3 is not text: found the character U+FFFD; a study file is YAML or JSON, saved as UTF-8',
    ]);
  });

  it('is refused when it is larger than 1 MiB, counted in bytes', () => {
    const message =
      /^x\.yaml:1:1 is larger than 1 MiB \(1048577 bytes or more\): a study file is a page of text$/;
    expect(problemsOf('#'.repeat(1024 * 1024 + 1))).toEqual([expect.stringMatching(message)]);
    expect(problemsOf(`#${'é'.repeat(512 * 1024)}`)).toEqual([expect.stringMatching(message)]);
  });

  it('is refused when it is a list or a word', () => {
    expect(problemsOf('- a\n- b\n')).toEqual([
      'x.yaml:1:1 must be a mapping that starts with study: NAME, got a list of 2',
    ]);
  });
});

describe('a file that is not YAML', () => {
  it('names line and column of the syntax error', () => {
    expect(problemsOf('study: a\ntask: { kind: modular-addition\nepochs: 3\n')).toEqual([
      'x.yaml:3:1 is not valid YAML: Flow map in block collection must be sufficiently indented and end with a }',
    ]);
    expect(problemsOf('study: a\ntask:\n\tmodulus: 3\n')).toEqual([
      'x.yaml:3:1 begins with a tab, and YAML is indented by spaces only: write two spaces for each tab',
    ]);
  });

  it('says where a space is missing after a colon, which YAML tells in its own words or not at all', () => {
    expect(problemsOf('study: a\nepochs:220\nseeds: 0\n')).toEqual([
      'x.yaml:2:1 needs a space after its colon: write epochs: 220, got "epochs:220"',
    ]);
    expect(problemsOf(changed('{ width: 8', '{width:8'))).toContainEqual(
      expect.stringMatching(/^x\.yaml:4:\d+ network\S* needs a space after its colon: write width: 8$/),
    );
  });

  it('names the line of the mapping that lacks what is required', () => {
    expect(problemsOf(changed('width: 8', 'activation: square'))).toContainEqual(
      expect.stringMatching(/^x\.yaml:4:\d+ network\.width is required and must be a whole number/),
    );
  });

  it('counts lines and columns as an editor does, with a byte order mark and Windows line ends too', () => {
    const text = `\uFEFF${smallText.replace('width: 8', 'width: 0').replaceAll('\n', '\r\n')}`;
    expect(problemsOf(text)[0]).toMatch(/^x\.yaml:4:19 network\.width /);
    expect(problemsOf('\uFEFFstudy: 3\nepochs: 3\n')[0]).toMatch(/^x\.yaml:1:1 seeds is required/);
  });

  it('refuses a key written twice, and says where the first is', () => {
    expect(problemsOf(`${smallText}epochs: 30\n`)).toEqual([
      'x.yaml:7:1 epochs is written twice (first at 5:1): keep one of them',
    ]);
  });

  it('refuses a second document, a tag and an alias without an anchor', () => {
    expect(problemsOf(`${smallText}---\na: 1\n`)[0]).toMatch(/^x\.yaml:7:1 is a second document: /);
    expect(problemsOf(changed('epochs: 20', 'epochs: !big 20'))[0]).toMatch(/^x\.yaml:5:9 uses a YAML tag/);
    expect(problemsOf(changed('epochs: 20', 'epochs: *none'))[0]).toMatch(
      /^x\.yaml:5:9 epochs is an alias \(\*none\) of an anchor that is not above it$/,
    );
  });

  it('stops at aliases that would expand to a billion values', () => {
    const bomb = ['a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]'];
    for (let i = 1; i < 10; i++)
      bomb.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect(problemsOf(bomb.join('\n'))).toEqual([expect.stringMatching(/brings the file past 100 aliases/)]);
  });

  it('stops at an alias that contains itself, and at nesting without end', () => {
    expect(problemsOf('study: &a [*a]\n')[0]).toMatch(
      /^x\.yaml:1:\d+ study.* (nests too deeply|is an alias)/,
    );
    expect(problemsOf(`study: ${'['.repeat(100)}${']'.repeat(100)}`)[0]).toMatch(/nests too deeply/);
  });
});

describe('a value that is not allowed', () => {
  it.each([
    [
      'modulus: 5',
      'modulus: 1',
      'x.yaml:2:42 task.modulus must be a whole number in 2..1000 (with fewer there is nothing to add, with more the M^2 pairs fill the memory), got 1',
    ],
    [
      'train: 10',
      'train: 25',
      'x.yaml:3:17 split.train must be a whole number in 1..24 (modulus^2 = 25 pairs, of which at least one tests), got 25',
    ],
    [
      'width: 8',
      'width: 0',
      'x.yaml:4:19 network.width must be a whole number in 1..65536 (a Gram matrix of width^2 numbers has to fit in memory), got 0',
    ],
    ['epochs: 20', 'epochs: 2.5', 'x.yaml:5:9 epochs must be a whole number in 1..1000000, got 2.5'],
    [
      'epochs: 20',
      'epochs: NaN',
      'x.yaml:5:9 epochs must be a whole number in 1..1000000, got "NaN" (a finite number is needed)',
    ],
    [
      'epochs: 20',
      'epochs: .inf',
      'x.yaml:5:9 epochs must be a whole number in 1..1000000, got .inf (a finite number is needed)',
    ],
    [
      'epochs: 20',
      'epochs: "20"',
      'x.yaml:5:9 epochs must be a whole number in 1..1000000, got the text "20" (remove its quotes)',
    ],
    ['epochs: 20', 'epochs:', 'x.yaml:5:1 epochs must be a whole number in 1..1000000, got nothing'],
    ['train: 10', 'fraction: 1.5', 'x.yaml:3:20 split.fraction must be in (0, 1), got 1.5'],
    [
      'train: 10',
      'fraction: 0.001',
      'x.yaml:3:20 split.fraction must leave 1..24 pairs to train (modulus^2 = 25 pairs, of which at least one tests), got 0.001: 0',
    ],
    [
      'train: 10',
      'train: 10, fraction: 0.4',
      'x.yaml:3:31 split.fraction and split.train exclude each other: keep one of them',
    ],
    ['train: 10', '', 'x.yaml:3:8 split must give train (a count) or fraction'],
    ['seeds: 3', 'seeds: 4..0', 'x.yaml:6:8 seeds must run upwards, got 4..0: write 0..4'],
    ['seeds: 3', 'seeds: [1, 2, 1]', 'x.yaml:6:15 seeds[2] is in the list twice: keep one 1'],
    [
      'seeds: 3',
      'seeds: [1, 4294967296]',
      'x.yaml:6:12 seeds[1] must be a whole number in 0..4294967295, got 4294967296',
    ],
    ['seeds: 3', 'seeds: -1', 'x.yaml:6:8 seeds must be a whole number in 0..4294967295, got -1'],
    [
      'seeds: 3',
      'seeds: 0..10000',
      'x.yaml:6:8 seeds makes 10001 seeds, and a study may have at most 10000 runs, got 0..10000',
    ],
  ])('%s as %s', (from, to, message) => {
    expect(problemsOf(changed(from, to))).toEqual([message]);
  });

  it.each([
    ['optimizer: { weightDecay: -0.1 }', 'x.yaml:7:27 optimizer.weightDecay must be >= 0, got -0.1'],
    [
      'optimizer: { learningRate: .nan }',
      'x.yaml:7:28 optimizer.learningRate must be a number > 0, got .nan (a finite number is needed)',
    ],
    [
      'optimizer: { momentum: 0.9 }',
      'x.yaml:7:24 optimizer.momentum is read by sgd only: remove it, or choose another kind',
    ],
    [
      'probes: { repulsion: { epochs: [0, 21], ridge: [0.1] } }',
      'x.yaml:7:36 probes.repulsion.epochs[1] must be in 0..20 (epochs is 20), got 21',
    ],
    [
      'probes: { repulsion: { epochs: [3, 3], ridge: [0.1] } }',
      'x.yaml:7:36 probes.repulsion.epochs[1] is in the list twice: keep one 3',
    ],
    [
      'probes: { repulsion: { epochs: [0], pairs: 29, ridge: [0.1] } }',
      'x.yaml:7:44 probes.repulsion.pairs must be <= 28, the pairs that 8 features make, got 29',
    ],
    [
      'probes: { repulsion: { ridge: [0.1] } }',
      'x.yaml:7:22 probes.repulsion needs epochs, the list of epochs to probe, such as epochs: [0, 100, 200]',
    ],
    [
      'probes: { repulsion: { epochs: [0], ridge: [effective] } }',
      'x.yaml:7:45 probes.repulsion.ridge[0] must be a number > 0 here, such as ridge: [0.0002], got effective: it is made from a weight decay, and no condition has one',
    ],
    [
      'probes: { gram: { later: { from: 50 } } }',
      'x.yaml:7:26 probes.gram.later.every is required, such as later: { from: 50, every: 5 }',
    ],
    [
      'probes: { spectrum: { window: 2 } }',
      'x.yaml:7:31 probes.spectrum.window must be a whole number in 3..200 (sigma2/sigma3 needs three updates), got 2',
    ],
    ['late: [10, 21]', 'x.yaml:7:12 late[1] must be in 0..20 (the epochs of the shortest condition), got 21'],
    ['late: [20, 10]', 'x.yaml:7:7 late must run upwards, got [20, 10]: write [10, 20]'],
    [
      'late: { separation: [base, control] }',
      'x.yaml:7:28 late.separation[1] must be a condition, got "control"; known here: base',
    ],
    ['detectors: { a: { kind: rise } }', 'x.yaml:7:25 detectors.a.kind must be slope or level, got "rise"'],
    [
      'detectors: { a: { kind: slope, series: spectrum.W.ratio32 } }',
      'x.yaml:7:40 detectors.a.series must be a series, got "spectrum.W.ratio32"; did you mean spectrum.W.ratio12?',
    ],
    [
      'intervals: { lag: { from: groked, to: lock-in } }',
      'x.yaml:7:27 intervals.lag.from must be a detector\'s name, got "groked"; did you mean grokked?',
    ],
    [
      'intervals: { lag: { from: grokked, to: "" } }',
      'x.yaml:7:40 intervals.lag.to must be a detector\'s name, got ""; known here: lock-in, initiation, half, grokked',
    ],
    [
      'published: { source: A, conditions: { bse: {} } }',
      'x.yaml:7:39 published.conditions.bse is not a condition of this study; did you mean base?',
    ],
    [
      'published: { source: A, conditions: { base: { detectors: { lockin: { median: 3 } } } } }',
      'x.yaml:7:60 published.conditions.base.detectors.lockin is not a detector or an interval of this study; did you mean lock-in?',
    ],
    [
      'conditions: { a/b: {} }',
      'x.yaml:7:15 conditions.a/b is not a usable name: up to 80 letters, digits, spaces and . _ - + = ( ), starting with a letter or a digit, got "a/b"',
    ],
  ])('%s', (line, message) => {
    expect(problemsOf(`${smallText}${line}\n`)).toEqual([message]);
  });

  it('of a series whose probe is off says so', () => {
    expect(
      problemsOf(
        `${smallText}probes: { gram: off }\ndetectors: { a: { kind: level, series: gram.rho, threshold: 1 } }\n`,
      ),
    ).toEqual([
      'x.yaml:8:40 detectors.a.series must be a series this study measures, got "gram.rho", whose probe is off in every condition',
    ]);
  });

  it('in a JSON file is found at its own line and column', () => {
    const json =
      '{\n  "study": "S",\n  "task": { "kind": "modular-addition", "modulus": 5 },\n  "split": { "train": 99 },\n  "network": { "width": 8 },\n  "epochs": 20, "seeds": 1\n}';
    expect(problemsOf(json)).toEqual([
      'x.yaml:4:23 split.train must be a whole number in 1..24 (modulus^2 = 25 pairs, of which at least one tests), got 99',
    ]);
  });
});

describe('an unknown key', () => {
  it.each([
    ['optimiser: {}', 'x.yaml:7:1 optimiser is not known here; did you mean optimizer?'],
    ['optimizer: { lr: 0.1 }', 'x.yaml:7:14 optimizer.lr is not known here; did you mean learningRate?'],
    ['optimizer: { eta: 0.1 }', 'x.yaml:7:14 optimizer.eta is not known here; did you mean weightDecay?'],
    [
      'optimizer: { weight_decay: 0.1 }',
      'x.yaml:7:14 optimizer.weight_decay is not known here; did you mean weightDecay?',
    ],
    ['probes: { gram: { evry: 2 } }', 'x.yaml:7:19 probes.gram.evry is not known here; did you mean every?'],
    [
      'sweep: { weightDecay: [0, 1] }',
      'x.yaml:7:10 sweep.weightDecay is not known here; did you mean optimizer.weightDecay?',
    ],
    [
      'sweep: { optimizer.weightdecay: [0.1] }',
      'x.yaml:7:10 sweep.optimizer.weightdecay is not known here; did you mean optimizer.weightDecay?',
    ],
    [
      'learningrate: 0.1',
      'x.yaml:7:1 learningrate is not known here; did you mean optimizer: { learningRate: … }?',
    ],
    [
      'conditions: { a: { wd: 0 } }',
      'x.yaml:7:20 conditions.a.wd is not known here; did you mean optimizer: { weightDecay: … }?',
    ],
    ['window: 30', 'x.yaml:7:1 window is not known here; did you mean probes: { spectrum: { window: … } }?'],
    [
      'conditions: { a: { seeds: 3 } }',
      'x.yaml:7:20 conditions.a.seeds belongs to the whole study: write seeds at the left margin',
    ],
  ])('%s is refused with the nearest known name, or where that name belongs', (line, message) => {
    expect(problemsOf(`${smallText}${line}\n`)).toEqual([message]);
  });
});

describe('a file with many mistakes', () => {
  it('reports all of them at once, in the order of the file', () => {
    const text = headlineText
      .replace('modulus: 71', 'modulus: 71, base: 3')
      .replace('width: 2048', 'width: 0')
      .replace('weightDecay: 0.0002', 'weightDecay: -0.1')
      .replace('seeds: 0..14', 'seeds: 0-14')
      .replace('250, 300]', '250, 500]')
      .replace('series: gram.rho', 'series: gram.roh')
      .replace('late: [200, 400]', 'late: [200, 900]');
    expect(problemsOf(text).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'x.yaml:2:46 task.base',
      'x.yaml:4:19 network.width',
      'x.yaml:5:60 optimizer.weightDecay',
      'x.yaml:7:8 seeds',
      'x.yaml:15:47 probes.repulsion.epochs[5]',
      'x.yaml:18:38 detectors.initiation.series',
      'x.yaml:20:13 late[1]',
    ]);
  });

  it('names everything that is missing', () => {
    expect(problemsOf('study: S\n').map((line) => line.split(' ')[1])).toEqual([
      'seeds',
      'task.kind',
      'task.modulus',
      'network.width',
      'epochs',
      'split',
    ]);
  });

  it('reports a value that every condition inherits once', () => {
    const text = `${changed('train: 10', 'train: 99')}conditions: { a: {}, b: {}, c: {} }\n`;
    expect(problemsOf(text)).toHaveLength(1);
  });

  it('stops after a hundred', () => {
    const many = Array.from({ length: 300 }, (_, i) => `key${i}: 1`).join('\n');
    const problems = problemsOf(`${smallText}${many}\n`);
    expect(problems).toHaveLength(101);
    expect(problems[100]).toMatch(/and 200 more problems from here on: mend these first$/);
  });
});
