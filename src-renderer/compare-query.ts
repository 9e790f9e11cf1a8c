import type { LocationQuery } from 'vue-router';

/** One line of a comparison, as an address names it. */
export type ComparedItem =
  | { readonly kind: 'run'; readonly runId: number }
  | { readonly kind: 'condition'; readonly studyId: number; readonly condition: string };

/** What all conditions of a study are asked for with. */
export interface CompareRequest {
  readonly items: readonly ComparedItem[];
  readonly studies: readonly number[];
  /** Series that are drawn; empty for the usual ones. */
  readonly series: readonly string[];
}

/**
 * `runs=1,2&conditions=12:grokking,15:control&studies=4&series=test.loss`. Names of conditions have neither commas nor colons. What cannot
 * be read is left out: an address that was cut short still shows the rest.
 */
export function readCompareQuery(query: LocationQuery): CompareRequest {
  const conditions = listed(query.conditions).flatMap((text): ComparedItem[] => {
    const [, study, condition] = /^(\d+):(.+)$/.exec(text) ?? [];
    return condition === undefined ? [] : [{ kind: 'condition', studyId: Number(study), condition }];
  });
  const runs = numbers(query.runs).map((runId): ComparedItem => ({ kind: 'run', runId }));
  return { items: [...conditions, ...runs], studies: numbers(query.studies), series: listed(query.series) };
}

export function writeCompareQuery(
  items: readonly ComparedItem[],
  series: readonly string[],
): Record<string, string> {
  const conditions = items.flatMap((item) =>
    item.kind === 'condition' ? [`${item.studyId}:${item.condition}`] : [],
  );
  const runs = items.flatMap((item) => (item.kind === 'run' ? [item.runId] : []));
  return {
    ...(conditions.length > 0 ? { conditions: conditions.join(',') } : {}),
    ...(runs.length > 0 ? { runs: runs.join(',') } : {}),
    ...(series.length > 0 ? { series: series.join(',') } : {}),
  };
}

export function sameItem(a: ComparedItem, b: ComparedItem): boolean {
  if (a.kind === 'run') return b.kind === 'run' && a.runId === b.runId;
  return b.kind === 'condition' && a.studyId === b.studyId && a.condition === b.condition;
}

function listed(value: LocationQuery[string] | undefined): string[] {
  const texts = Array.isArray(value) ? value : [value];
  return [...new Set(texts.flatMap((text) => text?.split(',') ?? []).filter((text) => text !== ''))];
}

function numbers(value: LocationQuery[string] | undefined): number[] {
  return listed(value)
    .map(Number)
    .filter((number) => Number.isInteger(number) && number > 0);
}
