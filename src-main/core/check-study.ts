import type { StudyCheck } from '#shared/models/lab.ts';
import { ProblemError } from '#shared/models/problem.ts';
import type { Study } from '#shared/models/study.ts';
import { parseStudyWithOverrides } from '#shared/study/override.ts';
import { formatProblem, parseStudy } from '#shared/study/parse-study.ts';
import type { LabStore } from '../store/lab-store.ts';
import { previewStudy } from './preview-study.ts';

/** All errors of a study file, or what it would cost. Nothing is stored. */
export function checkStudy(store: LabStore, workers: number, text: string, file: string): StudyCheck {
  const parsed = parseStudy(text, file);
  if (!parsed.ok) return { ok: false, problems: parsed.problems };
  return {
    ok: true,
    preview: previewStudy(parsed.study, store.runs.list({ state: 'finished' }), workers),
    warnings: [],
  };
}

/** @throws ProblemError with every error of the file, each at its line */
export function readStudyText(text: string, file: string, overrides: readonly string[]): Study {
  const parsed = parseStudyWithOverrides(text, file, overrides);
  if (parsed.ok) return parsed.study;
  throw new ProblemError(
    parsed.problems.map((found) => ({ code: 'study-invalid', message: formatProblem(found) })),
  );
}
