import { problem } from '#shared/models/problem.ts';
import type { StudySummary } from '#shared/models/lab.ts';

/** A study by its name, its number or the beginning of its name. @throws not-found, saying which there are */
export function findStudy(studies: readonly StudySummary[], name: string): StudySummary {
  const lower = name.toLowerCase();
  const found =
    studies.find((study) => study.name === name) ??
    studies.find((study) => String(study.id) === name) ??
    studies.find((study) => study.name.toLowerCase().startsWith(lower));
  if (found) return found;
  const names = studies.map((study) => study.name).join(', ');
  throw problem('not-found', `There is no study "${name}"; there are: ${names || 'none'}.`);
}
