import type { StudyProblem } from './study-problem.ts';

/** A study file is a page of text; anything near this size is another file. */
const largestFile = 1024 * 1024;

/** Refuses what cannot be a study file before any parser sees it: empty, huge or binary. */
export function checkText(text: string, file: string): StudyProblem | null {
  const at = (offset: number, message: string): StudyProblem => {
    const before = text.slice(0, offset).split('\n');
    return { file, line: before.length, column: before[before.length - 1].length + 1, field: '', message };
  };
  const bytes = text.length > largestFile ? text.length : utf8Length(text);
  if (bytes > largestFile) {
    return at(0, `is larger than 1 MiB (${bytes} bytes or more): a study file is a page of text`);
  }
  const strange = text.search(notText);
  if (strange >= 0) {
    const code = text.charCodeAt(strange).toString(16).toUpperCase().padStart(4, '0');
    return at(
      strange,
      `is not text: found the character U+${code}; a study file is YAML or JSON, saved as UTF-8`,
    );
  }
  if (/^[\s\uFEFF]*$/.test(text)) {
    return at(0, 'is empty: a study file needs at least study, task, split, network, epochs and seeds');
  }
  return null;
}

/** Control characters other than tab, line feed and carriage return, what a decoder puts for bytes that are not UTF-8, and lone surrogates. */
const notText = /[[\p{Cc}\p{Cs}\uFFFD]--[\t\n\r]]/v;

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
