import type { Study } from '#shared/models/study.ts';
import { fireEpoch } from '#shared/science/detectors.ts';
import { lateValue } from '#shared/science/statistics.ts';

import type { MeasuredRun } from './measured-run.ts';
import type { ReportRun } from './report.ts';

/** Scores one run with the study's detectors, intervals and late range. */
export function measureRun(study: Study, run: MeasuredRun): ReportRun {
  const finished = run.state === 'finished';
  const detectors: Record<string, number | null> = {};
  for (const [name, detector] of Object.entries(study.detectors)) {
    const values = run.series(detector.series);
    if (values) detectors[name] = fireEpoch(detector, values);
  }
  return {
    id: run.id,
    condition: run.condition,
    seed: run.seed,
    state: run.state,
    engine: run.engine,
    epochs: run.epochs,
    seconds: run.seconds,
    problem: run.problem,
    detectors,
    intervals: measureIntervals(study, detectors),
    late: finished ? measureLate(study, run) : null,
    final: {
      trainAccuracy: finished ? lastValue(run.series('train.accuracy')) : null,
      testAccuracy: finished ? lastValue(run.series('test.accuracy')) : null,
    },
  };
}

function measureIntervals(
  study: Study,
  detectors: Readonly<Record<string, number | null>>,
): Record<string, number | null> {
  const intervals: Record<string, number | null> = {};
  for (const [name, { from, to }] of Object.entries(study.intervals)) {
    if (!Object.hasOwn(detectors, from) || !Object.hasOwn(detectors, to)) continue;
    const start = detectors[from];
    const end = detectors[to];
    intervals[name] = start === null || end === null ? null : end - start;
  }
  return intervals;
}

function measureLate(study: Study, run: MeasuredRun): number | null {
  const values = run.series(study.late.series);
  return values ? finite(lateValue(values, study.late.range)) : null;
}

function lastValue(values: Float64Array | null): number | null {
  return finite(values?.at(-1) ?? NaN);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
