import type { StudyCheck } from '#shared/models/lab.ts';
import { ProblemError } from '#shared/models/problem.ts';
import type { Study } from '#shared/models/study.ts';
import { parseStudyWithOverrides } from '#shared/study/override.ts';
import { formatProblem, parseStudy, type StudyProblem } from '#shared/study/parse-study.ts';
import type { LabStore } from '../store/lab-store.ts';
import { previewStudy, type Place } from './preview-study.ts';

/** All errors of a study file; or what it would cost and what in it may mislead. Nothing is stored. */
export function checkStudy(store: LabStore, place: Place, text: string, file: string): StudyCheck {
  const parsed = parseStudy(text, file);
  if (!parsed.ok) return { ok: false, problems: parsed.problems };
  return {
    ok: true,
    preview: previewStudy(parsed.study, store.runs.meanSeconds(), place),
    warnings: parsed.warnings,
  };
}

/**
 * A study file, with everything in it that may mislead.
 * @throws ProblemError with every error of the file, each at its line
 */
export function readStudyText(
  text: string,
  file: string,
  overrides: readonly string[],
): { readonly study: Study; readonly warnings: readonly StudyProblem[] } {
  const parsed = parseStudyWithOverrides(text, file, overrides);
  if (parsed.ok) return parsed;
  throw new ProblemError(
    parsed.problems.map((found) => ({ code: 'study-invalid', message: formatProblem(found) })),
  );
}
