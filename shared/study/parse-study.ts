import { buildStudy, type ParsedStudy } from './build-study.ts';
import { checkText } from './check-text.ts';
import { readYaml } from './read-yaml.ts';

export { formatProblem, type StudyProblem } from './study-problem.ts';
export type { ParsedStudy } from './build-study.ts';

/**
 * A study file, YAML or JSON, as a study ready to run: validated, defaults filled in, conditions and sweeps expanded.
 * @param text the file as read; kept word for word as the study's `source`
 * @param file its name, for the messages
 * @returns the study, or everything that is wrong with the file at once, in the file's order. Never throws.
 */
export function parseStudy(text: string, file: string): ParsedStudy {
  const unfit = checkText(text, file);
  if (unfit) return { ok: false, problems: [unfit] };
  const tree = readYaml(text, file);
  return tree.ok ? buildStudy(tree.root, text) : tree;
}
