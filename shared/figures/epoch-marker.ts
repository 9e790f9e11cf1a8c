import { summarizeFires } from '../science/statistics.ts';
import type { FireSummary } from '../science/statistics.ts';
import type { EpochMarker } from './figure.ts';

/** Whose marker it is. */
type Owner = Pick<EpochMarker, 'detector' | 'condition' | 'place'>;

/** Marks when a detector fired over the runs of a condition; no marker where it fired in none. */
export function markerOf(owner: Owner, summary: FireSummary): EpochMarker[] {
  const { fired, n, median, q1, q3 } = summary;
  if (median === null || q1 === null || q3 === null) return [];
  return [{ ...owner, fired, n, median, q1, q3 }];
}

/** @param scores of the condition's runs; those not scored yet by this detector do not count */
export function markerOfScores(
  owner: Owner,
  scores: readonly { readonly detectors: Readonly<Record<string, number | null>> }[],
): EpochMarker[] {
  const fires = scores.flatMap(({ detectors }) => {
    const epoch = detectors[owner.detector];
    return epoch === undefined ? [] : [epoch];
  });
  return markerOf(owner, summarizeFires(fires));
}
