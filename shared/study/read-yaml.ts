import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import { missingSpace } from './nearest-name.ts';
import { fieldOf, type Entry, type SourceNode } from './source-node.ts';
import { problemAt, type Located, type Place, type StudyProblem } from './study-problem.ts';

/** A study nests six deep; the limit stops a hostile file before it can exhaust the stack. */
const deepest = 40;
/** Values after aliases are resolved: nine short lines of aliases can otherwise ask for a billion. */
const mostValues = 50_000;
/** Each alias costs the library a walk through the file to find its anchor. */
const mostAliases = 100;
const mostSyntaxProblems = 20;

export type ReadTree =
  | { readonly ok: true; readonly root: SourceNode }
  | { readonly ok: false; readonly problems: readonly StudyProblem[] };

/** How an offset in the text becomes a place a person can go to. */
export type PlaceOf = (offset: number) => Place;

/** Reads YAML, of which JSON is a part. Never throws; syntax errors and duplicate keys come back with their places. */
export function readYaml(text: string, file: string): ReadTree {
  const lines = new LineCounter();
  return readYamlAt(
    // A byte order mark is a character to a parser and nothing to an editor that counts columns.
    text.replace(/^\uFEFF/, ''),
    (offset) => {
      const { line, col } = lines.linePos(offset);
      return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
    },
    '',
    lines,
  );
}

/** The same with places of the caller's choice; `field` is the path under which the value stands. */
export function readYamlAt(text: string, placeOf: PlaceOf, field: string, lines?: LineCounter): ReadTree {
  let document: Document;
  try {
    document = parseDocument(text, {
      prettyErrors: false,
      // Checked below: the library compares every key with every other, which a large file turns into minutes.
      uniqueKeys: false,
      resolveKnownTags: false,
      ...(lines ? { lineCounter: lines } : {}),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      problems: [problemAt({ place: placeOf(0), field }, `cannot be read as YAML: ${oneLine(reason)}`)],
    };
  }
  const syntax = [...document.errors, ...document.warnings];
  if (syntax.length > 0) {
    const problems = syntax
      .slice(0, mostSyntaxProblems)
      .map((error) =>
        problemAt(
          { place: placeOf(error.pos[0]), field },
          syntaxMessage(error.code, oneLine(error.message), lineAt(text, error.pos[0])),
        ),
      );
    return { ok: false, problems };
  }
  const reader = new TreeReader(document, placeOf);
  const root = reader.read(document.contents, { place: placeOf(0), field }, 0);
  return reader.problems.length > 0 ? { ok: false, problems: reader.problems } : { ok: true, root };
}

/** The library quotes what it stumbled on, however long. */
function oneLine(message: string): string {
  return message.slice(0, 200).replace(/\s+/g, ' ').trim();
}

function lineAt(text: string, offset: number): string {
  const [line] = text.slice(text.lastIndexOf('\n', offset - 1) + 1).split('\n', 1);
  return line.slice(0, 200);
}

function syntaxMessage(code: string, message: string, line: string): string {
  const [, key, value] = unspaced.exec(line.trim()) ?? [];
  if (key !== undefined) return `${missingSpace(key, value)}, got ${JSON.stringify(line.trim())}`;
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'begins with a tab, and YAML is indented by spaces only: write two spaces for each tab';
    case 'MULTIPLE_DOCS':
      return 'is a second document: a study file holds one study, so remove the line "---" or split the file';
    case 'RESOURCE_EXHAUSTION':
      return `nests too deeply: a study needs no more than ${deepest} levels`;
    case 'TAG_RESOLVE_FAILED':
      return `uses a YAML tag, which a study file has no use for: ${message}`;
    default:
      return `is not valid YAML: ${message}`;
  }
}

/** `epochs:220`, which YAML takes for a text. */
const unspaced = /^([\w-]+):([^\s:/].*)$/;

class TreeReader {
  readonly problems: StudyProblem[] = [];
  private readonly document: Document;
  private readonly placeOf: PlaceOf;
  private values = 0;
  private aliases = 0;
  private stopped = false;

  constructor(document: Document, placeOf: PlaceOf) {
    this.document = document;
    this.placeOf = placeOf;
  }

  /** `at` is where to point when the node has no text of its own, as after `epochs:` with nothing behind it. */
  read(node: unknown, at: Located, depth: number): SourceNode {
    const here: Located = { place: this.start(node) ?? at.place, field: at.field };
    const nothing: SourceNode = { ...here, kind: 'scalar', value: null, text: '' };
    if (this.stopped) return nothing;
    if (++this.values > mostValues) return this.stop(here, nothing, expandsTooFar);
    if (depth > deepest) {
      return this.stop(here, nothing, `nests too deeply: a study needs no more than ${deepest} levels`);
    }
    if (isAlias(node)) {
      if (++this.aliases > mostAliases) return this.stop(here, nothing, tooManyAliases);
      const target = node.resolve(this.document);
      if (target) return this.read(target, here, depth + 1);
      this.problems.push(problemAt(here, `is an alias (*${node.source}) of an anchor that is not above it`));
      return nothing;
    }
    if (isScalar(node)) return readScalar(node.value, node.source, here);
    if (isSeq(node)) {
      const items = node.items.map((item, index) =>
        this.read(item, { place: here.place, field: fieldOf(here.field, index) }, depth + 1),
      );
      return { ...here, kind: 'list', items };
    }
    if (isMap(node)) return { ...here, kind: 'mapping', entries: this.entries(node.items, here, depth) };
    if (isPair(node)) {
      // `[a: 1]` puts a pair straight into a list; YAML means the mapping {a: 1}.
      return { ...here, kind: 'mapping', entries: this.entries([node], here, depth) };
    }
    return nothing;
  }

  private entries(pairs: readonly unknown[], parent: Located, depth: number): Map<string, Entry> {
    const entries = new Map<string, Entry>();
    for (const pair of pairs) {
      if (this.stopped || !isPair(pair)) break;
      const place = this.start(pair.key) ?? parent.place;
      const name = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : null;
      if (name === null || name === '__proto__' || name === '') {
        const key: Located = { place, field: parent.field };
        this.problems.push(problemAt(key, `has a key that is not a plain name, got ${keyText(name)}`));
        continue;
      }
      const key: Located = { place, field: fieldOf(parent.field, name) };
      const first = entries.get(name);
      if (first) {
        const { line, column } = first.key.place;
        const where = line > 0 ? ` (first at ${line}:${column})` : '';
        this.problems.push(problemAt(key, `is written twice${where}: keep one of them`));
        continue;
      }
      entries.set(name, { key, value: this.read(pair.value, key, depth + 1) });
    }
    return entries;
  }

  private start(node: unknown): Place | null {
    if (!isScalar(node) && !isMap(node) && !isSeq(node) && !isAlias(node)) return null;
    // An empty value has a range of no length somewhere behind its key: point at the key instead.
    if (isScalar(node) && node.value === null && (node.source ?? '') === '') return null;
    return node.range ? this.placeOf(node.range[0]) : null;
  }

  private stop(at: Located, nothing: SourceNode, message: string): SourceNode {
    this.stopped = true;
    this.problems.push(problemAt(at, message));
    return nothing;
  }
}

const expandsTooFar = `makes the file hold more than ${mostValues} values: a study is far smaller, so look for aliases of aliases`;
const tooManyAliases = `brings the file past ${mostAliases} aliases, counting those inside what they stand for: write the values out`;

function readScalar(value: unknown, source: string | undefined, here: Located): SourceNode {
  if (
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    value === null
  ) {
    return { ...here, kind: 'scalar', value, text: source ?? String(value) };
  }
  return { ...here, kind: 'scalar', value: String(value), text: source ?? String(value) };
}

function keyText(name: string | null): string {
  return name === null ? 'a list or a mapping' : JSON.stringify(name);
}
