import { checksum } from './checksum.ts';
import { type LabDatabase, present } from './connection.ts';
import { type Row, integer, text } from './row.ts';
import { logChange } from './run-log.ts';
import { layoutId } from './series-store.ts';

/** The new home of a study's conditions, by name. */
export type ConditionIds = ReadonlyMap<string, number>;

/** Copies a study with its conditions, tags and note from one lab into another, without runs. @returns its id there */
export function copyStudy(
  from: LabDatabase,
  to: LabDatabase,
  studyId: number,
  changes: { readonly name?: string; readonly note?: string } = {},
): number {
  const found = from.get(
    'SELECT name, identity, file, model, source, created_at, note, crc32 FROM study WHERE id = ?',
    (row) => ({ ...row }),
    studyId,
  );
  const row = present(found, `study ${studyId}`);
  const name = changes.name ?? text(row, 'name');
  const model = changes.name === undefined ? text(row, 'model') : renamed(text(row, 'model'), name);
  // As it was where the text is: a copy must not call damage sound.
  const crc32 = changes.name === undefined ? row['crc32'] : checksum(model, text(row, 'source'));
  const { id } = insert(to, 'study', { ...row, name, model, crc32, note: changes.note ?? text(row, 'note') });
  copyChildren(from, to, 'study_tag', 'tag', 'study_id', studyId, id);
  copyChildren(from, to, 'condition', 'name, settings', 'study_id', studyId, id);
  return id;
}

export function conditionIds(database: LabDatabase, studyId: number): ConditionIds {
  return new Map(
    database.all(
      'SELECT id, name FROM condition WHERE study_id = ?',
      (row) => [text(row, 'name'), integer(row, 'id')] as const,
      studyId,
    ),
  );
}

/**
 * Copies a run with all it holds into a condition of another lab. One that is training there arrives as interrupted.
 * @param into a run that has nothing yet and is filled; a new one by default
 * @returns its id in `to`
 */
export function copyRun(
  from: LabDatabase,
  to: LabDatabase,
  runId: number,
  conditionId: number,
  into?: number,
): number {
  const found = from.get(
    `SELECT seed, state, rows, seconds, provenance, problem, attempts, train_accuracy, test_accuracy, series_digest,
       probe_digest, note
     FROM run WHERE id = ?`,
    (row) => ({ ...row }),
    runId,
  );
  const row: Row = {
    ...present(found, `run ${runId}`),
    condition_id: conditionId,
    layout_id: copyLayout(from, to, runId),
  };
  const still =
    row['state'] === 'running'
      ? { ...row, state: 'interrupted', problem: 'It was training when it was copied from another lab.' }
      : row;
  const id = into ?? insert(to, 'run', still).id;
  if (into !== undefined) {
    update(to, 'run', into, still);
    to.run('DELETE FROM run_event WHERE run_id = ?', into);
  }
  copyChildren(from, to, 'run_tag', 'tag', 'run_id', runId, id);
  copyChildren(from, to, 'chunk', 'series, number, data, crc32', 'run_id', runId, id);
  copyChildren(from, to, 'tail', 'first_epoch, data, crc32', 'run_id', runId, id);
  copyChildren(from, to, 'probe', 'kind, epoch, header, data, crc32', 'run_id', runId, id);
  copyChildren(from, to, 'snapshot', 'epoch, header, bytes, crc32', 'run_id', runId, id);
  // Not the parts of one that is just being saved.
  copyChildren(
    from,
    to,
    'snapshot_part',
    'epoch, number, data',
    'run_id',
    runId,
    id,
    'AND epoch = (SELECT epoch FROM snapshot WHERE run_id = snapshot_part.run_id)',
  );
  copyChildren(
    from,
    to,
    'update_part',
    'step, number, data, crc32',
    'run_id',
    runId,
    id,
    'AND step < (SELECT epoch FROM snapshot WHERE run_id = update_part.run_id)',
  );
  copyChildren(
    from,
    to,
    'run_event',
    'number, at, state, attempt, rows, engine, checkpoint, reason, crc32',
    'run_id',
    runId,
    id,
  );
  if (still !== row) logChange(to, new Date(), id, { state: 'interrupted', reason: text(still, 'problem') });
  return id;
}

function copyLayout(from: LabDatabase, to: LabDatabase, runId: number): number | null {
  const names = from.get(
    'SELECT names FROM series_layout WHERE id = (SELECT layout_id FROM run WHERE id = ?)',
    (row) => text(row, 'names'),
    runId,
  );
  if (names === undefined) return null;
  return layoutId(to, names);
}

function copyChildren(
  from: LabDatabase,
  to: LabDatabase,
  table: string,
  columns: string,
  parent: string,
  fromId: number,
  toId: number,
  only = '',
): void {
  const rows = from.all(
    `SELECT ${columns} FROM ${table} WHERE ${parent} = ? ${only} ORDER BY rowid`,
    (row) => ({ ...row }),
    fromId,
  );
  for (const row of rows) insert(to, table, { ...row, [parent]: toId });
}

function insert(to: LabDatabase, table: string, row: Row): { readonly id: number } {
  const columns = Object.keys(row);
  return to.run(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    ...Object.values(row),
  );
}

function update(to: LabDatabase, table: string, id: number, row: Row): void {
  const changes = Object.keys(row).map((column) => `${column} = ?`);
  to.run(`UPDATE ${table} SET ${changes.join(', ')} WHERE id = ?`, ...Object.values(row), id);
}

/** The model's JSON with another name; its other fields as they are. */
function renamed(model: string, name: string): string {
  return JSON.stringify({ ...JSON.parse(model), name });
}
