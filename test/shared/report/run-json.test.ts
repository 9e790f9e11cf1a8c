import { describe, expect, it } from 'vitest';

import { buildReport } from '#shared/report/build-report.ts';
import { reportJson, runJson } from '#shared/report/run-json.ts';

import { referenceRun } from './reference-run.ts';
import { samplePublished, sampleRun, sampleStudy } from './sample-study.ts';

describe('the --json object', () => {
  const grokking = { ...referenceRun('g0', 'grokking'), engine: 'tensorflow' as const };
  const failed = sampleRun(
    { 'test.accuracy': () => 0.1 },
    { id: 9, condition: 'control', seed: 4, state: 'failed', problem: 'loss is NaN', seconds: 2 },
  );
  const report = buildReport(sampleStudy({ published: samplePublished() }), [grokking, failed]);
  const json = runJson(report, '/tmp/a.lab');

  it('has exactly the keys that interface.md promises', () => {
    expect(Object.keys(json)).toEqual(['study', 'lab', 'runs', 'conditions', 'separation']);
    for (const run of json.runs) {
      expect(Object.keys(run).join(' ')).toBe(
        'id condition seed state engine epochs seconds detectors late final',
      );
    }
    expect(Object.keys(json.conditions)).toEqual(['grokking', 'control']);
    for (const condition of Object.values(json.conditions)) {
      expect(Object.keys(condition)).toEqual(['n', 'detectors', 'late']);
      expect(Object.keys(condition.late)).toEqual(['median', 'min', 'max']);
    }
  });

  it('has what was measured, a run and a condition at a time', () => {
    expect(json).toMatchObject({ study: 'Sample', lab: '/tmp/a.lab', separation: null });
    expect(json.runs[0]).toMatchObject({
      state: 'finished',
      engine: 'tensorflow',
      epochs: 400,
      detectors: { 'lock-in': 173, initiation: 18, half: 101, grokked: 139 },
      final: { trainAccuracy: 1, testAccuracy: 1 },
    });
    expect(json.conditions['grokking'].detectors['lock-in']).toEqual({
      fired: 1,
      n: 1,
      median: 173,
      q1: 173,
      q3: 173,
    });
    expect(json.conditions['grokking'].late.median).toBe(json.runs[0].late);
  });

  it('says null, never zero, of what a failed run or an empty condition does not have', () => {
    expect(json.runs[1]).toMatchObject({
      state: 'failed',
      engine: 'plain',
      detectors: { half: null, grokked: null },
      late: null,
      final: { trainAccuracy: null, testAccuracy: null },
    });
    expect(json.conditions['control']).toEqual({
      n: 0,
      detectors: {},
      late: { median: null, min: null, max: null },
    });
  });

  it('reads back from JSON as it was', () => {
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  it('has a longer sister with the whole report, published numbers included', () => {
    const { format, version, ...rest } = reportJson(report);
    expect([format, version]).toEqual(['grokscope-report', 1]);
    expect(JSON.parse(JSON.stringify(rest))).toEqual(report);
    expect(rest.conditions[0].late?.published?.median).toBe(300);
  });
});
