import type { ProbeSchedule } from '../science/probe-schedule.ts';
import type { LayerName, ProbeSettings } from './settings.ts';

/** Eigenvalues of the update Gram that are stored. */
export const spectrumDepth = 5;
/** Legendre overlaps that are stored. */
export const smoothnessDepth = 4;

function spectrumSeries(layer: LayerName): string[] {
  const names = Array.from({ length: spectrumDepth }, (_, k) => `sigma${k + 1}`);
  names.push('ratio12', 'ratio23', 'effectiveRank', 'share1');
  names.push(...Array.from({ length: smoothnessDepth }, (_, k) => `smoothness${k + 1}`));
  names.push('stepCosineDistance');
  return names.map((name) => `spectrum.${layer}.${name}`);
}

/** When a series is measured; null where no schedule says, which is at every epoch. */
export function scheduleOf(probes: ProbeSettings, series: string): ProbeSchedule | null {
  if (series.startsWith('gram.')) return probes.gram;
  return series.startsWith('gradient.') ? probes.gradient : null;
}

/** Whether a series has epochs at which it is not measured between those at which it is: points, and not a line. */
export function isSparse(probes: ProbeSettings, series: string): boolean {
  const schedule = scheduleOf(probes, series);
  return schedule !== null && (schedule.every > 1 || schedule.later !== undefined);
}

/**
 * The series a run with these probes stores, in their order in a row. One float64 an epoch each; NaN where a probe was not due
 * or is not yet defined (a spectrum needs two updates).
 */
export function seriesNames(probes: ProbeSettings): string[] {
  const names = ['train.accuracy', 'train.loss', 'test.accuracy', 'test.loss'];
  for (const layer of probes.spectrum?.layers ?? []) names.push(...spectrumSeries(layer));
  if (probes.gram) {
    names.push('gram.diagonal', 'gram.offDiagonal', 'gram.ratio', 'gram.rho');
  }
  if (probes.gradient) names.push('gradient.norm', 'gradient.cosineMedian', 'gradient.cosineP95');
  return names;
}
