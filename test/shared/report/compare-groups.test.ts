import { describe, expect, it } from 'vitest';
import type { ComparedGroup } from '#shared/report/compare-groups.ts';
import { comparabilityProblems, differingSettings, measuredRows } from '#shared/report/compare-groups.ts';
import { measureRun } from '#shared/report/measure-run.ts';
import type { ReportRun } from '#shared/report/report.ts';
import { sampleCondition, sampleRun, sampleStudy } from './sample-study.ts';

const study = sampleStudy();

/** A run that reaches half accuracy at this epoch. */
function scored(seed: number, halfAt: number): ReportRun {
  const accuracy = { 'test.accuracy': (epoch: number) => (epoch >= halfAt ? 0.6 : 0) };
  return measureRun(study, sampleRun(accuracy, { seed }));
}

function group(changes: Partial<ComparedGroup> = {}): ComparedGroup {
  return {
    name: 'grokking',
    study: 'Sample',
    condition: 'grokking',
    settings: sampleCondition('grokking', 0.0002, 400).settings,
    detectors: study.detectors,
    late: study.late,
    runs: [scored(0, 100), scored(1, 110), scored(2, 140)],
    ...changes,
  };
}

const control = group({ condition: 'control', settings: sampleCondition('control', 0, 400).settings });

describe('groups side by side', () => {
  it('differ in the settings that differ, and in no others', () => {
    expect(differingSettings([group(), control])).toStrictEqual([
      { name: 'condition', values: ['grokking', 'control'] },
      { name: 'optimizer.weightDecay', values: [0.0002, 0] },
    ]);
    expect(differingSettings([group(), group()])).toStrictEqual([]);
  });

  it('say of a condition the median with its quartiles, and of a run its value', () => {
    const single = group({ runs: [scored(4, 90)] });
    const silent = group({ runs: [scored(5, 999)] });
    const one = group({ runs: [scored(6, 90), scored(7, 999)] });
    const rows = new Map(
      measuredRows([group(), single, silent, one]).map(({ name, values }) => [name, values]),
    );
    // Quartiles of 100, 110, 140 by linear interpolation.
    expect(rows.get('half')).toStrictEqual(['110 [105..125], 3/3', '90', 'did not fire', '90, 1/2']);
    expect(rows.get('finished runs')).toStrictEqual(['3 of 3', '1 of 1', '1 of 1', '2 of 2']);
    expect(rows.get('late value')).toStrictEqual(['-', '-', '-', '-']);
  });

  it('count what is not finished apart, and leave it out of every statistic', () => {
    const running: ReportRun = { ...scored(3, 5), state: 'running' };
    const [finished, half] = measuredRows([group({ runs: [...group().runs, running] })]);
    expect(finished.values).toStrictEqual(['3 of 4']);
    expect(half.values).toStrictEqual(['110 [105..125], 3/3']);
  });

  it('are like with like when only what is compared differs', () => {
    expect(comparabilityProblems([group(), control])).toStrictEqual([]);
  });

  it.each([
    ['modulus', { task: { kind: 'modular-addition', modulus: 31 } }, /^Modulus differs \(71, 31\)/],
    ['epochs', { epochs: 220 }, /^Epochs differ \(400, 220\)/],
    ['split', { split: { train: 1000 } }, /^The share of pairs that train differs \(0\.400, 0\.198\)/],
    ['width', { network: { width: 512, activation: 'square' } }, /^Width differs \(2048, 512\)/],
  ] as const)('are not when the %s differs, which is said', (_, changes, sentence) => {
    const other = group({ settings: { ...group().settings, ...changes } });
    expect(comparabilityProblems([group(), other])).toContainEqual(expect.stringMatching(sentence));
  });

  it('are not when the optimizer or the meaning of its weight decay differs', () => {
    const { settings } = group();
    const of = (change: Partial<typeof settings.optimizer>): ComparedGroup =>
      group({ settings: { ...settings, optimizer: { ...settings.optimizer, ...change } } });
    expect(comparabilityProblems([group(), of({ kind: 'sgd' })])).toStrictEqual([
      expect.stringMatching(/^Optimizers differ \(adam, sgd\)/),
    ]);
    expect(comparabilityProblems([group(), of({ kind: 'adamw' })])).toStrictEqual([
      expect.stringMatching(/^Optimizers differ \(adam, adamw\)/),
      expect.stringMatching(/in some and not in others \(coupled, decoupled\)/),
    ]);
    // Without weight decay nothing is coupled or not.
    expect(comparabilityProblems([group(), of({ kind: 'adamw', weightDecay: 0 })])).toHaveLength(1);
  });

  it('are not when their studies mean different things by a detector or by late', () => {
    const detectors = { ...study.detectors, half: { ...study.detectors.half, threshold: 0.4 } };
    const other = group({ detectors, late: { ...study.late, range: [100, 200] } });
    expect(comparabilityProblems([group(), other])).toStrictEqual([
      expect.stringMatching(
        /^The detector half is not one \(test\.accuracy is at least 0\.5; test\.accuracy is at least 0\.4\)/,
      ),
      expect.stringMatching(/^Late values are of different stretches \(spectrum\.W\.ratio23, .+100\.\.200\)/),
    ]);
    // A detector that one of them lacks is an empty cell of the table, and no other meaning.
    expect(comparabilityProblems([group(), group({ detectors: {}, late: null })])).toStrictEqual([]);
  });

  it('are not when they were trained on different engines', () => {
    const other = group({ runs: group().runs.map((run) => ({ ...run, engine: 'tensorflow' as const })) });
    expect(comparabilityProblems([group(), other])).toStrictEqual([
      expect.stringMatching(/^Engines differ \(plain, tensorflow\)/),
    ]);
  });
});
