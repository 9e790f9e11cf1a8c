import { writtenValue, type SourceNode } from './source-node.ts';

/** Values as a study file writes them, on one line. */

/** A value as the form has it: `off` in a mapping's place, lists by their entries, words and numbers as typed. */
export type Written = string | readonly string[] | { readonly [key: string]: Written };

/** A value on one line, in the mappings of a path. */
export function nestedText(path: readonly string[], value: Written, json: boolean): string {
  if (path.length === 0) return valueText(value, json);
  const [key, ...rest] = path;
  const inner = `${keyText(key, json)}: ${nestedText(rest, value, json)}`;
  return `{ ${inner} }`;
}

function valueText(value: Written, json: boolean): string {
  if (typeof value === 'string') return scalarText(value, json);
  if (isList(value)) return `[${value.map((item) => scalarText(item, json)).join(', ')}]`;
  const entries = Object.entries(value).map(
    ([key, part]) => `${keyText(key, json)}: ${valueText(part, json)}`,
  );
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function isList(value: Written): value is readonly string[] {
  return Array.isArray(value);
}

const number = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?(e[-+]?\d+)?$/i;
/** Words that YAML takes for nothing but themselves, in braces too. */
const plain = /^[\p{L}\p{N}_][\p{L}\p{N} ._+=()/^-]*$/u;
const meansSomethingElse = /^(null|true|false|yes|no|on|~)$/i;

/** A word or number as typed, in quotes only where it would not be read as that. */
function scalarText(typed: string, json: boolean): string {
  const trimmed = typed.trim();
  if (json) return jsonNumber.test(trimmed) ? trimmed : JSON.stringify(trimmed);
  if (number.test(trimmed) || (plain.test(trimmed) && !meansSomethingElse.test(trimmed))) return trimmed;
  return JSON.stringify(trimmed);
}

export function keyText(key: string, json: boolean): string {
  return json || !plain.test(key) || meansSomethingElse.test(key) ? JSON.stringify(key) : key;
}

/** Words without the quotes they may stand in; numbers as they were typed. */
export function typedText(node: SourceNode): string {
  return node.kind === 'scalar' && typeof node.value === 'string' ? node.value : writtenValue(node);
}

/** What a text holds, to be written again. */
export function rewritten(node: SourceNode): Written {
  if (node.kind === 'list') return node.items.map(typedText);
  if (node.kind === 'scalar') return typedText(node);
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, rewritten(value)]));
}
