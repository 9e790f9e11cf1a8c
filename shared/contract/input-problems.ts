import type { Problem } from '../models/problem.ts';

/** What a schema found wrong, as every standard schema says it. */
export interface InputIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Longer values are cut: the sentence is for reading. */
const longestValue = 60;

/** Refusals of an input: operation, field, what is allowed and what came, e.g. `series: points must be a whole number >= 2, got 0`. */
export function inputProblems(
  operation: string,
  input: unknown,
  issues: readonly InputIssue[],
): readonly Problem[] {
  return issues.map(({ message, path = [] }) => {
    const keys = path.map((segment) => (typeof segment === 'object' ? segment.key : segment));
    const field = keys.reduce<string>(joinKey, '') || 'input';
    return {
      code: 'bad-argument',
      message: `${operation}: ${field} ${message}, got ${show(valueAt(input, keys))}`,
    };
  });
}

function joinKey(before: string, key: PropertyKey): string {
  if (typeof key === 'number') return `${before}[${key}]`;
  return before === '' ? String(key) : `${before}.${String(key)}`;
}

function valueAt(input: unknown, keys: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  const json = JSON.stringify(value) ?? typeof value;
  return json.length > longestValue ? `${json.slice(0, longestValue)}...` : json;
}
