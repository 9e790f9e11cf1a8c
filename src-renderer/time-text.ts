import type { StudyPreview } from '#shared/models/lab.ts';
import { durationText } from './quantity-text.ts';

/** How long a study would take, as far as that is known. */
export function timeText({ seconds, secondsFrom }: Pick<StudyPreview, 'seconds' | 'secondsFrom'>): string {
  if (seconds === null) return secondsFrom === 'measuring' ? 'being measured' : 'not known yet';
  return secondsFrom === 'speed' ? `${durationText(seconds)} (estimate)` : `about ${durationText(seconds)}`;
}
