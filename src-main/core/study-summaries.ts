import type { StudyDetail, StudySummary } from '#shared/models/lab.ts';
import type { RunState } from '#shared/models/run.ts';
import type { LabStore } from '../store/lab-store.ts';
import type { StudyRecord } from '../store/study-store.ts';
import type { Scheduler } from './scheduler.ts';

/** The studies of the history, newest first; the deleted ones instead when asked for. */
export function listStudies(
  store: LabStore,
  scheduler: Scheduler,
  { search, deleted = false }: { readonly search?: string; readonly deleted?: boolean },
): StudySummary[] {
  const records = deleted
    ? store.studies.listDeleted()
    : search === undefined
      ? store.studies.list()
      : store.studies.search({ text: search });
  return records.toReversed().map((record) => studySummary(store, scheduler, record));
}

export function studySummary(store: LabStore, scheduler: Scheduler, record: StudyRecord): StudySummary {
  const { id, name, study, createdAt, deletedAt, tags, note } = record;
  const states: Record<RunState, number> = {
    queued: 0,
    running: 0,
    finished: 0,
    failed: 0,
    interrupted: 0,
    cancelled: 0,
  };
  for (const { state, count } of store.runs.countStates(id)) states[state] = count;
  const unfinished = states.queued + states.interrupted > 0;
  return {
    id,
    name,
    description: study.description,
    createdAt,
    deletedAt,
    tags,
    note,
    paused: unfinished && !scheduler.isActive(id),
    conditions: study.conditions.map((condition) => condition.name),
    seeds: study.seeds,
    states,
  };
}

export function studyDetail(store: LabStore, scheduler: Scheduler, record: StudyRecord): StudyDetail {
  return { ...studySummary(store, scheduler, record), study: record.study };
}
