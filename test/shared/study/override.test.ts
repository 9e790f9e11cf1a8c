import { describe, expect, it } from 'vitest';
import { formatProblem } from '#shared/study/parse-study.ts';
import { parseStudyWithOverrides } from '#shared/study/override.ts';
import { headlineText, smallText } from './study-text.ts';

function changedStudy(overrides: readonly string[], text = headlineText) {
  const parsed = parseStudyWithOverrides(text, 'x.yaml', overrides);
  if (!parsed.ok) throw new Error(parsed.problems.map(formatProblem).join('\n'));
  return parsed.study;
}

function problemsWith(overrides: readonly string[], text = headlineText): string[] {
  const parsed = parseStudyWithOverrides(text, 'x.yaml', overrides);
  return parsed.ok ? [] : parsed.problems.map(formatProblem);
}

describe('--set', () => {
  it('changes a field of the study and keeps the file as its source', () => {
    const study = changedStudy(['epochs=500', 'seeds=0..1', 'study=Short one']);
    expect(study.conditions.map(({ settings }) => settings.epochs)).toEqual([500, 500]);
    expect(study).toMatchObject({ name: 'Short one', seeds: [0, 1], source: headlineText });
  });

  it('changes the base, and a condition still has the last word', () => {
    const study = changedStudy(['optimizer.weightDecay=1e-4']);
    expect(study.conditions.map(({ settings }) => settings.optimizer.weightDecay)).toEqual([1e-4, 0]);
  });

  it('changes one condition', () => {
    const study = changedStudy(['conditions.control.optimizer.weightDecay=0.5']);
    expect(study.conditions.map(({ settings }) => settings.optimizer.weightDecay)).toEqual([0.0002, 0.5]);
  });

  it('replaces lists, and can switch a probe off', () => {
    const study = changedStudy(['probes.repulsion.epochs=[0, 400]', 'probes.gradient=off']);
    expect(study.conditions[0].settings.probes).toMatchObject({
      gradient: null,
      repulsion: { epochs: [0, 400] },
    });
  });

  it('reaches a sweep, and a name with dots of its own', () => {
    const swept = changedStudy(['sweep.optimizer.weightDecay=[0.1, 0.2]'], smallText);
    expect(swept.conditions.map(({ name }) => name)).toEqual(['weightDecay=0.1', 'weightDecay=0.2']);
    const text = `${smallText}detectors: { rho-0.07: { kind: level, series: gram.rho, threshold: 0.07 } }\n`;
    expect(changedStudy(['detectors.rho-0.07.threshold=0.08'], text).detectors['rho-0.07'].threshold).toBe(
      0.08,
    );
  });

  it('applies in order, the last one winning', () => {
    expect(
      changedStudy(['split.fraction=0.4', 'split.train=7', 'split.train=8'], smallText).conditions[0].settings
        .split,
    ).toEqual({ train: 8 });
  });

  it.each([
    ['epochs=x', '--set epochs=x epochs must be a whole number in 1..1000000, got "x"'],
    ['epoch=3', '--set epoch=3 epoch is not known here; did you mean epochs?'],
    ['epochs', '--set epochs must be path=value, such as epochs=50'],
    ['=3', '--set =3 must be path=value, such as epochs=50'],
    ['a..b=3', '--set a..b=3 must be path=value, such as epochs=50'],
    ['epochs=', '--set epochs= has no value: write path=value, such as epochs=50'],
    ['__proto__.x=3', '--set __proto__.x=3 __proto__ is not known here; known here: '],
  ])('%s is refused in its own words', (override, message) => {
    const problems = problemsWith([override]);
    expect(problems).toHaveLength(1);
    expect(problems[0].slice(0, message.length)).toBe(message);
  });

  it('points at the file where the file is at fault', () => {
    expect(problemsWith(['epochs=300'])).toEqual([
      'x.yaml:20:13 late[1] must be in 0..300 (the epochs of the shortest condition), got 400',
    ]);
  });

  it('reports every faulty one at once', () => {
    expect(problemsWith(['seeds', 'epochs=[', 'late=[0'])).toHaveLength(3);
  });
});
