import type { EngineReport } from '#shared/models/lab.ts';
import type { Run } from '#shared/models/run.ts';
import type { Settings } from '#shared/models/settings.ts';
import { fromTheSeed } from '../trainer/checkpoint.ts';
import type { StartingPoint } from '../trainer/checkpoint.ts';
import { attemptRun } from './attempt-run.ts';
import type { AttemptDependencies, Stopped } from './attempt-run.ts';
import { failRun } from './fail-run.ts';
import { fits } from './message-judge.ts';
import { readCheckpoint } from './stored-checkpoint.ts';

/** A trainer that dies is started again so often before its run has failed. */
const restarts = 3;

/** How a run left its trainer: with its last state stored, or stopped by us (the caller says what that means). */
export type TrainedRun = { readonly kind: 'ended' } | Stopped;

/**
 * Trains a run to its end, from where the store has it, with a new trainer from the last checkpoint whenever one dies.
 * @throws what the store threw when it could not be written
 */
export async function trainRun(
  dependencies: AttemptDependencies,
  run: Run,
  engine: EngineReport,
  signal: AbortSignal,
): Promise<TrainedRun> {
  const { store, onEvent } = dependencies;
  for (let deaths = 0; ; deaths++) {
    mendRows(dependencies, run);
    dropOtherEngines(dependencies, run, engine);
    const start = await startingPoint(dependencies, run);
    const outcome = await attemptRun(dependencies, run, engine, start, signal);
    if (outcome.kind !== 'died') return outcome;
    if (deaths === restarts) {
      const reason = `${outcome.how} It was the ${ordinal(deaths + 1)} trainer of this run to end so; retrying goes on from the rows it has.`;
      failRun(store, run.id, reason, 0);
      onEvent({ type: 'state', run, state: 'failed', problem: reason });
      return { kind: 'ended' };
    }
    store.runs.countRestart(run.id);
  }
}

/**
 * What the disk changed of a run that is not finished is dropped, and trained again to the same bits: rows from the first damaged one on,
 * and damaged probes.
 */
function mendRows({ store, onEvent }: AttemptDependencies, run: Run): void {
  const { rows } = store.runs.get(run.id);
  const sound = store.series.soundRows(run.id);
  if (sound < rows) store.series.truncate(run.id, sound);
  const probes = store.probes.dropDamaged(run.id);
  const lost = [
    ...(sound < rows ? [`rows ${sound} to ${rows - 1}`] : []),
    ...probes.map((epoch) => `the probe at epoch ${epoch}`),
  ];
  if (lost.length === 0) return;
  const what = `Run ${run.id} (${run.condition}, seed ${run.seed}): ${lost.join(' and ')}`;
  const message = `${what} had changed on the disk and will be trained again. Look at the disk, and at the rest with \`lab check\`.`;
  onEvent({ type: 'dropped', run, message });
}

function ordinal(n: number): string {
  return ['first', 'second', 'third', 'fourth'][n - 1] ?? `${n}th`;
}

/** Rows of another engine or version cannot be continued: they would not be one run's. They are dropped, and the run starts from its seed. */
function dropOtherEngines({ store, onEvent }: AttemptDependencies, run: Run, engine: EngineReport): void {
  const { rows, provenance } = store.runs.get(run.id);
  if (rows === 0) return;
  if (provenance?.engine === engine.engine && provenance.engineVersion === engine.version) return;
  store.runs.reset(run.id);
  const had = provenance === null ? 'an unknown engine' : `${provenance.engine} ${provenance.engineVersion}`;
  const message = `Run ${run.id} (${run.condition}, seed ${run.seed}): its ${rows} rows were of ${had} and cannot be continued by ${engine.engine} ${engine.version}. They were dropped; it trains from its seed.`;
  onEvent({ type: 'dropped', run, message });
}

/**
 * Where a run goes on: after its stored rows, from its checkpoint. Without one it trains from its seed, in silence up to its first missing
 * row: the rows it has would come out the same.
 */
async function startingPoint({ store, onEvent }: AttemptDependencies, { id }: Run): Promise<StartingPoint> {
  const run = store.runs.get(id);
  if (run.rows === 0) return fromTheSeed;
  const { checkpoint, damaged } = await readCheckpoint(store.snapshots, run);
  const probed = store.probes.epochs(id);
  const usable =
    checkpoint !== null &&
    fits(checkpoint, checkpoint.updates.length, run.settings, run.rows) &&
    !misses(run.settings, probed, checkpoint.epoch);
  if (!usable && damaged !== null) {
    const what = `Run ${id} (${run.condition}, seed ${run.seed}): its checkpoint of epoch ${damaged}`;
    const message = `${what} had changed on the disk. It is trained again from its seed; its ${run.rows} rows stay. Look at the disk, and at the rest with \`lab check\`.`;
    onEvent({ type: 'dropped', run, message });
  }
  return { checkpoint: usable ? checkpoint : null, fromRow: run.rows, probed };
}

/** A probe before the checkpoint could not be made up for from there. */
function misses({ probes }: Settings, probed: readonly number[], epoch: number): boolean {
  return probes.repulsion?.epochs.some((due) => due < epoch && !probed.includes(due)) === true;
}
