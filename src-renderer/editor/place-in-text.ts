/** Where in a study's structure a position of its text is. Works on text that does not parse, since that is what one types. */
export interface TextPlace {
  /** The keys above; for a value, those of the value itself. Entries of a list stand at the list's path. */
  readonly path: readonly string[];
  readonly slot: 'key' | 'value';
  /** Where the word begins in which the position is. */
  readonly from: number;
  /** Inside braces or brackets, where a key is followed by others on its line. */
  readonly flow: boolean;
  /** The word began with a quote, which is before `from`. */
  readonly quoted: boolean;
}

interface FlowFrame {
  readonly bracket: '{' | '[';
  key: string | null;
}

const blockKey = /^("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#:{}[\],"'-][^:#]*?|-[^\s:#][^:#]*?)\s*:(?=\s|$)/;

/** @returns null inside a comment */
export function placeInText(text: string, position: number): TextPlace | null {
  const block: { readonly indent: number; readonly key: string }[] = [];
  const flow: FlowFrame[] = [];
  let start = 0;
  for (const line of text.slice(0, position).split('\n')) {
    const isLast = start + line.length === position;
    const place =
      flow.length > 0 ? scanValue(line, 0, start, block, flow) : scanLine(line, start, block, flow);
    if (isLast) return place;
    start += line.length + 1;
  }
  return null;
}

function scanLine(
  line: string,
  start: number,
  block: { readonly indent: number; readonly key: string }[],
  flow: FlowFrame[],
): TextPlace | null {
  let column = line.search(/\S|$/);
  const rest = line.slice(column);
  // A list may stand at its key's own indentation.
  const isItem = /^-(\s|$)/.test(rest);
  if (rest !== '' && !rest.startsWith('#'))
    while (block.length > 0 && block[block.length - 1].indent >= column + (isItem ? 1 : 0)) block.pop();
  const path = (): string[] => block.filter(({ indent }) => indent < column || isItem).map(({ key }) => key);
  if (rest.startsWith('#')) return null;
  if (isItem) return scanValue(line, column + 1, start, block, flow);
  const matched = blockKey.exec(rest);
  if (!matched && !/^[{[]/.test(rest)) {
    const quoted = /^["']/.test(rest);
    return { path: path(), slot: 'key', from: start + column + (quoted ? 1 : 0), flow: false, quoted };
  }
  if (matched) {
    block.push({ indent: column, key: unquote(matched[1]) });
    column += matched[0].length;
  }
  return scanValue(line, column, start, block, flow);
}

/** From a column on: a value of a key above, or the continuation of braces and brackets. */
function scanValue(
  line: string,
  from: number,
  start: number,
  block: readonly { readonly indent: number; readonly key: string }[],
  flow: FlowFrame[],
): TextPlace | null {
  let word: number | null = null;
  let quote: string | null = null;
  let quotedWord = false;
  for (let at = from; at < line.length; at++) {
    const character = line[at];
    if (quote !== null) {
      if (character === '\\' && quote === '"') at++;
      else if (character === quote) quote = null;
      continue;
    }
    if (character === '#' && (at === 0 || /\s/.test(line[at - 1]))) return null;
    const top = flow[flow.length - 1];
    if ((character === '{' || character === '[') && (word === null || top)) {
      flow.push({ bracket: character, key: null });
      word = null;
    } else if (top && (character === '}' || character === ']')) {
      flow.pop();
      word = null;
    } else if (top && character === ',') {
      top.key = null;
      word = null;
    } else if (top?.bracket === '{' && top.key === null && character === ':' && word !== null) {
      top.key = unquote(line.slice(word, at).trim());
      word = null;
    } else if (!/\s/.test(character) && word === null) {
      word = at;
      quotedWord = character === '"' || character === "'";
      if (quotedWord) quote = character;
    }
  }
  const keys = flow.flatMap(({ key }) => key ?? []);
  const top = flow[flow.length - 1];
  return {
    path: [...block.map(({ key }) => key), ...keys],
    slot: top?.bracket === '{' && top.key === null ? 'key' : 'value',
    from: start + (word === null ? line.length : word + (quotedWord ? 1 : 0)),
    flow: flow.length > 0,
    quoted: word !== null && quotedWord,
  };
}

function unquote(word: string): string {
  return /^(["']).*\1$/.test(word) ? word.slice(1, -1) : word;
}
