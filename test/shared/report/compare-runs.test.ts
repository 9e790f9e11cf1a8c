import { describe, expect, it } from 'vitest';
import type { Run } from '#shared/models/run.ts';
import { compareRuns } from '#shared/report/compare-runs.ts';
import type { ReportRun } from '#shared/report/report.ts';
import { referenceSettings } from '../../src-main/trainer/reference-runs.ts';

function compared(id: number, weightDecay: number, lockIn: number | null): { run: Run; measured: ReportRun } {
  const settings = referenceSettings('small', { weightDecay, epochs: 10 });
  const common = {
    id,
    condition: weightDecay > 0 ? 'grokking' : 'control',
    seed: 3,
    state: 'finished',
    seconds: 1,
    problem: null,
  } as const;
  return {
    run: { ...common, studyId: 1, settings, rows: 11, provenance: null },
    measured: {
      ...common,
      engine: null,
      epochs: 10,
      detectors: { 'lock-in': lockIn },
      intervals: {},
      late: 1.5,
      final: { trainAccuracy: 1, testAccuracy: null },
    },
  };
}

describe('a comparison of runs', () => {
  const comparison = compareRuns([compared(7, 2e-4, 173), compared(9, 0, null)]);

  it('names the settings that differ, and no others', () => {
    expect(comparison.settings).toEqual([
      { name: 'condition', values: ['grokking', 'control'] },
      { name: 'optimizer.weightDecay', values: [2e-4, 0] },
    ]);
  });

  it('has every measurement of every run in the order asked for, null where there is none', () => {
    expect(comparison.runIds).toEqual([7, 9]);
    expect(comparison.measured).toContainEqual({ name: 'detectors.lock-in', values: [173, null] });
    expect(comparison.measured).toContainEqual({ name: 'late', values: [1.5, 1.5] });
    expect(comparison.measured).toContainEqual({ name: 'final.testAccuracy', values: [null, null] });
  });

  it('shows a detector that only one run has, with a gap for the other', () => {
    const { run, measured } = compared(11, 0, null);
    const other = { run, measured: { ...measured, detectors: { grokked: 139 } } };
    const { measured: rows } = compareRuns([compared(7, 2e-4, 173), other]);
    expect(rows).toContainEqual({ name: 'detectors.grokked', values: [null, 139] });
  });
});
