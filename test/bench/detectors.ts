import os from 'node:os';
import type { RescoredRun } from '#shared/report/score-detector.ts';
import { scoreFires, scoreLate, thresholdMargin, watchRuns } from '#shared/report/score-detector.ts';
import { sweepThresholds, thresholdRange } from '#shared/report/threshold-sweep.ts';
import type { SlopeDetector } from '#shared/science/detector.ts';
import type { Condition, Late } from '#shared/models/study.ts';
import { median } from '#shared/science/statistics.ts';
import { sampleCondition } from '../shared/report/sample-study.ts';

const rounds = 60;
const lockIn: SlopeDetector = {
  kind: 'slope',
  series: 'ratio',
  lag: 25,
  threshold: 0.04,
  from: 100,
  direction: 'rising',
};

/** How long everything that the detector bench computes takes when a slider moves, outside of a browser. */
export function benchDetectors(): void {
  for (const [seeds, epochs] of [
    [15, 400],
    [100, 1000],
    [500, 1000],
  ]) {
    const conditions = [sampleCondition('grokking', 0.0002, epochs), sampleCondition('control', 0, epochs)];
    const times = measure(conditions, seeds, epochs);
    const worst = Math.max(...times);
    process.stdout.write(
      `${String(2 * seeds).padStart(5)} runs x ${epochs} epochs: median ${median(times).toFixed(2)} ms, longest ${worst.toFixed(2)} ms\n`,
    );
  }
  process.stdout.write(
    `Scoring, table, margin, late values and the curve over 181 thresholds, ${rounds} lags; Node ${process.version}, ${os.cpus()[0]?.model}.\n`,
  );
}

function measure(conditions: readonly Condition[], seeds: number, epochs: number): number[] {
  const runs: RescoredRun[] = conditions.flatMap(({ name }, place) =>
    Array.from({ length: seeds }, (_, seed) => {
      const values = Float64Array.from({ length: epochs + 1 }, (_epoch, t) =>
        Math.exp(Math.sin(t / 40 + seed) + (place === 0 ? Math.max(0, t - 150) / 20 : 0)),
      );
      return {
        id: place * seeds + seed,
        condition: name,
        seed,
        state: 'finished' as const,
        series: () => values,
      };
    }),
  );
  const late: Late = { series: 'ratio', range: [epochs / 2, epochs], separation: ['grokking', 'control'] };
  return Array.from({ length: rounds }, (_, k) => {
    const detector: SlopeDetector = { ...lockIn, lag: 1 + k };
    const start = performance.now();
    const watched = watchRuns({ conditions, late }, runs, detector);
    scoreFires(detector, watched);
    scoreLate({ conditions }, runs, late);
    thresholdMargin(detector, watched[0].runs, watched[1].runs);
    sweepThresholds(detector, watched, thresholdRange(detector, watched, [detector.threshold]), 181);
    return performance.now() - start;
  });
}
