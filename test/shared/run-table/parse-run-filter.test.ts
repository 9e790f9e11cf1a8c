import { describe, expect, it } from 'vitest';
import type { RunColumnInfo } from '#shared/models/run-table.ts';
import { parseRunFilter } from '#shared/run-table/parse-run-filter.ts';
import type { FilterTerm } from '#shared/run-table/run-filter.ts';
import { fulfils } from '#shared/run-table/run-filter.ts';

const number = (name: string): RunColumnInfo => ({ name, kind: 'number', group: 'measure' });
const columns: readonly RunColumnInfo[] = [
  number('seed'),
  number('network.width'),
  number('optimizer.weightDecay'),
  number('probes.gradient.pairs'),
  number('probes.repulsion.pairs'),
  number('lock-in'),
  number('rho 0.07'),
  number('test.accuracy'),
  { name: 'state', kind: 'text', group: 'run' },
  { name: 'created', kind: 'date', group: 'run' },
];

function terms(text: string): readonly FilterTerm[] {
  const parsed = parseRunFilter(text, columns);
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed.terms;
}

function problems(text: string): readonly string[] {
  const parsed = parseRunFilter(text, columns);
  return parsed.ok ? [] : parsed.problems;
}

const compare = (column: string, operator: string, ...operands: (number | string | null)[]) => ({
  kind: 'comparison',
  column,
  operator,
  operands,
  negated: false,
});

describe('a filter of runs', () => {
  it('has words and comparisons, with or without spaces, in any order', () => {
    expect(terms('Sweep optimizer.weightDecay>0 lock-in < 200 test.accuracy >=0.99')).toEqual([
      { kind: 'word', text: 'sweep', negated: false },
      compare('optimizer.weightDecay', '>', 0),
      compare('lock-in', '<', 200),
      compare('test.accuracy', '>=', 0.99),
    ]);
    expect(terms('')).toEqual([]);
    expect(terms('width≥64 seed != 1e1')).toEqual([
      compare('network.width', '>=', 64),
      compare('seed', '!=', 10),
    ]);
  });

  it('knows alternatives, absence, negation and phrases', () => {
    expect(terms('state = failed, cancelled')).toEqual([compare('state', '=', 'failed', 'cancelled')]);
    expect(terms('state=failed,cancelled odd')).toEqual([
      compare('state', '=', 'failed', 'cancelled'),
      { kind: 'word', text: 'odd', negated: false },
    ]);
    expect(terms('state = failed , queued')).toEqual([compare('state', '=', 'failed', 'queued')]);
    expect(terms('lock-in = none not "weight decay" not')).toEqual([
      compare('lock-in', '=', null),
      { kind: 'word', text: 'weight decay', negated: true },
      { kind: 'word', text: 'not', negated: false },
    ]);
    expect(terms('"rho 0.07" < 100 not seed = 3')).toEqual([
      compare('rho 0.07', '<', 100),
      { ...compare('seed', '=', 3), negated: true },
    ]);
    expect(terms('state = "none"')).toEqual([compare('state', '=', 'none')]);
    expect(terms('created >= 2026-11')).toEqual([compare('created', '>=', '2026-11')]);
  });

  it('takes the end of a name where only one name has it, upper and lower case alike', () => {
    expect(terms('WEIGHTDECAY > 0')).toEqual([compare('optimizer.weightDecay', '>', 0)]);
    expect(problems('pairs > 3')).toEqual([
      'pairs may be probes.gradient.pairs or probes.repulsion.pairs: write the whole name.',
    ]);
  });

  it('says every fault at once, and what would do', () => {
    expect(problems('lockin < 3 seed < many state < 4 < 5 seed > created > soon lock-in < none')).toEqual([
      'No run has "lockin": did you mean lock-in?',
      'seed is a number; it cannot be compared with "many".',
      'state is text: use = != or ~ (contains), not <.',
      '< has nothing before it: write name < value.',
      'seed is a number; it cannot be compared with "created".',
      '> has nothing before it: write name > value.',
      'lock-in < none means nothing: write = none or != none.',
    ]);
    expect(problems('seed =')).toEqual(['seed = has nothing after it: write a value, or none.']);
    expect(problems('seed ~ 4')).toEqual(['seed is a number: use = != < <= > or >=, not ~.']);
    expect(problems('created < yesterday')).toEqual([
      'created is a date; write it as 2026-11-24 or 2026-11, not "yesterday".',
    ]);
    expect(problems('"open')).toEqual(['The quotation mark before "open" has no partner.']);
  });

  it('never throws, whatever is typed', () => {
    for (const text of [
      '=',
      '==',
      '<>',
      '"',
      '""',
      ',',
      'a=,',
      'not',
      'not not =',
      '! !=',
      '“a”',
      '\u0000',
    ]) {
      expect(() => parseRunFilter(text, columns)).not.toThrow();
    }
  });
});

function holds(value: number | string | null, text: string): boolean {
  const [term] = terms(text);
  if (term.kind !== 'comparison') throw new Error(text);
  return fulfils(value, term);
}

describe('a comparison', () => {
  it('leaves out what has no value, unless that is what it asks for', () => {
    for (const text of ['lock-in < 9', 'lock-in >= 9', 'lock-in != 9', 'lock-in = 9', 'lock-in != none'])
      expect(holds(Number.NaN, text)).toBe(false);
    expect(holds(Number.NaN, 'lock-in = none')).toBe(true);
    expect(holds(null, 'state != failed')).toBe(false);
    expect(holds(0, 'lock-in != none')).toBe(true);
  });

  it('orders numbers as numbers and dates as dates, and takes text whole unless told otherwise', () => {
    expect([9, 10, 100].map((value) => holds(value, 'seed < 10'))).toEqual([true, false, false]);
    expect([9, 10, 100].map((value) => holds(value, 'seed >= 10'))).toEqual([false, true, true]);
    expect(holds('2026-11-24T10:00:00.000Z', 'created >= 2026-11-24')).toBe(true);
    expect(holds('2026-11-23T10:00:00.000Z', 'created >= 2026-11-24')).toBe(false);
    expect(holds('Failed', 'state = failed')).toBe(true);
    expect(holds('failed', 'state = fail')).toBe(false);
    expect(holds('failed', 'state ~ FAIL')).toBe(true);
    expect(holds('failed', 'state != queued, failed')).toBe(false);
  });
});
