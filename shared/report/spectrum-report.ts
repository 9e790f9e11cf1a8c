import { smoothnessDepth } from '#shared/models/series.ts';
import type { LayerName } from '#shared/models/settings.ts';
import type { Condition } from '#shared/models/study.ts';
import { median } from '#shared/science/statistics.ts';

import type { MeasuredRun } from './measured-run.ts';
import type { SmoothnessReport, SpectrumReport } from './report.ts';

/** sigma_3 below this share of sigma_1 is rounding in float32 weights, not signal (docs/science.md). */
export const roundingFloor = 1e-7;

/**
 * Smoothness of the update path beside sigma_2/sigma_3, at epoch 50, the middle and the last: early, where any smooth path
 * looks alike, and after, where the control tells them apart.
 * @param runs finished runs of the condition
 */
export function reportSmoothness(condition: Condition, runs: readonly MeasuredRun[]): SmoothnessReport[] {
  const last = condition.settings.epochs;
  const layer = reportedLayer(condition);
  const epochs = [...new Set([50, Math.round(last / 2), last])].filter((epoch) => epoch <= last);
  return epochs
    .toSorted((a, b) => a - b)
    .map((epoch) => smoothnessAt(layer, epoch, runs))
    .filter((row) => row.n > 0);
}

function smoothnessAt(layer: LayerName, epoch: number, runs: readonly MeasuredRun[]): SmoothnessReport {
  const at = (name: string): number[] =>
    runs.map((run) => run.series(`spectrum.${layer}.${name}`)?.[epoch] ?? NaN).filter(Number.isFinite);
  const overlaps = Array.from({ length: smoothnessDepth }, (_, k) => at(`smoothness${k + 1}`));
  return {
    layer,
    epoch,
    n: Math.max(...overlaps.map((values) => values.length)),
    ratio23: medianOrNull(at('ratio23')),
    overlaps: overlaps.map(medianOrNull),
  };
}

/**
 * Where sigma_2/sigma_3 is rounding, and where it peaks.
 * @param runs finished runs of the condition
 * @param late the epochs of the late value, both ends included
 * @returns null when no run has the eigenvalues
 */
export function reportSpectrum(
  condition: Condition,
  runs: readonly MeasuredRun[],
  late: readonly [number, number],
): SpectrumReport | null {
  const layer = reportedLayer(condition);
  const spectra = runs.map((run) => readSpectrum(layer, run)).filter((spectrum) => spectrum !== null);
  if (spectra.length === 0) return null;
  const window = condition.settings.probes.spectrum?.window ?? 0;
  const peaks = spectra.map((spectrum) => peakRatio(spectrum, window)).filter((peak) => peak !== null);
  return {
    layer,
    n: spectra.length,
    floorShare: medianShare(spectra, [0, Infinity]),
    lateFloorShare: medianShare(spectra, late),
    peak:
      peaks.length === 0
        ? null
        : {
            ratio: median(peaks.map((peak) => peak.ratio)),
            epoch: median(peaks.map((peak) => peak.epoch)),
            atEnd: peaks.filter((peak) => peak.epoch === condition.settings.epochs).length,
            n: peaks.length,
          },
  };
}

/** W, as published, unless only V is measured. */
function reportedLayer({ settings }: Condition): LayerName {
  return settings.probes.spectrum?.layers.includes('W') === false ? 'V' : 'W';
}

/** Eigenvalues 1 to 3 of one run's update Gram, [rows] each. */
interface Spectrum {
  readonly sigma1: Float64Array;
  readonly sigma2: Float64Array;
  readonly sigma3: Float64Array;
}

function readSpectrum(layer: LayerName, run: MeasuredRun): Spectrum | null {
  const sigma1 = run.series(`spectrum.${layer}.sigma1`);
  const sigma2 = run.series(`spectrum.${layer}.sigma2`);
  const sigma3 = run.series(`spectrum.${layer}.sigma3`);
  return sigma1 && sigma2 && sigma3 ? { sigma1, sigma2, sigma3 } : null;
}

function medianShare(spectra: readonly Spectrum[], range: readonly [number, number]): number | null {
  return medianOrNull(spectra.map((spectrum) => floorShare(spectrum, range)).filter(Number.isFinite));
}

/**
 * Share of the epochs in range[0]..range[1] (both included) whose sigma_3 is below `roundingFloor` sigma_1.
 * @returns in [0, 1]; NaN when no epoch of the range has both eigenvalues
 */
function floorShare({ sigma1, sigma3 }: Spectrum, range: readonly [number, number]): number {
  let below = 0;
  let epochs = 0;
  for (let t = range[0]; t <= Math.min(range[1], sigma1.length - 1); t++) {
    if (Number.isNaN(sigma1[t]) || Number.isNaN(sigma3[t])) continue;
    epochs += 1;
    if (sigma3[t] < roundingFloor * sigma1[t]) below += 1;
  }
  return below / epochs;
}

/**
 * The largest sigma_2/sigma_3 and its first epoch, over the epochs that can carry one: from `window` on, because a Gram of three
 * updates has a large ratio by its size alone, and above the rounding floor.
 */
function peakRatio(spectrum: Spectrum, window: number): { ratio: number; epoch: number } | null {
  const { sigma1, sigma2, sigma3 } = spectrum;
  let peak: { ratio: number; epoch: number } | null = null;
  for (let t = window; t < sigma3.length; t++) {
    if (!(sigma3[t] > 0 && sigma3[t] >= roundingFloor * sigma1[t])) continue;
    const ratio = sigma2[t] / sigma3[t];
    if (Number.isFinite(ratio) && ratio > (peak?.ratio ?? -Infinity)) peak = { ratio, epoch: t };
  }
  return peak;
}

function medianOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : median(values);
}
