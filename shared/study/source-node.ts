import type { Located } from './study-problem.ts';

/**
 * A study file as a tree in which every value knows where it was written. Conditions, sweeps and `--set` merge such trees, so
 * that a value still points at its own line after it has been inherited.
 */
export type SourceNode = ScalarNode | ListNode | MappingNode;

export interface ScalarNode extends Located {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As the file writes it: `1e-5`, not 0.00001. */
  readonly text: string;
}

export interface ListNode extends Located {
  readonly kind: 'list';
  readonly items: readonly SourceNode[];
}

export interface MappingNode extends Located {
  readonly kind: 'mapping';
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  readonly key: Located;
  readonly value: SourceNode;
}

export function fieldOf(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`;
  const shown = plainKey.test(key) ? key : JSON.stringify(shorten(key));
  return parent === '' ? shown : `${parent}.${shown}`;
}

/** Keys that read well in a sentence; any other is shown in quotes, so that a message stays one line. */
const plainKey = /^[\p{L}\p{N}_]([^\s"]| (?=\S)){0,79}$/u;

/** The value at a path of keys, or undefined when the file does not write it. */
export function nodeAt(
  root: SourceNode | undefined,
  path: readonly (string | number)[],
): SourceNode | undefined {
  let node = root;
  for (const key of path) {
    if (node?.kind === 'mapping') node = node.entries.get(String(key))?.value;
    else if (node?.kind === 'list') node = node.items[Number(key)];
    else return undefined;
  }
  return node;
}

/** Plain values for the schemas to judge. */
export function plainValue(node: SourceNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plainValue);
    case 'mapping':
      return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plainValue(entry.value)]));
  }
}

/** As a person would write it on one line, e.g. in a condition's name. */
export function writtenValue(node: SourceNode): string {
  switch (node.kind) {
    case 'scalar':
      return node.text;
    case 'list':
      return `[${node.items.map(writtenValue).join(', ')}]`;
    case 'mapping':
      return `{${[...node.entries].map(([key, entry]) => `${key}: ${writtenValue(entry.value)}`).join(', ')}}`;
  }
}

/** What an error message shows after "got". */
export function shownValue(node: SourceNode): string {
  if (node.kind === 'list')
    return node.items.length === 0 ? 'an empty list' : `a list of ${node.items.length}`;
  if (node.kind === 'mapping') return 'a mapping';
  if (node.value === null) return 'nothing';
  if (typeof node.value === 'number' && !Number.isFinite(node.value))
    return `${shorten(node.text)} ${needsFinite}`;
  if (typeof node.value !== 'string') return shorten(node.text);
  const shown = JSON.stringify(shorten(node.value));
  if (nonFinite.test(node.value.trim())) return `${shown} ${needsFinite}`;
  const isNumber = node.value.trim() !== '' && Number.isFinite(Number(node.value));
  return isNumber ? `the text ${shown} (remove its quotes)` : shown;
}

const needsFinite = '(a finite number is needed)';
const nonFinite = /^[-+]?\.?(nan|inf|infinity)$/i;

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
