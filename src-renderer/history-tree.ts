import type { StudySummary } from '#shared/models/lab.ts';
import type { RunState } from '#shared/models/run.ts';
import { runStates } from '#shared/models/run.ts';
import type { RunTable } from '#shared/models/run-table.ts';
import { numberReader, textReader } from './run-columns.ts';

/** A run as the history shows it below its study. */
export interface TreeRun {
  readonly id: number;
  readonly studyId: number;
  readonly condition: string;
  /** Of the condition in its study's list, which decides its colour. */
  readonly place: number;
  readonly seed: number;
  readonly state: RunState;
  readonly tags: readonly string[];
}

export type TreeItem =
  | { readonly kind: 'study'; readonly key: string; readonly study: StudySummary; readonly open: boolean }
  | {
      readonly kind: 'run';
      readonly key: string;
      readonly run: TreeRun;
      readonly count: number;
      readonly at: number;
    }
  | { readonly kind: 'empty'; readonly key: string; readonly text: string };

export const treeColumns = ['studyId', 'condition', 'place', 'seed', 'state', 'tag'] as const;

/** The runs of a table with `treeColumns`. */
export function treeRuns(table: RunTable): TreeRun[] {
  const [studyId, place, seed] = ['studyId', 'place', 'seed'].map((name) => numberReader(table, name));
  const [condition, state, tag] = ['condition', 'state', 'tag'].map((name) => textReader(table, name));
  return Array.from(table.ids, (id, at) => ({
    id,
    studyId: studyId(at),
    condition: condition(at),
    place: place(at),
    seed: seed(at),
    state: runStates.find((known) => known === state(at)) ?? 'queued',
    tags: tag(at) === '' ? [] : tag(at).split(', '),
  })).toSorted((a, b) => a.place - b.place || a.seed - b.seed || a.id - b.id);
}

export const treeSorts = ['newest', 'oldest', 'name', 'state'] as const;
export type TreeSort = (typeof treeSorts)[number];

/** What needs a look comes first. */
const urgency: readonly RunState[] = ['running', 'failed', 'interrupted', 'queued', 'cancelled', 'finished'];

function rank({ states }: StudySummary): number {
  const place = urgency.findIndex((state) => states[state] > 0);
  return place < 0 ? urgency.length : place;
}

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** @param studies newest first, as the lab lists them */
export function sortStudies(studies: readonly StudySummary[], sort: TreeSort): readonly StudySummary[] {
  switch (sort) {
    case 'newest':
      return studies;
    case 'oldest':
      return studies.toReversed();
    case 'name':
      return studies.toSorted((a, b) => byName.compare(a.name, b.name));
    case 'state':
      return studies.toSorted((a, b) => rank(a) - rank(b));
  }
}

/** Every line of the tree, in order: a study, and below it its runs where it is open. */
export function treeItems(
  studies: readonly StudySummary[],
  open: ReadonlySet<number>,
  runs: ReadonlyMap<number, readonly TreeRun[]>,
): TreeItem[] {
  return studies.flatMap((study): TreeItem[] => {
    const isOpen = open.has(study.id);
    const head: TreeItem = { kind: 'study', key: studyKey(study.id), study, open: isOpen };
    if (!isOpen) return [head];
    const own = runs.get(study.id);
    if (!own?.length) {
      const text = own ? 'No runs here.' : 'Reading its runs ...';
      return [head, { kind: 'empty', key: `${head.key} empty`, text }];
    }
    return [
      head,
      ...own.map((run, at): TreeItem => ({ kind: 'run', key: runKey(run.id), run, at, count: own.length })),
    ];
  });
}

export function studyKey(id: number): string {
  return `study ${id}`;
}

export function runKey(id: number): string {
  return `run ${id}`;
}
