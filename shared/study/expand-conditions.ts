import { mergeNodes, nodeAlong } from './merge-nodes.ts';
import { settingsKeys, sweepPaths } from './settings-schema.ts';
import { nodeAt, plainValue, writtenValue, type MappingNode, type SourceNode } from './source-node.ts';
import { problemAt, type Located, type StudyProblem } from './study-problem.ts';

/** One condition before its settings are resolved: the base, what the condition changes, what the sweeps set. */
export interface Draft {
  readonly name: string;
  readonly settings: SourceNode;
  readonly at: Located;
}

export interface Drafts {
  readonly drafts: readonly Draft[];
  readonly problems: readonly StudyProblem[];
}

export const mostRuns = 10_000;

/** One path and one of its values. */
interface Step {
  readonly path: string;
  readonly value: SourceNode;
}

/** A study without conditions has one, called `base`; a top-level sweep alone makes them by itself. */
export function expandConditions(root: MappingNode): Drafts {
  const problems: StudyProblem[] = [];
  const base = settingsOf(root);
  const outer = sweepsOf(root, problems);
  const written = nodeAt(root, ['conditions']);
  const named = written?.kind === 'mapping' ? [...written.entries] : [];
  if (written?.kind === 'mapping' && named.length === 0) {
    problems.push(problemAt(written, 'must name at least one condition; leave it out for a study with one'));
  }
  const sources =
    named.length > 0
      ? named.map(([name, entry]) => ({ name, override: entry.value, at: entry.key }))
      : [{ name: null, override: null, at: root }];

  const plans = sources.map((source) => {
    const own = source.override?.kind === 'mapping' ? sweepsOf(source.override, problems) : [];
    if (source.override) problems.push(...contradictions(source.name ?? '', source.override, outer, own));
    return { ...source, sweeps: [...outer, ...own] };
  });
  const total = plans.reduce((sum, plan) => sum + productSize(plan.sweeps), 0);
  if (total > mostRuns) {
    const at = nodeAt(root, ['sweep']) ?? written ?? root;
    problems.push(
      problemAt(
        at,
        `makes ${total} conditions, and a study may have at most ${mostRuns} runs: sweep fewer values`,
      ),
    );
    return { drafts: [], problems };
  }
  const drafts = plans.flatMap((plan) => {
    const settings = plan.override?.kind === 'mapping' ? mergeNodes(base, settingsOf(plan.override)) : base;
    return product(plan.sweeps).map((steps) => draft(plan.name, settings, steps, plan.at));
  });
  problems.push(...nameClashes(drafts));
  return { drafts, problems };
}

function draft(name: string | null, settings: SourceNode, steps: readonly Step[], at: Located): Draft {
  const parts = steps.map(
    ({ path, value }) => `${path.slice(path.lastIndexOf('.') + 1)}=${writtenValue(value)}`,
  );
  const full = [...(name === null ? [] : [name]), ...parts].join(' ');
  return {
    name: full === '' ? 'base' : full,
    settings: steps.reduce<SourceNode>(
      (merged, { path, value }) =>
        mergeNodes(merged, nodeAlong(path.split('.'), value, { place: value.place, field: '' })),
      settings,
    ),
    at,
  };
}

/** The part of a mapping that settings are made of. */
function settingsOf(node: MappingNode): MappingNode {
  return { ...node, entries: new Map([...node.entries].filter(([key]) => settingsKeys.includes(key))) };
}

/** Each swept path with its steps. Paths and values that the format refuses are left out: they are reported with the format. */
function sweepsOf(node: MappingNode, problems: StudyProblem[]): Step[][] {
  const sweep = nodeAt(node, ['sweep']);
  if (sweep?.kind !== 'mapping') return [];
  return [...sweep.entries].flatMap(([path, { value: list }]) => {
    if (!sweepPaths.has(path) || list.kind !== 'list' || list.items.length === 0) return [];
    const seen = new Set<string>();
    for (const item of list.items) {
      const value = JSON.stringify(plainValue(item));
      if (seen.has(value))
        problems.push(problemAt(item, `is in the list twice: keep one ${writtenValue(item)}`));
      seen.add(value);
    }
    return [list.items.map((value) => ({ path, value }))];
  });
}

/** A sweep that sets what its condition sets as well would silently win: a control would lose its zero. */
function contradictions(
  name: string,
  override: SourceNode,
  outer: readonly Step[][],
  own: readonly Step[][],
): StudyProblem[] {
  const problems: StudyProblem[] = [];
  const ownPaths = own.map(([step]) => step.path);
  for (const [{ path }] of outer) {
    if (ownPaths.includes(path)) {
      problems.push(problemAt(override, `sweeps ${path}, and so does the study's sweep: keep one of them`));
    }
  }
  for (const [{ path }] of [...outer, ...own]) {
    const value = nodeAt(override, path.split('.'));
    if (value) {
      const remedy = `move the sweep into the conditions it is meant for, or remove the value from ${name}`;
      problems.push(problemAt(value, `is set by a sweep as well: ${remedy}`));
    }
  }
  return problems;
}

function productSize(sweeps: readonly Step[][]): number {
  return sweeps.reduce((size, steps) => size * steps.length, 1);
}

/** Every combination, the first sweep slowest. */
function product(sweeps: readonly Step[][]): Step[][] {
  return sweeps.reduce<Step[][]>(
    (rows, steps) => rows.flatMap((row) => steps.map((step) => [...row, step])),
    [[]],
  );
}

function nameClashes(drafts: readonly Draft[]): StudyProblem[] {
  const seen = new Set<string>();
  return drafts.flatMap(({ name, at }) => {
    const clash = seen.has(name);
    seen.add(name);
    return clash ? [problemAt(at, `makes a second condition called ${name}: rename one`)] : [];
  });
}
