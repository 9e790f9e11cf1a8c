import type { Settings } from '../models/settings.ts';

/** Every setting by the path a study file has it at; lists are one text, and what is off (null) is left out. */
export function flattenSettings(settings: Settings): ReadonlyMap<string, number | string> {
  const leaves = new Map<string, number | string>();
  const walk = (node: unknown, path: string): void => {
    if (node === null || node === undefined) return;
    if (typeof node === 'number' || typeof node === 'string') leaves.set(path, node);
    else if (Array.isArray(node)) leaves.set(path, node.map(entryText).join(' '));
    else if (typeof node === 'object')
      for (const [key, child] of Object.entries(node)) walk(child, path === '' ? key : `${path}.${key}`);
    else leaves.set(path, String(node));
  };
  walk(settings, '');
  return leaves;
}

/** Entries of lists are numbers and names, or things with a name (a ridge). */
function entryText(entry: unknown): string {
  if (typeof entry === 'object' && entry !== null && 'name' in entry) return String(entry.name);
  return String(entry);
}
