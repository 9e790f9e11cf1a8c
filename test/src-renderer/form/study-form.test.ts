import { describe, expect, it } from 'vitest';
import { ref } from 'vue';
import { applyChanges } from '#shared/study/edit-text.ts';
import { parseStudy } from '#shared/study/parse-study.ts';
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
