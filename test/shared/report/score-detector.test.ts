import { describe, expect, it } from 'vitest';
import type { Detector } from '#shared/science/detector.ts';
import { fireEpoch } from '#shared/science/detectors.ts';
import type { RescoredRun } from '#shared/report/score-detector.ts';
import { scoreFires, scoreLate, thresholdMargin, watchRuns } from '#shared/report/score-detector.ts';
import { sweepThresholds, thresholdRange } from '#shared/report/threshold-sweep.ts';
import { buildReport } from '#shared/report/build-report.ts';
import { sampleRun, sampleStudy } from './sample-study.ts';

const study = sampleStudy();
const rising = (...values: number[]): Float64Array => Float64Array.from(values);
const accuracy: Readonly<Record<string, readonly Float64Array[]>> = {
  grokking: [rising(0, 0.2, 0.6, 1), rising(0, 0.1, 0.3, 0.9), rising(0, 0.6, 0.7, 0.8)],
  control: [rising(0, 0.1, 0.1, 0.1), rising(0, 0.3, 0.1, 0.1)],
};
const runs: RescoredRun[] = Object.entries(accuracy).flatMap(([condition, lines], place) =>
  lines.map((values, seed) => ({
    id: 10 * place + seed,
    condition,
    seed,
    state: 'finished' as const,
    series: (name: string) => (name === 'test.accuracy' ? values : null),
  })),
);
const half: Detector = {
  kind: 'level',
  series: 'test.accuracy',
  threshold: 0.5,
  from: 0,
  direction: 'rising',
};

function margin(detector: Detector) {
  const [signal, control] = watchRuns(study, runs, detector);
  return thresholdMargin(detector, signal.runs, control.runs);
}

describe('scoring stored runs again', () => {
  it('says what the report says, when asked with the study’s own detectors', () => {
    const measured = runs.map((run) => sampleRun({}, run));
    const report = buildReport(study, measured);
    const fires = scoreFires(half, watchRuns(study, runs, half));
    expect(fires.map(({ condition, summary }) => [condition, summary])).toStrictEqual(
      report.conditions.map(({ name, detectors }) => [name, detectors.half.measured]),
    );
    expect(fires.map(({ isControl }) => isControl)).toStrictEqual([false, true]);
  });

  it('finds each run’s epoch, and counts only what is finished', () => {
    const unfinished = runs.map((run) => (run.id === 1 ? { ...run, state: 'running' as const } : run));
    const [grokking] = scoreFires(half, watchRuns(study, unfinished, half));
    expect(grokking.runs.map(({ epoch }) => epoch)).toStrictEqual(
      accuracy.grokking.map((values) => fireEpoch(half, values)),
    );
    expect(grokking.summary).toMatchObject({ fired: 2, n: 2, median: 1.5 });
  });

  it('leaves out a run without the series', () => {
    const watched = watchRuns(study, runs, { ...half, series: 'gram.rho' });
    expect(watched.map((condition) => condition.runs)).toStrictEqual([[], []]);
  });

  it('tells how far the threshold can be moved', () => {
    expect(margin(half)).toStrictEqual({ control: 0.3, signal: 0.8, separates: true });
    // From epoch 3 on, the control that rose at epoch 1 is at 0.1.
    expect(margin({ ...half, from: 3 })).toStrictEqual({ control: 0.1, signal: 0.8, separates: true });
    // Every run starts at 0, so nothing that falls to a level tells them apart.
    expect(margin({ ...half, direction: 'falling' })).toMatchObject({ separates: false });
    expect(thresholdMargin(half, [], [])).toBeNull();
  });

  it('takes late values over any range', () => {
    const late = { series: 'test.accuracy', range: [2, 3], separation: ['grokking', 'control'] } as const;
    const { conditions, separation } = scoreLate(study, runs, late);
    // By hand: medians 0.8, 0.6, 0.75 and 0.1, 0.1.
    expect(conditions[0].late).toMatchObject({ median: 0.75, min: 0.6, max: 0.8, n: 3 });
    expect(separation).toBeCloseTo(7.5, 12);
    expect(scoreLate(study, runs, { ...late, range: [90, 99] }).separation).toBeNull();
  });
});

describe('a sweep over thresholds', () => {
  it('says of every threshold what scoring at it says', () => {
    const watched = watchRuns(study, runs, half);
    const range = thresholdRange(half, watched, [half.threshold]);
    expect(range.low).toBeLessThan(0);
    expect(range.high).toBeGreaterThan(1);
    const sweep = sweepThresholds(half, watched, range, 41);
    sweep.thresholds.forEach((threshold, k) => {
      const fires = scoreFires({ ...half, threshold }, watched);
      fires.forEach(({ summary }, place) => {
        expect(sweep.conditions[place].share[k]).toBe(summary.fired / summary.n);
        expect(sweep.conditions[place].median[k]).toBe(summary.median ?? NaN);
      });
    });
  });

  it('looks at what spans decades by its logarithm, and at slopes from 0 on', () => {
    const ratios = runs.map((run) => ({ ...run, series: () => rising(1, 2, 500, 3) }));
    const level: Detector = { ...half, threshold: 4 };
    expect(thresholdRange(level, watchRuns(study, ratios, level), [4]).scale).toBe('log');
    const slope: Detector = { ...level, kind: 'slope', lag: 1, threshold: 0.04 };
    const range = thresholdRange(slope, watchRuns(study, ratios, slope), [0.04]);
    expect(range).toMatchObject({ low: 0, scale: 'linear' });
    expect(range.high).toBeGreaterThan(Math.log(250));
  });
});
