import { type } from '@orpc/contract';
import { z } from 'zod';
import type { RunSummary } from '../models/lab.ts';
import { runStates } from '../models/run.ts';
import type { RunLogEntry } from '../models/run-log.ts';
import type { DeletedItem, RunColumnInfo, RunTable } from '../models/run-table.ts';
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

const tableQuery = fields({
  studyId: id.exactOptional(),
  where: text('a filter').max(2000, 'must have at most 2000 characters').exactOptional(),
  sort: fields({ by: text('the name of a column'), descending: yesOrNo }).exactOptional(),
  columns: z
    .array(text('the name of a column'), 'must be a list of names of columns')
    .max(200, 'must name at most 200 columns')
    .readonly()
    .exactOptional(),
});

/** A page of a table: the runs asked for, of how many. */
export interface RunPage {
  readonly total: number;
  readonly runs: readonly RunSummary[];
}

/** Runs: found, measured, stopped, kept in order. */
export const runOperations = {
  listRuns: operation.input(runFilter).output(type<RunPage>()),
  /** Every run that fits a filter, as columns; for tables, trees and whoever chooses runs by what was measured. */
  runTable: operation.input(tableQuery).output(type<RunTable>()),
  /** What runs can be filtered and sorted by. */
  runColumns: operation.output(type<readonly RunColumnInfo[]>()),
  getRun: operation.input(byId).output(type<RunSummary>()),
  /** What a run became, and when and why, oldest first. */
  runLog: operation.input(byId).output(type<readonly RunLogEntry[]>()),
  measureRun: operation.input(byId).output(type<ReportRun>()),
  compareRuns: operation.input(fields({ runIds: ids })).output(type<Comparison>()),
  cancelRun: operation.input(byId).output(type<void>()),
  retryRun: operation.input(byId).output(type<void>()),
  deleteRun: operation.input(byId).output(type<void>()),
  restoreRun: operation.input(byId).output(type<void>()),
  tagRun: operation.input(fields({ id, tags })).output(type<void>()),
  /** All of them or none. */
  deleteRuns: operation.input(fields({ ids })).output(type<void>()),
  restoreRuns: operation.input(fields({ ids })).output(type<void>()),
  tagRuns: operation.input(fields({ ids, add: tags, remove: tags })).output(type<void>()),
  /** Those that can be; the others are left as they are. */
  cancelRuns: operation.input(fields({ ids })).output(type<void>()),
  retryRuns: operation.input(fields({ ids })).output(type<void>()),
  /** Studies and runs that can still come back, newest first. */
  listDeleted: operation.output(type<readonly DeletedItem[]>()),
  annotateRun: operation.input(fields({ id, note })).output(type<void>()),
};
