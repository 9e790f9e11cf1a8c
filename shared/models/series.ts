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
