import { problem } from '#shared/models/problem.ts';
import type { DeletedItem } from '#shared/models/run-table.ts';
import type { Run } from '#shared/models/run.ts';
import type { LabDatabase } from './connection.ts';
import { integer, text } from './row.ts';

export interface Purged {
  readonly studies: number;
  readonly runs: number;
}

/** Newest first. Runs of a deleted study are listed with the study, not by themselves. */
export function listDeleted(database: LabDatabase): DeletedItem[] {
  const studies = database.all(
    `SELECT study.id, study.name, study.deleted_at, count(run.id) AS runs FROM study
       LEFT JOIN condition ON condition.study_id = study.id
       LEFT JOIN run ON run.condition_id = condition.id AND run.deleted_at IS NULL
     WHERE study.deleted_at IS NOT NULL GROUP BY study.id`,
    (row): DeletedItem => ({
      kind: 'study',
      id: integer(row, 'id'),
      name: text(row, 'name'),
      deletedAt: text(row, 'deleted_at'),
      runs: integer(row, 'runs'),
    }),
  );
  const runs = database.all(
    `SELECT run.id, study.name AS study, condition.name AS condition, seed, run.deleted_at FROM run
       JOIN condition ON condition.id = condition_id JOIN study ON study.id = study_id
     WHERE run.deleted_at IS NOT NULL AND study.deleted_at IS NULL`,
    (row): DeletedItem => ({
      kind: 'run',
      id: integer(row, 'id'),
      name: `${text(row, 'study')}, ${text(row, 'condition')}, seed ${integer(row, 'seed')}`,
      deletedAt: text(row, 'deleted_at'),
      runs: 1,
    }),
  );
  return [...studies, ...runs].toSorted((a, b) => (a.deletedAt < b.deletedAt ? 1 : -1));
}

/** Ends for good what was deleted at least `days` days before `now`, with all that belongs to it. */
export function purgeDeleted(database: LabDatabase, now: Date, days: number): Purged {
  const before = new Date(now.getTime() - days * 86_400_000).toISOString();
  return database.transaction(
    () => {
      const count = (): number =>
        database.get('SELECT count(*) AS n FROM run', (row) => integer(row, 'n')) ?? 0;
      const had = count();
      const studies = database.run('DELETE FROM study WHERE deleted_at <= ?', before).changes;
      database.run('DELETE FROM run WHERE deleted_at <= ?', before);
      return { studies, runs: had - count() };
    },
    { durable: true },
  );
}

/** @throws bad-argument naming a run that is training: its trainer would go on writing into what is deleted */
export function requireStill(runs: readonly Run[]): void {
  const running = runs.find((run) => run.state === 'running');
  if (running === undefined) return;
  throw problem(
    'bad-argument',
    `Run ${running.id} (${running.condition}, seed ${running.seed}) is training. Cancel it before it is deleted.`,
  );
}
