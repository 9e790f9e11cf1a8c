import type { z } from 'zod';
import { didYouMean, missingSpace, nearestName, pathEndingIn } from './nearest-name.ts';
import { mappingsAt } from './schema-walk.ts';
import { fieldOf, nodeAt, plainValue, shownValue, type SourceNode } from './source-node.ts';
import { problemAt, type Located, type StudyProblem } from './study-problem.ts';
import { settingsKeys, settingsSchema, sweepPaths } from './settings-schema.ts';
import { studyKeys, studySchema } from './study-schema.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** The value a node holds, or undefined when it is absent or not what the schema allows (which is reported elsewhere). */
export function readValue<T>(node: SourceNode | undefined, schema: z.ZodType<T>): T | undefined {
  if (!node) return undefined;
  const parsed = schema.safeParse(plainValue(node));
  return parsed.success ? parsed.data : undefined;
}

/** Everything in this file's text that the format does not allow. */
export function studyFormatProblems(root: SourceNode): StudyProblem[] {
  return formatProblems(root, studySchema);
}

/** The same for one condition after merging. */
export function settingsFormatProblems(node: SourceNode): StudyProblem[] {
  return formatProblems(node, settingsSchema);
}

function formatProblems(node: SourceNode, schema: z.ZodType): StudyProblem[] {
  const parsed = schema.safeParse(plainValue(node));
  return parsed.success ? [] : parsed.error.issues.flatMap((issue) => explain(node, schema, issue, []));
}

function explain(root: SourceNode, schema: z.ZodType, issue: Issue, above: Path): StudyProblem[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(root, schema, path, key));
  }
  if (issue.code === 'invalid_union') {
    const branch = likelyBranch(issue.errors);
    if (branch) return branch.flatMap((inner) => explain(root, schema, inner, path));
  }
  const keys = plainPath(path);
  if (issue.code === 'invalid_key') {
    const at = keyAt(root, keys);
    return [problemAt(at, `${issue.message}, got ${JSON.stringify(keys[keys.length - 1])}`)];
  }
  const node = nodeAt(root, keys);
  if (node) return [problemAt(node, `${issue.message}, got ${shownValue(node)}`)];
  const parent = nodeAt(root, keys.slice(0, -1)) ?? root;
  const at: Located = { place: parent.place, field: fieldOf(parent.field, keys[keys.length - 1]) };
  return [problemAt(at, `is required and ${issue.message}`)];
}

/**
 * Of a union's alternatives the one the author was writing: it accepted the kind of value and found fault inside. Null when the
 * value is none of them; then the union's own sentence says what is allowed.
 */
function likelyBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  return (
    branches.find((issues) =>
      issues.some(
        (issue) => issue.path.length > 0 || (issue.code !== 'invalid_type' && issue.code !== 'invalid_value'),
      ),
    ) ?? null
  );
}

function unknownKey(root: SourceNode, schema: z.ZodType, path: Path, key: string): StudyProblem {
  const at = keyAt(root, [...plainPath(path), key]);
  const known = knownKeys(schema, path);
  if (!known.includes('study') && studyKeys.includes(key) && !settingsKeys.includes(key)) {
    return problemAt(at, `belongs to the whole study: write ${key} at the left margin`);
  }
  const [, name, value] = /^([^:]+):(.+)$/.exec(key) ?? [];
  if (name !== undefined && known.includes(name)) return problemAt(at, missingSpace(name, value));
  const elsewhere = nearestName(key, known) === null ? pathEndingIn(key, nestedSettings) : null;
  if (elsewhere !== null) return problemAt(at, `is not known here; did you mean ${asWritten(elsewhere)}?`);
  return problemAt(at, `is not known here; ${didYouMean(key, known)}`);
}

const nestedSettings = [...sweepPaths.keys()].filter((path) => path.includes('.'));

/** `optimizer: { learningRate: … }` of optimizer.learningRate. */
function asWritten(path: string): string {
  const [name, ...above] = path.split('.').toReversed();
  return above.reduce((inner, outer) => `${outer}: { ${inner} }`, `${name}: …`);
}

function keyAt(root: SourceNode, keys: readonly (string | number)[]): Located {
  const parent = nodeAt(root, keys.slice(0, -1));
  const entry = parent?.kind === 'mapping' ? parent.entries.get(String(keys[keys.length - 1])) : undefined;
  return entry?.key ?? root;
}

function knownKeys(schema: z.core.$ZodType, path: Path): string[] {
  const found = mappingsAt(schema, path);
  return [...new Set(found.flatMap((mapping) => Object.keys(mapping.shape)))];
}

function plainPath(path: Path): (string | number)[] {
  return path.map((key) => (typeof key === 'number' ? key : String(key)));
}
