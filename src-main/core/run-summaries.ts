import type { RunSummary } from '#shared/models/lab.ts';
import type { LabStore } from '../store/lab-store.ts';
import type { RunFilter } from './core.ts';

/** A page of runs, filtered and sorted in the store. */
export function listRuns(
  store: LabStore,
  { search, sort, ...filter }: RunFilter,
): { readonly total: number; readonly runs: readonly RunSummary[] } {
  const { total, rows } = store.table.page({
    ...filter,
    ...(search === undefined ? {} : { text: search }),
    ...(sort === undefined ? {} : { sort: sort.by, descending: sort.descending }),
  });
  return { total, runs: rows };
}
