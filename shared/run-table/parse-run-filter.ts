import type { RunColumnInfo } from '../models/run-table.ts';
import { didYouMean } from '../study/nearest-name.ts';
import type { FilterOperator, FilterTerm } from './run-filter.ts';
import { filterOperators } from './run-filter.ts';

export type ParsedFilter =
  | { readonly ok: true; readonly terms: readonly FilterTerm[] }
  /** Every fault of the filter, a sentence each. */
  | { readonly ok: false; readonly problems: readonly string[] };

interface Token {
  readonly kind: 'operator' | 'name';
  readonly text: string;
  /** Quoted text is never `not` or `none`, and `"4"` is a word. */
  readonly quoted: boolean;
}

/** What looks like a date, or the beginning of one, compares as text does. */
const datePattern = /^\d{4}(-\d\d(-\d\d(T[\d:.]+Z?)?)?)?$/;

/**
 * A filter of runs as a person types it: terms that all hold. A term is a word that occurs in a run's study, condition, notes or tags; a
 * quoted phrase; or a comparison, `name operator value`, with `= != < <= > >=` and `~` (contains). `none` is "has no value", commas
 * list alternatives, `not` in front turns a term around.
 *
 *     lock-in < 200   optimizer.weightDecay > 0   state = failed, cancelled   not control   "rho 0.07" = none
 *
 * @param columns what there is to compare; a name may be shortened to its end, `weightDecay`, where that is unique
 */
export function parseRunFilter(text: string, columns: readonly RunColumnInfo[]): ParsedFilter {
  const { tokens, open } = tokenize(text);
  const terms: FilterTerm[] = [];
  const problems: string[] = [];
  if (open) problems.push(`The quotation mark before ${JSON.stringify(open)} has no partner.`);
  for (let at = 0; at < tokens.length;) {
    const negated = isWord(tokens[at], 'not') && at + 1 < tokens.length;
    if (negated) at++;
    const [first, second] = [tokens[at], tokens[at + 1]];
    if (first.kind === 'operator') {
      problems.push(`${first.text} has nothing before it: write name ${first.text} value.`);
      at = skipOperands(tokens, at + 1).next;
    } else if (second?.kind === 'operator') {
      const { operands, next } = skipOperands(tokens, at + 2);
      at = next;
      const term = comparison(first.text, second.text, operands, columns);
      if (typeof term === 'string') problems.push(term);
      else terms.push({ ...term, negated });
    } else {
      terms.push({ kind: 'word', text: first.text.toLowerCase(), negated });
      at++;
    }
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, terms };
}

function tokenize(text: string): { readonly tokens: Token[]; readonly open: string | null } {
  const tokens: Token[] = [];
  const pattern = /\s*(?:"([^"]*)"|“([^”]*)”|"(.*)$|(<=|>=|!=|≤|≥|≠|=|<|>|~)|([^\s"“”<>=~!≤≥≠]+|!))/gy;
  const same: Readonly<Record<string, string>> = { '≤': '<=', '≥': '>=', '≠': '!=' };
  let open: string | null = null;
  for (const [, straight, curly, rest, operator, name] of text.matchAll(pattern)) {
    const phrase = straight ?? curly;
    if (phrase !== undefined) tokens.push({ kind: 'name', text: phrase, quoted: true });
    else if (rest !== undefined) open = rest;
    else if (operator !== undefined)
      tokens.push({ kind: 'operator', text: same[operator] ?? operator, quoted: false });
    else tokens.push({ kind: 'name', text: name, quoted: false });
  }
  return { tokens, open };
}

function isWord(token: Token, word: string): boolean {
  return token.kind === 'name' && !token.quoted && token.text.toLowerCase() === word;
}

/** The values after an operator: one, or several with commas between them, wherever the spaces are. */
function skipOperands(
  tokens: readonly Token[],
  start: number,
): { readonly operands: readonly Token[]; readonly next: number } {
  const operands: Token[] = [];
  let at = start;
  for (let more = true; more && tokens[at]?.kind === 'name'; at++) {
    const token = tokens[at];
    if (token.quoted) operands.push(token);
    else
      for (const part of token.text.split(',').filter((piece) => piece !== ''))
        operands.push({ ...token, text: part });
    const next = tokens[at + 1];
    more =
      (!token.quoted && token.text.endsWith(',')) ||
      (next?.kind === 'name' && !next.quoted && next.text.startsWith(','));
  }
  return { operands, next: at };
}

function comparison(
  typed: string,
  operatorText: string,
  operands: readonly Token[],
  columns: readonly RunColumnInfo[],
): FilterTerm | string {
  const operator = filterOperators.find((known) => known === operatorText) ?? '=';
  const column = findColumn(typed, columns);
  if (typeof column === 'string') return column;
  if (operands.length === 0) return `${typed} ${operator} has nothing after it: write a value, or none.`;
  const read: (number | string | null)[] = [];
  for (const operand of operands) {
    const value = readOperand(operand, operator, column);
    if (value instanceof Error) return value.message;
    read.push(value);
  }
  return { kind: 'comparison', column: column.name, operator, operands: read, negated: false };
}

function readOperand(
  { text, quoted }: Token,
  operator: FilterOperator,
  { name, kind }: RunColumnInfo,
): number | string | null | Error {
  const equality = operator === '=' || operator === '!=';
  if (!quoted && text.toLowerCase() === 'none') {
    return equality ? null : new Error(`${name} ${operator} none means nothing: write = none or != none.`);
  }
  if (kind === 'number') {
    if (operator === '~') return new Error(`${name} is a number: use = != < <= > or >=, not ~.`);
    const value = Number(text);
    return text.trim() !== '' && Number.isFinite(value)
      ? value
      : new Error(`${name} is a number; it cannot be compared with ${JSON.stringify(text)}.`);
  }
  if (kind === 'date' && operator !== '~' && !datePattern.test(text))
    return new Error(`${name} is a date; write it as 2026-11-24 or 2026-11, not ${JSON.stringify(text)}.`);
  if (kind !== 'date' && !equality && operator !== '~')
    return new Error(`${name} is text: use = != or ~ (contains), not ${operator}.`);
  return text;
}

/** The column a name means, or why it means none. */
function findColumn(typed: string, columns: readonly RunColumnInfo[]): RunColumnInfo | string {
  const lower = typed.toLowerCase();
  const exact =
    columns.find(({ name }) => name === typed) ?? columns.find(({ name }) => name.toLowerCase() === lower);
  if (exact) return exact;
  const ends = columns.filter(({ name }) => name.toLowerCase().endsWith(`.${lower}`));
  if (ends.length === 1) return ends[0];
  if (ends.length > 1) {
    const names = ends.map(({ name }) => name);
    return `${typed} may be ${names.slice(0, -1).join(', ')} or ${names.at(-1)}: write the whole name.`;
  }
  const names = columns.map(({ name }) => name);
  const suggestion = didYouMean(
    typed,
    columns.some(({ name }) => name.includes('.')) ? [...names, ...names.map(lastPart)] : names,
  );
  return `No run has ${JSON.stringify(typed)}: ${suggestion}`;
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** Whether a filter, as far as it is typed, compares anything; else it is words alone. */
export function comparesRuns(text: string): boolean {
  return tokenize(text).tokens.some(({ kind }) => kind === 'operator');
}
