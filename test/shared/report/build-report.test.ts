import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { MeasuredRun } from '#shared/report/measured-run.ts';
import { buildReport } from '#shared/report/build-report.ts';
import type { ConditionReport, Report } from '#shared/report/report.ts';

import { referenceRun } from './reference-run.ts';
import { sampleCondition, samplePublished, sampleRun, sampleStudy } from './sample-study.ts';

function condition(report: Report, name: string): ConditionReport {
  const found = report.conditions.find((entry) => entry.name === name);
  if (!found) throw new Error(`no condition ${name}`);
  return found;
}

describe('the report of the PyTorch reference, seed 0', () => {
  const report = buildReport(sampleStudy(), [referenceRun('g0', 'grokking'), referenceRun('c0', 'control')]);

  it('scores the grokking run as the study did: slope 173, t50 101, t99 139, rho 18', () => {
    expect(report.runs[0].detectors).toEqual({ 'lock-in': 173, initiation: 18, half: 101, grokked: 139 });
    expect(report.runs[0].intervals).toEqual({ lag: 34 });
  });

  it('finds that the control fires nothing, out of one', () => {
    for (const { measured } of Object.values(condition(report, 'control').detectors)) {
      expect(measured).toEqual({ fired: 0, n: 1, median: null, q1: null, q3: null });
    }
    expect(report.crossings).toEqual([]);
  });

  it('puts the peak of sigma2/sigma3 where the logs have it: 325.85 at epoch 229, 34.18 at 83', () => {
    expect(condition(report, 'grokking').spectrum?.peak?.ratio).toBeCloseTo(325.8527, 3);
    expect(condition(report, 'grokking').spectrum?.peak?.epoch).toBe(229);
    expect(condition(report, 'control').spectrum?.peak?.ratio).toBeCloseTo(34.1752, 3);
    expect(condition(report, 'control').spectrum?.peak?.epoch).toBe(83);
  });

  it('divides the late values of the two runs', () => {
    const [grokking, control] = report.runs.map((run) => run.late);
    expect(report.separation?.measured).toBeCloseTo(Number(grokking) / Number(control), 12);
    expect(Number(control)).toBeGreaterThan(1.2);
    expect(Number(control)).toBeLessThan(1.4);
  });

  it('leaves smoothness out, which the logs do not have', () => {
    expect(condition(report, 'grokking').smoothness).toEqual([]);
  });
});

// ln r rises by 0.1 an epoch from `start`: over a lag of 25 the slope is 0.1 (t - start) / 25 > 0.04 first at start + 11.
const exponential = (start: number) => (t: number) => Math.exp(0.1 * Math.max(0, t - start));

describe('detectors over seeds', () => {
  it('fires where a closed-form exponential says, and takes median and quartiles over the seeds', () => {
    const starts = [150, 160, 170, 180, 1000];
    const runs = starts.map((start, seed) =>
      sampleRun({ 'spectrum.W.ratio23': exponential(start) }, { seed }),
    );
    expect(condition(buildReport(sampleStudy(), runs), 'grokking').detectors['lock-in']).toEqual({
      measured: { fired: 4, n: 5, median: 176, q1: 168.5, q3: 183.5 },
      published: null,
      difference: null,
    });
  });

  it('takes intervals seed by seed, over the seeds in which both fired', () => {
    const runs = [
      [141, 150],
      [111, 150],
      [1000, 150],
      [100, 1000],
    ].map(([grokked, start]) =>
      sampleRun({
        'spectrum.W.ratio23': exponential(start),
        'test.accuracy': (t) => (t >= grokked ? 1 : 0),
      }),
    );
    expect(condition(buildReport(sampleStudy(), runs), 'grokking').intervals['lag'].measured).toEqual({
      fired: 2,
      n: 4,
      median: 35,
      q1: 27.5,
      q3: 42.5,
    });
  });

  it('says nothing of a detector whose series no run has', () => {
    const found = condition(
      buildReport(sampleStudy(), [sampleRun({ 'test.accuracy': () => 0 })]),
      'grokking',
    );
    expect(Object.keys(found.detectors)).toEqual(['half', 'grokked']);
    expect(Object.keys(found.intervals)).toEqual([]);
    expect(found.late).toBeNull();
    expect(found.spectrum).toBeNull();
  });

  it('names a control that crossed a slope threshold by run, seed and epoch', () => {
    const runs = [
      sampleRun(
        // Its accuracy passes a level as well: that is no crossing of a slope threshold.
        { 'spectrum.W.ratio23': exponential(200), 'test.accuracy': () => 1 },
        { id: 7, condition: 'control', seed: 3 },
      ),
      sampleRun({ 'spectrum.W.ratio23': exponential(200) }, { id: 8 }),
    ];
    expect(buildReport(sampleStudy(), runs).crossings).toEqual([
      { runId: 7, condition: 'control', seed: 3, detector: 'lock-in', epoch: 211 },
    ]);
  });
});

describe('published numbers', () => {
  const runs = [
    sampleRun({
      'test.accuracy': (t) => t / 200,
      'spectrum.W.ratio23': () => 280,
    }),
    sampleRun({ 'spectrum.W.ratio23': () => 1.4 }, { condition: 'control' }),
  ];
  const report = buildReport(sampleStudy({ published: samplePublished() }), runs);

  it('stand beside the measured ones, with measured minus published', () => {
    const { half } = condition(report, 'grokking').detectors;
    expect(half.measured?.median).toBe(100);
    expect(half.published?.median).toBe(102);
    expect(half.difference).toBe(-2);
    expect(condition(report, 'grokking').late).toEqual({
      measured: { median: 280, min: 280, max: 280, n: 1 },
      published: { median: 300, min: 168, max: 320 },
      difference: -20,
    });
    expect(report.separation?.measured).toBeCloseTo(200, 10);
    expect(report.separation?.difference).toBeCloseTo(-29, 10);
  });

  it('keep their row when nothing was measured', () => {
    const { detectors, late } = condition(
      buildReport(sampleStudy({ published: samplePublished() }), []),
      'grokking',
    );
    expect(detectors['lock-in']).toMatchObject({ measured: null, difference: null });
    expect(late).toMatchObject({ measured: null, difference: null });
    expect(Object.keys(detectors)).toEqual(['lock-in', 'half']);
  });
});

describe('runs that did not finish', () => {
  const full = { 'test.accuracy': () => 1, 'spectrum.W.ratio23': () => 5 };
  const runs = [
    sampleRun(full),
    sampleRun(
      { 'test.accuracy': () => 0.2, 'spectrum.W.ratio23': () => 100 },
      { seed: 1, state: 'failed', problem: 'loss is NaN' },
    ),
    sampleRun(full, { seed: 2, state: 'interrupted' }),
    sampleRun({}, { seed: 3, state: 'queued' }),
  ];
  const report = buildReport(sampleStudy(), runs);

  it('are counted and keep their reason, and enter no statistic', () => {
    const grokking = condition(report, 'grokking');
    expect(grokking).toMatchObject({ n: 1, failed: 1, unfinished: 2 });
    expect(grokking.detectors['half'].measured).toMatchObject({ fired: 1, n: 1 });
    expect(grokking.late?.measured).toEqual({ median: 5, min: 5, max: 5, n: 1 });
    expect(grokking.final.testAccuracy).toBe(1);
    expect(report.runs[1]).toMatchObject({ state: 'failed', problem: 'loss is NaN' });
  });

  it('have no late or final value, though what fired before the end did fire', () => {
    expect(report.runs[2].late).toBeNull();
    expect(report.runs[2].final).toEqual({ trainAccuracy: null, testAccuracy: null });
    expect(report.runs[2].detectors['half']).toBe(0);
  });
});

const ratio = (level: number) => ({
  'spectrum.W.ratio23': (t: number) => level + t / 100,
  'test.accuracy': (t: number) => Math.min(1, (t * level) / 1000),
});

describe('a condition', () => {
  it('has the same statistics whichever other conditions and runs are in the study', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 5 }),
        (levels, others) => {
          const own = levels.map((level, seed) => sampleRun(ratio(level), { seed }));
          const rest: MeasuredRun[] = others.map((level, seed) =>
            sampleRun(ratio(level), { seed, condition: 'control' }),
          );
          const alone = sampleStudy({ conditions: [sampleCondition('grokking', 0.0002, 400)] });
          expect(condition(buildReport(sampleStudy(), [...rest, ...own]), 'grokking')).toEqual(
            condition(buildReport(alone, own), 'grokking'),
          );
        },
      ),
      { numRuns: 30, seed: 5 },
    );
  });

  it('is a control without weight decay or as the denominator of the separation', () => {
    const conditions = ['a', 'b', 'c'].map((name, k) => sampleCondition(name, k === 0 ? 0 : 0.1, 400));
    const study = sampleStudy({
      conditions,
      late: { series: 'spectrum.W.ratio23', range: [200, 400], separation: ['c', 'b'] },
    });
    expect(buildReport(study, []).conditions.map((entry) => entry.isControl)).toEqual([true, true, false]);
  });
});

describe('numbers that are not finite', () => {
  it('become null, so that the report survives JSON unchanged', () => {
    const report = buildReport(sampleStudy(), [
      sampleRun({ 'spectrum.W.ratio23': () => NaN, 'test.accuracy': () => NaN }),
      sampleRun({ 'spectrum.W.ratio23': () => Infinity }, { seed: 1 }),
      sampleRun({ 'spectrum.W.ratio23': () => 0 }, { condition: 'control' }),
    ]);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report.separation?.measured).toBeNull();
    expect(report.runs[0].late).toBeNull();
  });
});
