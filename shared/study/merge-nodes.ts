import { fieldOf, nodeAt, type Entry, type MappingNode, type SourceNode } from './source-node.ts';
import type { Located } from './study-problem.ts';

/** The keys that only some optimizers read. */
const optimizerKeys: readonly { readonly key: string; readonly readBy: readonly string[] }[] = [
  { key: 'momentum', readBy: ['sgd'] },
  { key: 'beta1', readBy: ['adam', 'adamw'] },
  { key: 'beta2', readBy: ['adam', 'adamw'] },
  { key: 'epsilon', readBy: ['adam', 'adamw'] },
];

/** Keys of an optimizer mapping that its kind (adam when left out) does not read. */
export function unreadOptimizerKeys(optimizer: SourceNode | undefined): { key: string; readBy: string }[] {
  const kind = nodeAt(optimizer, ['kind']);
  const name = kind?.kind === 'scalar' ? kind.value : 'adam';
  return optimizerKeys
    .filter(({ readBy }) => typeof name === 'string' && !readBy.includes(name))
    .map(({ key, readBy }) => ({ key, readBy: readBy.join(' and ') }));
}

/**
 * `override` laid over `base`: a mapping merges key by key, anything else replaces. Alternatives are not inherited beside each
 * other: a condition that writes `split: { fraction: 0.3 }` drops the base's `train`, and one that names another optimizer
 * drops what that optimizer does not read.
 */
export function mergeNodes(base: SourceNode | undefined, override: SourceNode): SourceNode {
  if (base?.kind !== 'mapping' || override.kind !== 'mapping') return override;
  const entries = new Map<string, Entry>();
  const dropped = new Set(notInherited(override));
  for (const [key, entry] of base.entries) {
    if (!dropped.has(key)) entries.set(key, entry);
  }
  for (const [key, entry] of override.entries) {
    entries.set(key, { key: entry.key, value: mergeNodes(entries.get(key)?.value, entry.value) });
  }
  return { ...base, entries };
}

function notInherited(override: MappingNode): string[] {
  const { entries } = override;
  if (lastKey(override.field) === 'split') {
    return [...(entries.has('train') ? ['fraction'] : []), ...(entries.has('fraction') ? ['train'] : [])];
  }
  if (lastKey(override.field) === 'optimizer' && entries.has('kind')) {
    return unreadOptimizerKeys(override).map(({ key }) => key);
  }
  return [];
}

/** A mapping that holds `value` at a path and nothing else; `above` is the field the path starts from. */
export function nodeAlong(path: readonly string[], value: SourceNode, above: Located): SourceNode {
  if (path.length === 0) return value;
  const [key, ...rest] = path;
  const here: Located = { place: value.place, field: fieldOf(above.field, key) };
  const entries = new Map([[key, { key: here, value: nodeAlong(rest, value, here) }]]);
  return { kind: 'mapping', place: value.place, field: above.field, entries };
}

function lastKey(field: string): string {
  return field.slice(field.lastIndexOf('.') + 1);
}
