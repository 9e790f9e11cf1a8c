import { describe, expect, it } from 'vitest';
import { ref } from 'vue';
import { applyChanges } from '#shared/study/edit-text.ts';
import { parseStudy } from '#shared/study/parse-study.ts';
import { addInterval } from '../../../src-renderer/form/additions.ts';
import { printedNumbers } from '../../../src-renderer/form/printed-numbers.ts';
import { createStudyForm } from '../../../src-renderer/form/study-form.ts';

const text = `# Of the lab in the cellar.
study: Small
task: { kind: modular-addition, modulus: 5 }
split: { train: 10 }
network: { width: 8 }
epochs: 20   # enough
seeds: 3
conditions: { decay: {}, control: { optimizer: { weightDecay: 0 } } }
probes:
  # The costly one.
  gram: { every: 1 } # each
detectors:
  early: { kind: level, series: gram.rho, threshold: 0.1 } # by eye
  late: { kind: slope, lag: 5 }
`;

/** A form over a text, with what the reader of study files says of it. */
function formOver(before: string) {
  const now = ref(before);
  const form = createStudyForm(
    () => now.value,
    () => {
      const parsed = parseStudy(now.value, '');
      return parsed.ok ? [] : parsed.problems;
    },
    (changes) => (now.value = applyChanges(now.value, changes)),
  );
  return {
    form,
    text: () => now.value,
    /** The lines that are new since the beginning. */
    fresh: () => now.value.split('\n').filter((line) => !before.split('\n').includes(line)),
    gone: () => before.split('\n').filter((line) => !now.value.split('\n').includes(line)),
  };
}

describe('the schedule of a costly probe, in the form', () => {
  const from = ['probes', 'gram', 'later', 'from'];
  const every = ['probes', 'gram', 'later', 'every'];

  it('is written into the braces that are there, says at the field what is lacking, and is whole with both', () => {
    const { form, fresh, gone } = formOver(text);
    form.write(from, '10');
    expect(form.problems(from)).toStrictEqual([]);
    expect(form.problems(every)).toStrictEqual(['is required, such as later: { from: 50, every: 5 }']);
    form.write(every, '5');
    expect(form.problems(every)).toStrictEqual([]);
    expect(gone()).toStrictEqual(['  gram: { every: 1 } # each']);
    expect(fresh()).toStrictEqual(['  gram: { every: 1, later: { from: 10, every: 5 } } # each']);
  });

  it('goes as a whole once both its fields are empty, and leaves the text as it was', () => {
    const { form, text: now } = formOver(text);
    form.write(from, '10');
    form.write(every, '5');
    form.remove(from);
    expect(form.shown(every)).toBe('5');
    form.remove(every);
    expect(now()).toBe(text);
  });

  it('can be given to a probe that the text does not mention', () => {
    const { form, fresh, gone } = formOver(text);
    form.write(['probes', 'gradient', 'later', 'from'], '10');
    expect(gone()).toStrictEqual([]);
    expect(fresh()).toStrictEqual(['  gradient: { later: { from: 10 } }']);
  });
});

describe('the direction of a detector, in the form', () => {
  it('is written beside the rest of it and taken out again', () => {
    const { form, text: now, fresh } = formOver(text);
    form.write(['detectors', 'early', 'direction'], 'falling');
    expect(fresh()).toStrictEqual([
      '  early: { kind: level, series: gram.rho, threshold: 0.1, direction: falling } # by eye',
    ]);
    form.write(['detectors', 'early', 'direction'], 'sideways');
    expect(form.problems(['detectors', 'early', 'direction'])).toStrictEqual([
      'must be rising or falling, got "sideways"',
    ]);
    form.remove(['detectors', 'early', 'direction']);
    expect(now()).toBe(text);
  });

  it('leaves `detectors: {}` where the last one is removed: without it, the default ones would come back', () => {
    const { form, text: now } = formOver(text);
    form.remove(['detectors', 'early']);
    form.remove(['detectors', 'late']);
    expect(now()).toContain('\ndetectors: {}');
    expect(form.keys(['detectors'])).toStrictEqual([]);
  });
});

describe('the late value, in the form', () => {
  const series = ['late', 'series'];
  const range = ['late', 'range'];

  it('is two epochs alone as long as nothing else is said of it', () => {
    const { form, text: now, fresh } = formOver(text);
    form.write(range, ['10', '20']);
    expect(fresh()).toStrictEqual(['late: [10, 20]']);
    expect(form.shown(range)).toBe('10, 20');
    form.write(range, ['10', '30']);
    expect(form.problems(range)).toStrictEqual([
      'must be in 0..20 (the epochs of the shortest condition), got 30',
    ]);
    form.remove(range);
    expect(now()).toBe(text);
  });

  it('keeps the two epochs, as they are written, when a series or a separation comes to them', () => {
    const { form, fresh, gone } = formOver(`${text}late: [10,  20] # second half\n`);
    form.write(series, 'test.accuracy');
    expect(fresh()).toStrictEqual(['late: { range: [10,  20], series: test.accuracy } # second half']);
    expect(gone()).toStrictEqual(['late: [10,  20] # second half']);
    expect(form.shown(range)).toBe('10, 20');
    form.write(['late', 'separation'], ['decay', 'contrl']);
    expect(form.problems(['late', 'separation'])).toStrictEqual([
      'must be a condition, got "contrl"; did you mean control?',
    ]);
    form.write(['late', 'separation'], ['decay', 'control']);
    form.remove(series);
    expect(fresh()).toStrictEqual(['late: { range: [10,  20], separation: [decay, control] } # second half']);
  });

  it('keeps epochs that have lines of their own, with their comments, and in JSON', () => {
    const lines = formOver('late:\n  # From here\n  - 10 # a\n  - 20 # b\nseeds: 3\n');
    lines.form.write(series, 'test.loss');
    expect(lines.text()).toBe(
      'late:\n  # From here\n  range:\n  - 10 # a\n  - 20 # b\n  series: test.loss\nseeds: 3\n',
    );
    expect(lines.form.shown(range)).toBe('10, 20');
    const margin = formOver('late:\n- 10\n- 20\nseeds: 3\n');
    margin.form.write(series, 'test.loss');
    expect(margin.text()).toBe('late: { range: [10, 20], series: test.loss }\nseeds: 3\n');
    const json = formOver('{ "late": [10, 20] }');
    json.form.write(series, 'test.loss');
    expect(json.text()).toBe('{ "late": { "range": [10, 20], "series": "test.loss" } }');
  });

  it('goes with the last of its fields', () => {
    const { form, text: now } = formOver(text);
    form.write(series, 'test.accuracy');
    expect(form.problems(['late'])).toStrictEqual([]);
    form.remove(series);
    expect(now()).toBe(text);
  });
});

describe('intervals, in the form', () => {
  it('begin between the first and the last detector, are refused at the end that is none, and leave no trace', () => {
    const { form, text: now, fresh } = formOver(text);
    addInterval(form);
    expect(fresh()).toStrictEqual(['intervals: { interval 1: { from: early, to: late } }']);
    form.write(['intervals', 'interval 1', 'to'], 'lat');
    expect(form.problems(['intervals', 'interval 1', 'to'])).toStrictEqual([
      'must be a detector\'s name, got "lat"; did you mean late?',
    ]);
    form.remove(['intervals', 'interval 1']);
    expect(now()).toBe(text);
  });

  it('take the detectors that are there without being written', () => {
    const { form, fresh } = formOver(text.slice(0, text.indexOf('detectors:')));
    addInterval(form);
    expect(fresh()).toStrictEqual(['intervals: { interval 1: { from: lock-in, to: grokked } }']);
    expect(form.problems(['intervals', 'interval 1', 'from'])).toStrictEqual([]);
  });

  it('ask for the other end where there is one detector', () => {
    const { form } = formOver(text.replace(/\n  late: \{ kind.*/, ''));
    expect(form.keys(['detectors'])).toStrictEqual(['early']);
    addInterval(form);
    expect(form.shown(['intervals', 'interval 1', 'from'])).toBe('early');
    expect(form.shown(['intervals', 'interval 1', 'to'])).toBe('');
    expect(form.problems(['intervals', 'interval 1', 'to'])).not.toStrictEqual([]);
  });

  it('are renamed with what was published of them', () => {
    const { form, fresh } = formOver(
      `${text}intervals:\n  gap: { from: early, to: late }\npublished:\n  source: X\n  conditions:\n    decay:\n      detectors: { gap: { median: 3 } } # page 4\n`,
    );
    form.renameInterval('gap', 'lag');
    expect(fresh()).toStrictEqual([
      '  lag: { from: early, to: late }',
      '      detectors: { lag: { median: 3 } } # page 4',
    ]);
    expect(form.problems(['published', 'conditions', 'decay'])).toStrictEqual([]);
  });
});

describe('published numbers, in the form', () => {
  const source = ['published', 'source'];

  it('are told a condition a line, with what is wrong with them and where they stand', () => {
    const published = `published:
  source: X
  conditions:
    decay: { detectors: { early: { median: 3, iqr: [4, 2] } }, repulsion: { 10: 0.5, 20: 0.6 } }
    control: { late: { median: 1.3 } }
`;
    const { form } = formOver(`${text}${published}`);
    expect(printedNumbers(form.node(['published']))).toStrictEqual([
      { condition: 'decay', holds: '1 detector or interval, repulsion at 2 epochs' },
      { condition: 'control', holds: 'late value' },
    ]);
    expect(form.problemsBelow(['published'], source)).toStrictEqual([
      'published.conditions.decay.detectors.early.iqr must run upwards, got [4, 2]: write [2, 4]',
    ]);
    expect(form.keyPlace('published')).toMatchObject({ line: text.split('\n').length, column: 1 });
  });

  it('begin with their source, and go with it when there is nothing else', () => {
    const { form, text: now, fresh } = formOver(text);
    form.write(source, 'A. Author, a paper');
    expect(fresh()).toStrictEqual(['published: { source: "A. Author, a paper" }']);
    expect(form.problems(source)).toStrictEqual([]);
    form.remove(source);
    expect(now()).toBe(text);
  });
});
