import type { PublishedRepulsion } from '#shared/models/study.ts';
import type { RepulsionAtRidge, RepulsionResult, Ridge } from '#shared/science/repulsion-result.ts';
import { median, quantile } from '#shared/science/statistics.ts';

import type { MeasuredRun } from './measured-run.ts';
import type { RepulsionReport, RepulsionStatistics } from './report.ts';

/** One run's result at one epoch and ridge. */
interface Sample {
  readonly epoch: number;
  readonly result: RepulsionResult;
  readonly at: RepulsionAtRidge;
}

/** The ridge that published numbers belong to: eta itself. */
const publishedRidge = 'published';

/**
 * Repulsion by ridge, then epoch, over the finished runs of a condition, with the published numbers beside the published
 * ridge. A published epoch that nothing was probed at keeps its row, measured absent.
 */
export function reportRepulsion(
  runs: readonly MeasuredRun[],
  published: readonly PublishedRepulsion[],
): RepulsionReport[] {
  const samples = runs.flatMap((run) =>
    run.repulsion.flatMap((result) => result.ridges.map((at) => ({ epoch: result.epoch, result, at }))),
  );
  const ridges = new Map<string, Ridge | null>();
  if (published.length > 0) ridges.set(publishedRidge, null);
  for (const { at } of samples) ridges.set(at.ridge.name, at.ridge);
  return [...ridges].flatMap(([name, ridge]) => {
    const here = samples.filter((sample) => sample.at.ridge.name === name);
    const printed = name === publishedRidge ? published : [];
    const epochs = new Set([...here, ...printed].map((row) => row.epoch));
    return [...epochs]
      .toSorted((a, b) => a - b)
      .map((epoch) => {
        const measured = summarize(here.filter((sample) => sample.epoch === epoch));
        const beside = printed.find((row) => row.epoch === epoch) ?? null;
        return {
          epoch,
          ridge: name,
          value: ridge?.value ?? null,
          borrowedFrom: ridge?.borrowedFrom ?? null,
          measured,
          published: beside,
          difference: measured && beside ? measured.median - beside.median : null,
        };
      });
  });
}

function summarize(samples: readonly Sample[]): RepulsionStatistics | null {
  const defined = samples.filter(({ at }) => Number.isFinite(at.top.opposite));
  if (defined.length === 0) return null;
  const opposite = defined.map(({ at }) => at.top.opposite);
  const conditional = defined.map(({ at }) => at.top.negativeGivenPositive).filter(Number.isFinite);
  const random = defined.map(({ at }) => at.random.opposite).filter(Number.isFinite);
  const deviations = defined.map(({ at }) => at.identityDeviation);
  return {
    n: defined.length,
    pairs: Math.max(...defined.map(({ result }) => result.topPairs.cosine.length)),
    median: median(opposite),
    q1: quantile(opposite, 0.25),
    q3: quantile(opposite, 0.75),
    negativeGivenPositive: conditional.length > 0 ? median(conditional) : null,
    random: random.length > 0 ? median(random) : null,
    randomPairs: Math.max(...defined.map(({ result }) => result.randomPairs.cosine.length)),
    // A NaN deviation is a failed check: it must not hide behind the finite ones.
    identityDeviation: deviations.every(Number.isFinite) ? Math.max(...deviations) : null,
    identityPairs: defined.reduce((sum, { at }) => sum + at.identityPairs, 0),
  };
}
