import { buildStudy, type ParsedStudy } from './build-study.ts';
import { checkText } from './check-text.ts';
import { mergeNodes, nodeAlong } from './merge-nodes.ts';
import { readYaml, readYamlAt } from './read-yaml.ts';
import type { Entry, SourceNode } from './source-node.ts';
import { problemAt, type Located, type Place, type StudyProblem } from './study-problem.ts';

/**
 * `parseStudy` with `--set path=value` laid over the file, in the order given: `epochs=50`, `seeds=0..1`,
 * `conditions.control.optimizer.weightDecay=0`. The value is read as YAML; a mapping merges, anything else replaces. A path
 * such as `optimizer.weightDecay` changes the base: a condition that sets the same field still has the last word.
 * @param overrides each `path=value`, as typed after `--set`; problems in them are placed at `--set path=value`
 */
export function parseStudyWithOverrides(
  text: string,
  file: string,
  overrides: readonly string[],
): ParsedStudy {
  const unfit = checkText(text, file);
  if (unfit) return { ok: false, problems: [unfit] };
  const tree = readYaml(text, file);
  const problems: StudyProblem[] = tree.ok ? [] : [...tree.problems];
  let root: SourceNode | null = tree.ok ? tree.root : null;
  for (const override of overrides) {
    const place: Place = { file: `--set ${override}`, line: 0, column: 0 };
    const equals = override.indexOf('=');
    const path = override.slice(0, Math.max(equals, 0)).trim();
    const value = override.slice(equals + 1);
    const unreadable = checkText(value, place.file);
    if (path === '' || path.split('.').includes('')) {
      problems.push(problemAt({ place, field: '' }, 'must be path=value, such as epochs=50'));
    } else if (unreadable) {
      const nothing =
        value.trim() === '' ? 'has no value: write path=value, such as epochs=50' : unreadable.message;
      problems.push(problemAt({ place, field: '' }, nothing));
    } else {
      const read = readYamlAt(value, () => place, path);
      if (!read.ok) problems.push(...read.problems);
      else if (root) root = mergeNodes(root, along(root, path.split('.'), read.root));
    }
  }
  if (problems.length > 0 || !root) return { ok: false, problems };
  return buildStudy(root, text);
}

/** A path's parts are keys, except where a key of the file has dots itself: a detector `rho 0.07`, or any path in a sweep. */
function along(root: SourceNode, parts: readonly string[], value: SourceNode): SourceNode {
  const keys: string[] = [];
  let node: SourceNode | undefined = root;
  let rest = parts;
  while (rest.length > 0) {
    const entries: ReadonlyMap<string, Entry> = node?.kind === 'mapping' ? node.entries : new Map();
    let taken = keys[keys.length - 1] === 'sweep' ? rest.length : 1;
    for (let count = rest.length; count > 1; count--) {
      if (entries.has(rest.slice(0, count).join('.'))) {
        taken = count;
        break;
      }
    }
    const key = rest.slice(0, taken).join('.');
    keys.push(key);
    node = entries.get(key)?.value;
    rest = rest.slice(taken);
  }
  const top: Located = { place: value.place, field: '' };
  return nodeAlong(keys, value, top);
}
