import { insertCompletionText, snippetCompletion, startCompletion } from '@codemirror/autocomplete';
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { EditorView } from '@codemirror/view';
import { choicesAt, keysAt } from '#shared/study/format-guide.ts';
import type { GuideEntry } from '#shared/study/format-guide.ts';
import { readYaml } from '#shared/study/read-yaml.ts';
import { nodeAt } from '#shared/study/source-node.ts';
import type { SourceNode } from '#shared/study/source-node.ts';
import { guideElement } from './guide-element.ts';
import { placeInText } from './place-in-text.ts';
import type { TextPlace } from './place-in-text.ts';
import { detectorSnippets, snippets } from './snippets.ts';

/** A study to begin with, offered in an empty file. */
export interface CompletablePreset {
  readonly title: string;
  readonly description: string;
  readonly text: string;
}

/** What can stand at the cursor, from the file format: keys that are not there yet, values, names of this file. */
export function studyCompletions(presets: () => readonly CompletablePreset[]) {
  return (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString();
    const place = placeInText(text, context.pos);
    if (!place) return null;
    const typed = text.slice(place.from, context.pos);
    if (typed === '' && !context.explicit && !asksByItself(text, place)) return null;
    const root = readableTree(text, place.from, context.pos);
    const options =
      place.slot === 'key'
        ? [...keyOptions(place, root), ...(text.trim() === typed ? presets().map(presetOption) : [])]
        : valueOptions(place, root);
    return options.length === 0 ? null : { from: place.from, options, validFor: /^[\w.-]*$/ };
  };
}

/** After a colon, a comma or a brace the next word has just been asked for. */
function asksByItself(text: string, place: TextPlace): boolean {
  return place.slot === 'value'
    ? !/\n\s*$/.test(text.slice(0, place.from))
    : /[{,]\s*$/.test(text.slice(0, place.from));
}

/** The file without the word at the cursor, which is what keeps it from being read. Undefined where more does. */
function readableTree(text: string, from: number, to: number): SourceNode | undefined {
  for (const attempt of [text, text.slice(0, from) + text.slice(to)]) {
    const tree = readYaml(attempt, '');
    if (tree.ok) return tree.root;
  }
  return undefined;
}

function keyOptions(place: TextPlace, root: SourceNode | undefined): Completion[] {
  const path = place.path.join('.');
  if (path === 'detectors' && !place.quoted) {
    const there = written(root, place.path);
    return detectorSnippets
      .filter(({ name }) => !there.has(name))
      .map(({ name, does, text }) => snippetCompletion(text, { label: name, detail: does, type: 'keyword' }));
  }
  const there = written(root, place.path);
  return keysAt(place.path)
    .filter(({ key }) => !there.has(key))
    .map((entry, index) => keyOption(entry, place, -index));
}

function written(root: SourceNode | undefined, path: readonly string[]): ReadonlySet<string> {
  const node = nodeAt(root, path);
  return new Set(node?.kind === 'mapping' ? node.entries.keys() : []);
}

function keyOption(entry: GuideEntry, place: TextPlace, boost: number): Completion {
  const option: Completion = {
    label: entry.key,
    ...(entry.unit === null ? {} : { detail: entry.unit }),
    type: 'property',
    boost,
    info: () => guideElement(entry),
  };
  if (place.quoted) return option;
  const settings = place.path[0] === 'conditions' ? place.path.slice(2) : place.path;
  const template = snippets.get([...settings, entry.key].join('.'));
  const fits = template !== undefined && (!place.flow || !template.includes('\n'));
  if (fits) return snippetCompletion(template, option);
  if (entry.holds === 'mapping') return snippetCompletion(`${entry.key}: { \${} }`, option);
  if (entry.holds === 'list') return snippetCompletion(`${entry.key}: [\${}]`, option);
  return { ...option, apply: thenAsk(`${entry.key}: `) };
}

/** Inserts a key and its colon, and asks at once for its value. */
function thenAsk(text: string) {
  return (view: EditorView, _completion: Completion, from: number, to: number): void => {
    view.dispatch(insertCompletionText(view.state, text, from, to));
    startCompletion(view);
  };
}

function valueOptions(place: TextPlace, root: SourceNode | undefined): Completion[] {
  return choicesAt(place.path, root).map((label, index) => ({ label, type: 'enum', boost: -index }));
}

function presetOption({ title, description, text }: CompletablePreset): Completion {
  return { label: title, detail: 'preset', info: description, type: 'text', apply: text, boost: -90 };
}
