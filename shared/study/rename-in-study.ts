import { renameAt, writeAt, type Edit, type TextChange } from './edit-text.ts';
import { nodeAt, writtenValue, type SourceNode } from './source-node.ts';

/** Renames a condition, and every place in the file that names it: the separation, and what was published of it. */
export function renameCondition(text: string, root: SourceNode, from: string, to: string): Edit {
  const separation = nodeAt(root, ['late', 'separation']);
  return together([
    renameAt(text, ['conditions', from], to),
    ...(separation?.kind === 'list' && separation.items.some((item) => writtenValue(item) === from)
      ? [
          writeAt(
            text,
            ['late', 'separation'],
            separation.items.map((item) => swap(writtenValue(item), from, to)),
          ),
        ]
      : []),
    ...(nodeAt(root, ['published', 'conditions', from])
      ? [renameAt(text, ['published', 'conditions', from], to)]
      : []),
  ]);
}

/** Renames a detector, and every place in the file that names it: the ends of intervals, and what was published of it. */
export function renameDetector(text: string, root: SourceNode, from: string, to: string): Edit {
  const ends = keysOf(root, ['intervals']).flatMap((interval) =>
    ['from', 'to'].map((end) => ['intervals', interval, end]),
  );
  return together([
    renameAt(text, ['detectors', from], to),
    ...ends.filter((path) => textAt(root, path) === from).map((path) => writeAt(text, path, to)),
    ...renamePublished(text, root, from, to),
  ]);
}

/** Renames an interval, and what was published of it. */
export function renameInterval(text: string, root: SourceNode, from: string, to: string): Edit {
  return together([renameAt(text, ['intervals', from], to), ...renamePublished(text, root, from, to)]);
}

/** What was published of a detector or an interval stands beside it by its name. */
function renamePublished(text: string, root: SourceNode, from: string, to: string): Edit[] {
  return keysOf(root, ['published', 'conditions'])
    .map((condition) => ['published', 'conditions', condition, 'detectors', from])
    .filter((path) => nodeAt(root, path))
    .map((path) => renameAt(text, path, to));
}

function together(edits: readonly Edit[]): Edit {
  const changes: TextChange[] = [];
  for (const edit of edits) {
    if (edit === null) return null;
    changes.push(...edit);
  }
  return changes;
}

function keysOf(root: SourceNode, path: readonly string[]): string[] {
  const node = nodeAt(root, path);
  return node?.kind === 'mapping' ? [...node.entries.keys()] : [];
}

function textAt(root: SourceNode, path: readonly string[]): string | null {
  const node = nodeAt(root, path);
  return node ? writtenValue(node) : null;
}

function swap(name: string, from: string, to: string): string {
  return name === from ? to : name;
}
