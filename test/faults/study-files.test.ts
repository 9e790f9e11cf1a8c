import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { ProblemError } from '#shared/models/problem.ts';
import { openCore } from '../src-main/core/core-fixtures.ts';
import { headlineText, smallText } from '../shared/study/study-text.ts';
import { seededFor, shortOrLong, summarize } from './fault-set.ts';

const presets = new URL('../../assets/studies/', import.meta.url);
const valid = [headlineText, smallText].concat(
  readdirSync(presets).map((name) => readFileSync(new URL(name, presets), 'utf8')),
);

/** Longer than this is a hang, on any machine. */
const longestMilliseconds = 60_000;
/** A study of more runs than this is checked and not created: its rows in the lab would be the test's whole time. */
const mostRunsCreated = 200;

const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    '',
    'off',
    '0..3',
    '0..1e9',
    'NaN',
    0,
    -1,
    1e308,
    -0,
    0.1,
    2 ** 53,
    [],
    {},
  ),
  fc.integer(),
  fc.double(),
  fc.string({ maxLength: 12 }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A change somewhere in a file: `path` picks a child at every level, wherever it leads. */
const change = fc.record({
  path: fc.array(fc.nat(40), { minLength: 1, maxLength: 5 }),
  kind: fc.constantFrom('replace', 'remove', 'rename', 'copy', 'wrap'),
  value: scalar,
  key: fc.oneof(
    fc.string({ maxLength: 10 }),
    fc.constantFrom('__proto__', 'constructor', 'sweep', 'probes', 'seeds'),
  ),
});

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(node: unknown, { path, kind, value, key }: Change, depth = 0): unknown {
  if (typeof node !== 'object' || node === null) return value;
  const entries = Object.entries(node);
  if (entries.length === 0) return value;
  const [name, child] = entries[path[depth] % entries.length];
  const rest = entries.filter(([other]) => other !== name);
  const rebuilt = (pairs: [string, unknown][]): unknown =>
    Array.isArray(node) ? pairs.map(([, item]) => item) : Object.fromEntries(pairs);
  if (depth < path.length - 1 && typeof child === 'object' && child !== null) {
    const inner = changed(child, { path, kind, value, key }, depth + 1);
    return rebuilt(entries.map(([other, item]) => [other, other === name ? inner : item]));
  }
  switch (kind) {
    case 'remove':
      return rebuilt(rest);
    case 'rename':
      return rebuilt([...rest, [key, child]]);
    case 'copy':
      return rebuilt([...entries, [key, child]]);
    case 'wrap':
      return rebuilt(entries.map(([other, item]) => [other, other === name ? [item, item] : item]));
    default:
      return rebuilt(entries.map(([other, item]) => [other, other === name ? value : item]));
  }
}

/** A valid study's tree, changed, as YAML or JSON; or its text, cut and patched. */
const studyFile = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({
        text: fc.constantFrom(...valid),
        changes: fc.array(change, { minLength: 1, maxLength: 4 }),
        json: fc.boolean(),
      })
      .map(({ text, changes, json }) => {
        const tree = changes.reduce<unknown>((node, next) => changed(node, next), parse(text));
        return json ? (JSON.stringify(tree) ?? '') : stringify(tree);
      }),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        text: fc.constantFrom(...valid),
        at: fc.nat(),
        length: fc.nat(60),
        patch: fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 20 })),
      })
      .map(({ text, at, length, patch }) => {
        const from = at % text.length;
        return text.slice(0, from) + patch + text.slice(from + length);
      }),
  },
);

it(
  'any study file gets its answer at once: errors with their places, or a study the lab can take',
  () => {
    const { core } = openCore();
    const files = shortOrLong(500, 10_000);
    const seed = seededFor('study files')(2 ** 31);
    const tally = { refused: 0, created: 0, large: 0, slowest: 0 };
    const property = fc.property(studyFile, (text) => {
      const started = performance.now();
      const check = core.checkStudy(text, 'x.yaml');
      if (!check.ok) {
        tally.refused++;
        expect(check.problems.length).toBeGreaterThan(0);
        for (const { line, column, message } of check.problems) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
          expect(message).not.toBe('');
        }
        expect(() => core.createStudy(text, 'x.yaml')).toThrow(ProblemError);
      } else {
        const { runs, rows, bytes } = check.preview;
        expect(runs).toBeGreaterThan(0);
        expect(rows).toBeGreaterThanOrEqual(runs);
        expect(Number.isFinite(bytes)).toBe(true);
        if (runs > mostRunsCreated) tally.large++;
        else {
          tally.created++;
          const { id, states } = core.createStudy(text, 'x.yaml');
          // The lab may have runs of a study that trains the same already.
          expect(Object.values(states).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(runs);
          expect(core.getStudy(id).study.conditions.length).toBe(check.preview.conditions);
        }
      }
      const took = performance.now() - started;
      tally.slowest = Math.max(tally.slowest, took);
      expect(took).toBeLessThan(longestMilliseconds);
    });
    fc.assert(property, { seed, numRuns: files });
    expect(tally.created).toBeGreaterThan(0);
    expect(tally.refused).toBeGreaterThan(0);
    summarize(
      `study files: ${files} generated; ${tally.refused} refused with every error at its place, ${tally.created} stored, ${tally.large} valid and too large to store here; slowest answer ${Math.round(tally.slowest)} ms.`,
    );
  },
  20 * 60_000,
);
