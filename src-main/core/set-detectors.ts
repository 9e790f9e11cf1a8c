import { ProblemError } from '#shared/models/problem.ts';
import { changeScoring, type ScoringChange } from '#shared/study/change-scoring.ts';
import { rewriteScoring } from '#shared/study/rewrite-scoring.ts';
import { sameScoring } from '#shared/study/scoring.ts';
import type { LabStore } from '../store/lab-store.ts';

export interface SetDetectors {
  /** False where the study had them already. */
  readonly changed: boolean;
  /** What the study's text still says otherwise, as a sentence; null where it follows. */
  readonly textDiffers: string | null;
}

/**
 * Gives a study other detectors, intervals or late value, and its file's text with it. Its runs keep their rows; their scores no longer
 * fit, and are made anew when they are asked for.
 * @throws ProblemError with everything that is wrong with them
 */
export function setDetectors(store: LabStore, id: number, change: ScoringChange): SetDetectors {
  const { study, name } = store.studies.get(id);
  const judged = changeScoring(study, change);
  if (!judged.ok)
    throw new ProblemError(
      judged.problems.map((message) => ({
        code: 'bad-argument',
        message: `Study ${id} "${name}": ${message}.`,
      })),
    );
  const { scoring } = judged;
  if (sameScoring(study, scoring)) return { changed: false, textDiffers: null };
  const source = rewriteScoring(study.source, scoring);
  store.studies.renew(id, { ...study, ...scoring, source: source ?? study.source });
  const textDiffers =
    source === null
      ? `${name} is measured with its new detectors, but the text of its file could not follow and keeps the old ones (it is no study without the --set it was made with, or writes them through an alias).`
      : null;
  return { changed: true, textDiffers };
}
