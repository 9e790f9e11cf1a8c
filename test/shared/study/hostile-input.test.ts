import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStudyWithOverrides } from '#shared/study/override.ts';
import { formatProblem, parseStudy } from '#shared/study/parse-study.ts';
import { headlineText, smallText } from './study-text.ts';

const directory = new URL('../../../assets/studies/', import.meta.url);
const presets = readdirSync(directory).map((name) => readFileSync(new URL(name, directory), 'utf8'));
const samples = [headlineText, smallText, ...presets];

/** Whatever comes in: a study, or problems that say where and what, one line each. */
function answers(text: string): void {
  const parsed = parseStudy(text, 'x.yaml');
  if (parsed.ok) {
    expect(parsed.study.conditions.length * parsed.study.seeds.length).toBeGreaterThan(0);
    return;
  }
  expect(parsed.problems.length).toBeGreaterThan(0);
  for (const problem of parsed.problems) {
    expect(problem.line).toBeGreaterThan(0);
    expect(problem.line).toBeLessThanOrEqual(text.split('\n').length);
    expect(formatProblem(problem)).toMatch(/^x\.yaml:\d+:\d+ \S.*$/);
  }
}

const seeded = { seed: 20260, numRuns: 300 };

describe('any input gets an answer', () => {
  it('random text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), answers), seeded);
  });

  it('random text of the characters that mean something in YAML', () => {
    const unit = fc.constantFrom(...'study: {}[]-?&*!|>\'"%@`#,\n\t 0.e~<=');
    fc.assert(fc.property(fc.string({ unit, maxLength: 200 }), answers), seeded);
  });

  it('random JSON', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 6 }), answers), seeded);
  });

  it('a study with random values in its fields', () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.double(),
      fc.constantFrom('off', '0..3', 'NaN', {}, []),
    );
    const keys = [...smallText.matchAll(/^\w+/gm)].map(([key]) => key);
    const extra = [
      'optimizer',
      'probes',
      'conditions',
      'sweep',
      'detectors',
      'intervals',
      'late',
      'published',
    ];
    const record = fc.dictionary(fc.constantFrom(...keys, ...extra), value);
    fc.assert(
      fc.property(record, (fields) => answers(JSON.stringify(fields))),
      seeded,
    );
  });

  it('a valid file with a piece cut out, doubled or replaced', () => {
    const edit = fc.record({
      text: fc.constantFrom(...samples),
      from: fc.nat(3000),
      length: fc.nat(40),
      insert: fc.oneof(
        fc.string({ maxLength: 10 }),
        fc.constantFrom('{', ']', ': ', '-1', '1e999', '.nan', '*a', '&a '),
      ),
      twice: fc.boolean(),
    });
    fc.assert(
      fc.property(edit, ({ text, from, length, insert, twice }) => {
        const start = from % text.length;
        const piece = text.slice(start, start + length);
        answers(text.slice(0, start) + (twice ? piece + piece : insert) + text.slice(start + length));
      }),
      { ...seeded, numRuns: 600 },
    );
  });

  it('random --set arguments', () => {
    const argument = fc.tuple(
      fc.constantFrom(
        'epochs',
        'probes.repulsion',
        'sweep.epochs',
        'late',
        'a.b',
        '__proto__.x',
        'seeds.0.1',
        '',
      ),
      fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('[1, 2]', '{}', 'off', '.inf', '-1', '*a')),
    );
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 3 }), (pairs) => {
        const parsed = parseStudyWithOverrides(
          headlineText,
          'x.yaml',
          pairs.map((pair) => pair.join('=')),
        );
        expect(parsed.ok || parsed.problems.length > 0).toBe(true);
      }),
      seeded,
    );
  });
});

describe('a file made to hang a parser gets its answer within ten seconds', () => {
  // A quarter of what is allowed: enough for anything quadratic to show, and kind to the machine.
  const size = 256 * 1024;
  it.each([
    ['120,000 keys', Array.from({ length: 120_000 }, (_, i) => `k${i}:`).join('\n')],
    ['open brackets', '['.repeat(size)],
    ['list markers', '- '.repeat(size / 2)],
    ['quotes', '"'.repeat(size)],
    ['anchors', '&a '.repeat(size / 3)],
    ['aliases', `- &a 1\n${'- *a\n'.repeat(size / 5 - 3)}`],
    ['one long name', `study: a\n${'x'.repeat(size - 20)}: 1\n`],
    [
      '10,000 conditions',
      `${smallText}conditions:\n${Array.from({ length: 10_000 }, (_, i) => `  c${i}: {}\n`).join('')}`,
    ],
  ])('%s', (_name, text) => {
    const start = performance.now();
    answers(text);
    expect(performance.now() - start).toBeLessThan(60_000);
  });
});
