import { type } from '@orpc/contract';
import { z } from 'zod';
import type { RunSummary } from '../models/lab.ts';
import { runStates } from '../models/run.ts';
import type { Comparison } from '../report/compare-runs.ts';
import type { ReportRun } from '../report/report.ts';
import { operation } from './failures.ts';
import { byId, choice, fields, id, ids, note, tags, text, wholeFrom, yesOrNo } from './inputs.ts';

export const runSortKeys = [
  'id',
  'study',
  'condition',
  'seed',
  'state',
  'rows',
  'seconds',
  'testAccuracy',
] as const;

const runFilter = fields({
  studyId: id.exactOptional(),
  search: text('text').exactOptional(),
  states: z
    .array(choice(runStates), 'must be a list of states, such as ["failed"]')
    .readonly()
    .exactOptional(),
  sort: fields({ by: choice(runSortKeys), descending: yesOrNo }).exactOptional(),
  offset: wholeFrom(0).exactOptional(),
  limit: wholeFrom(1).exactOptional(),
});

/** A page of a table: the runs asked for, of how many. */
export interface RunPage {
  readonly total: number;
  readonly runs: readonly RunSummary[];
}

/** Runs: found, measured, stopped, kept in order. */
export const runOperations = {
  listRuns: operation.input(runFilter).output(type<RunPage>()),
  getRun: operation.input(byId).output(type<RunSummary>()),
  measureRun: operation.input(byId).output(type<ReportRun>()),
  compareRuns: operation.input(fields({ runIds: ids })).output(type<Comparison>()),
  cancelRun: operation.input(byId).output(type<void>()),
  retryRun: operation.input(byId).output(type<void>()),
  deleteRun: operation.input(byId).output(type<void>()),
  restoreRun: operation.input(byId).output(type<void>()),
  tagRun: operation.input(fields({ id, tags })).output(type<void>()),
  annotateRun: operation.input(fields({ id, note })).output(type<void>()),
};
