import { removeAt, wrapAt, writeAt, type Edit, type Path } from './edit-text.ts';
import { keysAt } from './format-guide.ts';
import { nodeAt, type SourceNode } from './source-node.ts';
import { rewritten, type Written } from './written-value.ts';

/*
 * Edits of a study's text as a form asks for them, a field at a time: whatever shape the author has given to what a field stands in,
 * the other fields of it stay.
 */

/** Where a field stands in this text: the late value's range is all of `late` where that is written as two epochs alone. */
export function fieldPlace(root: SourceNode | undefined, path: Path): Path {
  const [first, second] = path;
  return first === 'late' && second === 'range' && nodeAt(root, ['late'])?.kind !== 'mapping'
    ? ['late']
    : path;
}

/** Writes a field. `root` is the same text, read. */
export function writeField(text: string, root: SourceNode | undefined, path: Path, value: Written): Edit {
  const place = fieldPlace(root, path);
  const [first, second] = place;
  const range = nodeAt(root, ['late']);
  if (first === 'late' && second && range?.kind === 'list') {
    const edit = wrapAt(text, ['late'], 'range', { [second]: value });
    return edit ?? writeAt(text, ['late'], { range: rewritten(range), [second]: value });
  }
  return writeAt(text, place, value, orderAt(root, place));
}

/** The format's order of the keys beside which a new entry will stand. */
function orderAt(root: SourceNode | undefined, path: Path): readonly string[] {
  const depth = path.findIndex((_key, index) => nodeAt(root, path.slice(0, index + 1))?.kind !== 'mapping');
  return keysAt(path.slice(0, depth < 0 ? path.length - 1 : depth)).map(({ key }) => key);
}

/** Takes a field out, and what it stands in with it where that would be left without meaning. */
export function removeField(text: string, root: SourceNode | undefined, path: Path): Edit {
  const place = fieldPlace(root, path);
  const above = place.slice(0, -1);
  const parent = nodeAt(root, above);
  const isLast = parent?.kind === 'mapping' && parent.entries.size === 1 && nodeAt(root, place);
  return isLast && saysNothingEmpty(above) ? removeField(text, root, above) : removeAt(text, place);
}

/** Mappings that are an error, or noise, with nothing in them; `detectors: {}`, for one, says that there are none. */
function saysNothingEmpty(path: Path): boolean {
  const [first, , third] = path;
  if (path.length === 1) return first === 'late' || first === 'intervals' || first === 'published';
  return path.length === 3 && first === 'probes' && third === 'later';
}
