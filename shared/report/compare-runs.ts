import type { Run } from '../models/run.ts';
import type { ReportRun } from './report.ts';

/** A setting or a measurement in which runs may differ: one value a run, null where a run has none. */
export interface ComparisonRow {
  /** `optimizer.weightDecay`, `seed`, `detectors.lock-in`, `late` ... */
  readonly name: string;
  readonly values: readonly (string | number | boolean | null)[];
}

export interface Comparison {
  /** Ids, in the order asked for; the columns of both tables. */
  readonly runIds: readonly number[];
  /** Only settings that differ: what all runs share says nothing about their difference. */
  readonly settings: readonly ComparisonRow[];
  readonly measured: readonly ComparisonRow[];
}

export interface ComparedRun {
  readonly run: Run;
  /** Scored by its own study's detectors. */
  readonly measured: ReportRun;
}

/** Sets runs of any studies side by side: the settings that differ, and what was measured of each. */
export function compareRuns(compared: readonly ComparedRun[]): Comparison {
  const settings = differingRows(
    compared.map(({ run }) => ({
      condition: run.condition,
      seed: run.seed,
      engine: run.provenance?.engine ?? null,
      ...run.settings,
    })),
  );
  const measured = tabulate(
    compared.map(({ measured: { state, detectors, intervals, late, final } }) =>
      flatten({ state, detectors, intervals, late, final }),
    ),
  );
  return {
    runIds: compared.map(({ run }) => run.id),
    settings,
    measured,
  };
}

/** The leaves in which these objects differ, by dotted path. */
export function differingRows(objects: readonly object[]): ComparisonRow[] {
  return tabulate(objects.map((object) => flatten(object))).filter(({ values }) =>
    values.some((value) => value !== values[0]),
  );
}

type Leaf = string | number | boolean | null;

/** Every leaf by its dotted path; lists count as one value, written out. */
function flatten(value: object, prefix = ''): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  for (const [key, part] of Object.entries(value)) {
    const name = prefix + key;
    if (Array.isArray(part)) leaves.set(name, JSON.stringify(part));
    else if (typeof part === 'object' && part !== null) {
      for (const [path, leaf] of flatten(part, `${name}.`)) leaves.set(path, leaf);
    } else leaves.set(name, isLeaf(part) ? part : String(part));
  }
  return leaves;
}

function isLeaf(value: unknown): value is Leaf {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** One row a name that occurs anywhere, in the order of first occurrence. */
function tabulate(columns: readonly ReadonlyMap<string, Leaf>[]): ComparisonRow[] {
  const names = new Set(columns.flatMap((column) => [...column.keys()]));
  return [...names].map((name) => ({ name, values: columns.map((column) => column.get(name) ?? null) }));
}
