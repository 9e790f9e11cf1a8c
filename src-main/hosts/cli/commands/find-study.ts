import type { StudySummary } from '#shared/models/lab.ts';
import { problem } from '#shared/models/problem.ts';
import { matchStudies } from '../../../store/match-studies.ts';
import { shellWord } from '../shell-word.ts';

type Named = Pick<StudySummary, 'id' | 'name' | 'createdAt'>;

/**
 * A study by its name, its number or the beginning of its name.
 * @throws not-found, saying which there are; bad-argument when it means several, saying which
 */
export function findStudy<T extends Named>(studies: readonly T[], wanted: string): T {
  const found = matchStudies(studies, wanted);
  if (found.length === 1) return found[0];
  if (found.length > 1)
    throw problem('bad-argument', `"${wanted}" means several studies: ${labels(found)}. Give the number.`);
  throw problem('not-found', `There is no study "${wanted}"; there are: ${labels(studies) || 'none'}.`);
}

/** What names the study on a command line: its name, or its number where others have that name too. */
export function studyWord(studies: readonly Named[], id: number): string {
  const name = studies.find((study) => study.id === id)?.name ?? '';
  const found = matchStudies(studies, name);
  return found.length === 1 ? shellWord(name) : String(id);
}

function labels(studies: readonly Named[]): string {
  return studies
    .toSorted((one, other) => one.id - other.id)
    .map(({ id, name, createdAt }) => `${id} "${name}" (saved ${createdAt.slice(0, 16).replace('T', ' ')})`)
    .join(', ');
}
