import type { Condition } from '../models/study.ts';

/**
 * What decides which numbers a study's runs produce, apart from seed and engine, as canonical JSON: equal exactly when every
 * condition of that name is trained and probed in the same way. The store hashes it to find runs that need not be trained
 * again. Seeds, detectors, the late range and published numbers are absent: they choose and read runs, they do not make them.
 * Condition names are present, because a run is found by its condition's name.
 * @returns JSON with keys sorted and conditions in the order of their names, so that neither order matters
 */
export function trainingIdentity(conditions: readonly Condition[]): string {
  const byName = conditions.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return JSON.stringify(
    byName.map(({ name, settings }) => ({ name, settings })),
    sortKeys,
  );
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
