import { isMap, isScalar, isSeq, parseDocument, type Pair, type YAMLMap } from 'yaml';
import { keyText, nestedText, type Written } from './written-value.ts';

/**
 * Small edits of a study file's text. Only the characters of the touched entry change: comments, order and the author's way of writing
 * stay. Every edit is a list of replacements, in the text as it was, which an editor can carry out and take back.
 */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

export type Path = readonly string[];

/** Null where the text cannot be edited so: it does not parse, or an alias or a value of another kind is in the way. */
export type Edit = readonly TextChange[] | null;

interface Source {
  readonly text: string;
  readonly root: YAMLMap;
  /** JSON wants quotes around keys and words. */
  readonly json: boolean;
}

/**
 * Writes a value at a path, over the one that is there or as a new entry; mappings above it are made as needed.
 * @param order of keys: a new entry goes behind those that stand before it there
 */
export function writeAt(text: string, path: Path, value: Written, order: readonly string[] = []): Edit {
  const source = read(text);
  if (source === 'empty')
    return [{ from: text.length, to: text.length, insert: `${nestedText(path, value, false)}\n` }];
  if (!source) return null;
  return write(source, source.root, null, path, value, order);
}

/** Takes an entry out, with its line where it has one of its own. Its mapping stays, empty if need be. */
export function removeAt(text: string, path: Path): Edit {
  const source = read(text);
  if (!source || source === 'empty') return null;
  const owner = ownerOf(source, path);
  const pair = owner && pairOf(owner.map, path[path.length - 1]);
  if (!owner || !pair) return null;
  const { map } = owner;
  const index = map.items.indexOf(pair);
  const [start, end] = [startOf(pair), endOf(source, pair)];
  if (start === null) return null;
  if (map.flow) {
    const next = map.items[index + 1];
    const before = map.items[index - 1];
    const nextStart = next ? startOf(next) : null;
    if (nextStart !== null) return [{ from: start, to: nextStart, insert: '' }];
    if (before) return [{ from: endOf(source, before), to: end, insert: '' }];
    const [from, to] = map.range ?? [start, end];
    return [{ from, to: Math.max(to, end), insert: '{}' }];
  }
  if (map.items.length === 1 && owner.pair) {
    const from = afterColon(source, owner.pair);
    return from === null ? null : [{ from, to: end, insert: ' {}' }];
  }
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (text.slice(lineStart, start).trim() !== '') return null;
  const lineEnd = text.indexOf('\n', end);
  return [{ from: lineStart, to: lineEnd < 0 ? text.length : lineEnd + 1, insert: '' }];
}

/**
 * Writes the entries of a list of words or numbers over those that are there, each in its place; null where there are not as many.
 */
export function writeItemsAt(text: string, path: Path, items: readonly string[]): Edit {
  const source = read(text);
  if (!source || source === 'empty') return null;
  const owner = ownerOf(source, path);
  const node = owner && pairOf(owner.map, path[path.length - 1])?.value;
  if (!isSeq(node) || node.items.length !== items.length) return null;
  const changes: TextChange[] = [];
  for (const [index, item] of node.items.entries()) {
    if (!isScalar(item) || !item.range || item.type?.startsWith('BLOCK')) return null;
    if (String(item.value) === items[index]) continue;
    const [from, to] = item.range;
    changes.push({ from, to, insert: nestedText([], items[index], source.json) });
  }
  return changes;
}

/**
 * Puts the value at a path, as it is written, under a key in a mapping with other entries behind it: `late: [1, 2]` becomes
 * `late: { range: [1, 2], series: x }`.
 */
export function wrapAt(
  text: string,
  path: Path,
  key: string,
  others: Readonly<Record<string, Written>>,
): Edit {
  const source = read(text);
  if (!source || source === 'empty') return null;
  const owner = ownerOf(source, path);
  const pair = owner && pairOf(owner.map, path[path.length - 1]);
  const node = pair?.value;
  if (!pair || !isSeq(node) || !node.range) return null;
  const [start] = node.range;
  const end = endOf(source, pair);
  const entries = Object.entries(others).map(
    ([other, value]) => `${keyText(other, source.json)}: ${nestedText([], value, source.json)}`,
  );
  const name = keyText(key, source.json);
  if (node.flow) {
    return [
      { from: start, to: start, insert: `{ ${name}: ` },
      { from: end, to: end, insert: `${entries.map((entry) => `, ${entry}`).join('')} }` },
    ];
  }
  const indent = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  // At the left margin the mapping's keys would be the file's.
  if (indent === '' || indent.trim() !== '') return null;
  const lineEnd = text.indexOf('\n', end);
  const behind = lineEnd < 0 ? text.length : lineEnd;
  return [
    { from: start, to: start, insert: `${name}:\n${indent}` },
    { from: behind, to: behind, insert: entries.map((entry) => `\n${indent}${entry}`).join('') },
  ];
}

/** Gives the last key of a path another name. */
export function renameAt(text: string, path: Path, name: string): Edit {
  const source = read(text);
  if (!source || source === 'empty') return null;
  const owner = ownerOf(source, path);
  const pair = owner && pairOf(owner.map, path[path.length - 1]);
  if (!pair || !isScalar(pair.key) || !pair.key.range) return null;
  const [from, to] = pair.key.range;
  return [{ from, to, insert: keyText(name, source.json) }];
}

/** The text after an edit. */
export function applyChanges(text: string, changes: readonly TextChange[]): string {
  return changes
    .toSorted((a, b) => b.from - a.from)
    .reduce((done, { from, to, insert }) => done.slice(0, from) + insert + done.slice(to), text);
}

function read(text: string): Source | 'empty' | null {
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, resolveKnownTags: false });
  if (document.errors.length > 0) return null;
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) return 'empty';
  if (!isMap(root)) return null;
  const [first] = root.items;
  const json = root.flow === true && isScalar(first?.key) && first.key.type === 'QUOTE_DOUBLE';
  return { text, root, json };
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((item) => isScalar(item.key) && (item.key.source ?? String(item.key.value)) === key);
}

function ownerOf({ root }: Source, path: Path): { map: YAMLMap; pair: Pair | null } | null {
  let map = root;
  let above: Pair | null = null;
  for (const key of path.slice(0, -1)) {
    const pair = pairOf(map, key);
    if (!pair || !isMap(pair.value)) return null;
    above = pair;
    map = pair.value;
  }
  return { map, pair: above };
}

function write(
  source: Source,
  map: YAMLMap,
  above: Pair | null,
  path: Path,
  value: Written,
  order: readonly string[],
): Edit {
  const [key, ...rest] = path;
  const pair = pairOf(map, key);
  if (!pair) return insert(source, map, above, key, nestedText(rest, value, source.json), order);
  if (rest.length > 0 && isMap(pair.value)) return write(source, pair.value, pair, rest, value, order);
  const after = afterColon(source, pair);
  if (after === null) return null;
  const text = nestedText(rest, value, source.json);
  const node = pair.value;
  const isEmpty = node === null || (isScalar(node) && (node.source ?? '') === '' && node.value === null);
  if (isEmpty) return [{ from: after, to: after, insert: ` ${text}` }];
  if (!isMap(node) && !isSeq(node) && !isScalar(node)) return null;
  const isInline = isScalar(node) ? !node.type?.startsWith('BLOCK') : node.flow === true;
  const end = endOf(source, pair);
  if (isInline && node.range) return replacement(source.text, node.range[0], end, text);
  return replacement(source.text, after, end, ` ${text}`);
}

/** None where nothing would change, so that there is no empty step to take back. */
function replacement(text: string, from: number, to: number, insert: string): Edit {
  return text.slice(from, to) === insert ? [] : [{ from, to, insert }];
}

function insert(
  source: Source,
  map: YAMLMap,
  above: Pair | null,
  key: string,
  value: string,
  order: readonly string[],
): Edit {
  const entry = `${keyText(key, source.json)}: ${value}`;
  const before = predecessor(map, key, order);
  if (!map.flow) {
    const first = map.items[0] ? startOf(map.items[0]) : null;
    if (first === null) return null;
    const indent = ' '.repeat(first - (source.text.lastIndexOf('\n', first - 1) + 1));
    if (before === null) return [{ from: first, to: first, insert: `${entry}\n${indent}` }];
    // Behind a comment that stands on the line of the entry above.
    const lineEnd = source.text.indexOf('\n', endOf(source, before));
    const at = lineEnd < 0 ? source.text.length : lineEnd;
    return [{ from: at, to: at, insert: `\n${indent}${entry}` }];
  }
  if (!map.range) return null;
  if (map.items.length === 0) {
    const [from, to] = map.range;
    // An empty mapping in braces may as well become lines, where it has a place of its own.
    const own = above === null && !source.json ? entry : `{ ${entry} }`;
    return [{ from, to, insert: own }];
  }
  const last = before ?? map.items[map.items.length - 1];
  const at = endOf(source, last);
  const start = startOf(last) ?? at;
  const line = source.text.slice(source.text.lastIndexOf('\n', start - 1) + 1, start);
  const separator = line.trim() === '' && line !== '' ? `,\n${line}` : ', ';
  return [{ from: at, to: at, insert: `${separator}${entry}` }];
}

/** The entry behind which a new one belongs: the last of those that stand before it in the format's order. */
function predecessor(map: YAMLMap, key: string, order: readonly string[]): Pair | null {
  const last = map.items[map.items.length - 1] ?? null;
  const place = order.indexOf(key);
  if (place < 0) return last;
  const rank = (pair: Pair): number => (isScalar(pair.key) ? order.indexOf(String(pair.key.value)) : -1);
  return map.items.findLast((pair) => rank(pair) >= 0 && rank(pair) < place) ?? (map.flow ? last : null);
}

function startOf(pair: Pair): number | null {
  return isScalar(pair.key) && pair.key.range ? pair.key.range[0] : null;
}

/** The end of an entry's last character: not of the comments and empty lines behind it. */
function endOf(source: Source, pair: Pair): number {
  const node = pair.value;
  const keyEnd = afterColon(source, pair) ?? 0;
  if (isMap(node) && !node.flow && node.items.length > 0)
    return endOf(source, node.items[node.items.length - 1]);
  if ((isScalar(node) || isMap(node) || isSeq(node)) && node.range) {
    if (isSeq(node) && !node.flow) {
      const ends = node.items.map((item) =>
        (isScalar(item) || isMap(item) || isSeq(item)) && item.range ? item.range[1] : 0,
      );
      return Math.max(keyEnd, ...ends);
    }
    const [from, to] = node.range;
    return Math.max(keyEnd, from + source.text.slice(from, to).trimEnd().length);
  }
  return keyEnd;
}

function afterColon({ text }: Source, pair: Pair): number | null {
  if (!isScalar(pair.key) || !pair.key.range) return null;
  const colon = text.indexOf(':', pair.key.range[1]);
  return colon < 0 ? null : colon + 1;
}
