import type { RunState } from '#shared/models/run.ts';
import { present } from './connection.ts';
import type { LabStore } from './lab-store.ts';
import { text } from './row.ts';
import { logChange } from './run-log.ts';
import { runState } from './run-record.ts';
import { probeDigest, seriesDigest } from './run-digest.ts';
import { readCovered, seriesCoverage } from './series-coverage.ts';
import { layoutId } from './series-store.ts';

/** What the damaged lab said about a run whose rows have been copied as far as they could be read. */
export interface RunRemains {
  readonly id: number;
  readonly label: string;
  readonly state: RunState;
  readonly rows: number;
  /** Lists of series names it may have: that of its layout, and that of its settings. */
  readonly layouts: readonly (readonly string[])[];
  readonly seriesDigest: string | null;
  readonly probeDigest: string | null;
  /** False for a lab of format 1: its numbers are taken as they are. */
  readonly hasDigests: boolean;
  /** What is known to be lost of it before its rows are looked at, as sentences without its label. */
  readonly lost: readonly string[];
}

/**
 * Makes a run whole that was copied piece by piece: it keeps the epochs that are there of every series, without a gap. A finished run
 * stays finished only with every number it finished with; with a changed number it is queued again, with missing ones interrupted.
 * @returns what is lost of it, a sentence each
 */
export function recoverRun(store: LabStore, run: RunRemains): string[] {
  const { database } = store;
  const width = widthOf(store, run);
  const names = run.layouts.find((layout) => layout.length === width) ?? [];
  const { rows, exact } = seriesCoverage(database, run.id, names.length);
  if (rows < run.rows || !exact) {
    rebuild(store, run.id, names, rows);
  } else {
    setLayout(store, run.id, names, rows);
  }
  const found = run.state === 'finished' ? checkFinished(store, run, rows) : settle(store, run, rows);
  setNewest(store, run.id);
  const lost = [...run.lost, ...found, ...dropWhatIsDamaged(store, run)];
  logRepair(store, run, lost);
  return lost.map((sentence) => `${run.label}: ${sentence}`);
}

/** What was done to a run is in its log; one that was left as it was has no entry. */
function logRepair(store: LabStore, { id, state: had }: RunRemains, lost: readonly string[]): void {
  const state = stateOf(store, id);
  const stopped = had === 'running' && state === 'interrupted';
  if (lost.length === 0 && !stopped) return;
  const what = lost.length === 0 ? ['it was training when its lab was damaged.'] : lost;
  logChange(store.database, store.clock(), id, { state, reason: `By \`lab repair\`: ${what.join(' ')}` });
}

/** How many series the chunks show, or the layout where there are none yet. */
function widthOf(store: LabStore, run: RunRemains): number {
  const shown = store.database.get(
    'SELECT max(series) AS last FROM chunk WHERE run_id = ?',
    (row) => row['last'],
    run.id,
  );
  const counted = typeof shown === 'number' ? shown + 1 : null;
  return (run.layouts.find((layout) => layout.length === counted) ?? run.layouts[0] ?? []).length;
}

function checkFinished(store: LabStore, run: RunRemains, rows: number): string[] {
  if (rows < run.rows || rows === 0) {
    return settle(store, { ...run, state: rows === 0 ? 'queued' : 'interrupted' }, rows);
  }
  const own = store.series.names(run.id);
  const names = run.layouts.find(
    (layout) =>
      layout.length === own.length &&
      (!run.hasDigests || seriesDigest(store.series, run.id, layout) === run.seriesDigest),
  );
  if (names === undefined) {
    clear(store, run.id);
    setState(store, run.id, 'queued', null);
    return [`a number in it had changed on the disk, nobody knows which. It is queued again.`];
  }
  setLayout(store, run.id, names, rows);
  store.database.run(
    `UPDATE run SET state = 'finished', series_digest = ?, probe_digest = ? WHERE id = ?`,
    seriesDigest(store.series, run.id, names),
    run.hasDigests ? run.probeDigest : probeDigest(store.database, run.id),
    run.id,
  );
  return [];
}

function settle(store: LabStore, run: RunRemains, rows: number): string[] {
  if (rows >= run.rows) {
    const interrupted = run.state === 'running';
    setState(
      store,
      run.id,
      interrupted ? 'interrupted' : run.state,
      interrupted ? 'It was training when its lab was damaged.' : undefined,
    );
    return [];
  }
  const problem = `Its rows from epoch ${rows} on were lost with a damaged lab.`;
  setState(store, run.id, rows === 0 ? 'queued' : 'interrupted', rows === 0 ? null : problem);
  return [
    `${run.rows - rows} of its ${run.rows} rows are lost, from epoch ${rows} on. ${rows === 0 ? 'It is queued again.' : '`resume` trains them again.'}`,
  ];
}

/** Probes and snapshots that cannot be used; a replay or the run itself makes them again. */
function dropWhatIsDamaged(store: LabStore, run: RunRemains): string[] {
  const lost: string[] = [];
  const finished = stateOf(store, run.id) === 'finished';
  const measured = probeDigest(store.database, run.id);
  if (finished && run.hasDigests && measured !== run.probeDigest) {
    store.probes.dropFrom(run.id, 0);
    store.database.run(
      'UPDATE run SET probe_digest = ? WHERE id = ?',
      probeDigest(store.database, run.id),
      run.id,
    );
    lost.push('its probes were damaged and are left out. `replay` computes them again.');
  } else if (!finished) {
    store.probes.dropFrom(run.id, store.series.rows(run.id));
  }
  const snapshot = store.snapshots.latest(run.id);
  if (!finished && snapshot?.updates.includes(null) === true)
    lost.push(
      'what its snapshot needs to go on was damaged. It starts again from its seed, and its rows stay.',
    );
  if (snapshot === null || finished || snapshot.updates.includes(null)) store.snapshots.drop(run.id);
  return lost;
}

function stateOf({ database }: LabStore, runId: number): RunState {
  const state = database.get('SELECT state FROM run WHERE id = ?', (row) => text(row, 'state'), runId);
  return runState(present(state, `run ${runId}`));
}

/** Writes the run's first rows anew, as `append` would have. */
function rebuild(store: LabStore, runId: number, names: readonly string[], rows: number): void {
  const columns = readCovered(store.database, runId, names.length, rows);
  clear(store, runId);
  if (rows === 0) return;
  setState(store, runId, 'running', null);
  store.series.append(runId, 0, names, columns);
}

function clear(store: LabStore, runId: number): void {
  for (const table of ['chunk', 'tail']) store.database.run(`DELETE FROM ${table} WHERE run_id = ?`, runId);
  store.database.run(
    'UPDATE run SET rows = 0, layout_id = NULL, train_accuracy = NULL, test_accuracy = NULL WHERE id = ?',
    runId,
  );
}

function setLayout(store: LabStore, runId: number, names: readonly string[], rows: number): void {
  if (rows === 0) return;
  store.database.run(
    'UPDATE run SET rows = ?, layout_id = ? WHERE id = ?',
    rows,
    layoutId(store.database, JSON.stringify(names)),
    runId,
  );
}

/** @param problem undefined leaves what the run says of itself */
function setState(store: LabStore, runId: number, state: RunState, problem: string | null | undefined): void {
  store.database.run('UPDATE run SET state = ? WHERE id = ?', state, runId);
  if (problem !== undefined) store.database.run('UPDATE run SET problem = ? WHERE id = ?', problem, runId);
}

function setNewest(store: LabStore, runId: number): void {
  const names = store.series.names(runId);
  const last = store.series.rows(runId) - 1;
  const newest = (name: string): number | null =>
    names.includes(name) ? (store.series.read(runId, name, [last, last])[0] ?? null) : null;
  store.database.run(
    'UPDATE run SET train_accuracy = ?, test_accuracy = ? WHERE id = ?',
    newest('train.accuracy'),
    newest('test.accuracy'),
    runId,
  );
}
