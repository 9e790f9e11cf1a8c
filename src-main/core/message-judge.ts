import type { EngineReport } from '#shared/models/lab.ts';
import type { Run } from '#shared/models/run.ts';
import { seriesNames } from '#shared/models/series.ts';
import type { Settings } from '#shared/models/settings.ts';
import { fillsWindow } from '../trainer/checkpoint.ts';
import type { SentCheckpoint, StartingPoint, TrainingState } from '../trainer/checkpoint.ts';
import type { RowBatch, TrainerMessage, UpdatePart } from '../trainer/messages.ts';
import { UpdateJudge } from './update-judge.ts';

type Started = Extract<TrainerMessage, { type: 'started' }>;

/**
 * Knows what a run's trainer may say next. A message of the right shape can still be wrong (rows out of order, a second start, an end
 * before the last row); none of that may reach the store, where it would be taken for a fault of the lab itself.
 */
export class MessageJudge {
  readonly #run: Run;
  readonly #engine: EngineReport;
  readonly #names: readonly string[];
  readonly #probesDue: Set<number>;
  readonly #updates: UpdateJudge;
  #started = false;
  #nextRow: number;

  constructor(run: Run, engine: EngineReport, start: StartingPoint) {
    this.#run = run;
    this.#engine = engine;
    this.#names = seriesNames(run.settings.probes);
    this.#probesDue = new Set(run.settings.probes.repulsion?.epochs);
    for (const epoch of start.probed) this.#probesDue.delete(epoch);
    this.#nextRow = start.fromRow;
    this.#updates = new UpdateJudge(run.settings, start);
  }

  /** What is wrong with a message, as a sentence; null for a good one, which counts as said from then on. */
  faultOf(message: TrainerMessage): string | null {
    switch (message.type) {
      case 'failed':
        return null;
      case 'inspected':
      case 'replaying':
      case 'matrix-part':
      case 'matrix-units':
        return 'The trainer answered a question nobody asked.';
      case 'started':
        return this.#startFault(message);
    }
    if (!this.#started) return `The trainer sent its ${message.type} before it said that it had started.`;
    switch (message.type) {
      case 'rows':
        return this.#rowsFault(message);
      case 'probing':
        return this.#probeFault(message.epoch);
      case 'probe':
        return this.#probeFault(message.result.epoch) ?? this.#probed(message.result.epoch);
      case 'checkpoint':
        return this.#checkpointFault(message.checkpoint);
      case 'update-part':
        return this.#updateFault(message);
      case 'finished':
        return this.#endFault();
    }
  }

  #startFault({ provenance }: Started): string | null {
    if (this.#started) return 'The trainer said twice that it had started.';
    const { engine, version } = this.#engine;
    if (provenance.engine !== engine || provenance.engineVersion !== version) {
      return `The trainer started ${provenance.engine} ${provenance.engineVersion} where ${engine} ${version} was asked for.`;
    }
    this.#started = true;
    return null;
  }

  /** Rows must follow each other, all with the series of this run. */
  #rowsFault({ firstEpoch, names, columns }: RowBatch): string | null {
    const count = columns[0]?.length ?? 0;
    const rows = this.#run.settings.epochs + 1;
    if (firstEpoch !== this.#nextRow)
      return `The trainer sent row ${firstEpoch} where row ${this.#nextRow} was due.`;
    if (names.length !== this.#names.length || names.some((name, index) => name !== this.#names[index])) {
      return `The trainer sent rows of other series than this run's ${this.#names.length}.`;
    }
    if (count === 0 || columns.length !== names.length || columns.some(({ length }) => length !== count)) {
      return `The trainer sent rows that are not a table (${names.length} names, ${columns.length} columns).`;
    }
    if (this.#nextRow + count > rows) return `The trainer sent more rows than the run's ${rows}.`;
    this.#nextRow += count;
    return null;
  }

  #probeFault(epoch: number): string | null {
    return this.#probesDue.has(epoch) ? null : `The trainer probed epoch ${epoch}, where no probe was due.`;
  }

  #probed(epoch: number): null {
    this.#probesDue.delete(epoch);
    return null;
  }

  #checkpointFault(checkpoint: SentCheckpoint): string | null {
    if (!fits(checkpoint, checkpoint.updates, this.#run.settings, this.#nextRow))
      return `The trainer sent a checkpoint of epoch ${checkpoint.epoch} that no run like this could go on from.`;
    return this.#updates.checkpointFault(checkpoint);
  }

  /** Its row comes before a step. */
  #updateFault(part: UpdatePart): string | null {
    if (part.step < this.#nextRow) return this.#updates.partFault(part);
    return `The trainer sent an update of step ${part.step} before row ${part.step}.`;
  }

  #endFault(): string | null {
    const rows = this.#run.settings.epochs + 1;
    if (this.#nextRow !== rows) return `The trainer finished after ${this.#nextRow} of ${rows} rows.`;
    const [missing] = this.#probesDue;
    return missing === undefined ? null : `The trainer finished without its probe at epoch ${missing}.`;
  }
}

/**
 * Whether a run with `rows` rows can go on from a checkpoint: arrays of its network's sizes, and rows enough to fill its window again
 * where its updates do not.
 */
export function fits(
  { epoch, weights, optimizer }: TrainingState,
  updates: number,
  { task, network, optimizer: { kind }, probes }: Settings,
  rows: number,
): boolean {
  const layers = [2 * task.modulus * network.width, network.width * task.modulus];
  const moments = layers.flatMap((length) => (kind === 'sgd' ? [length] : [length, length]));
  return (
    Number.isInteger(epoch) &&
    epoch >= 0 &&
    optimizer.step === epoch &&
    Number.isInteger(updates) &&
    updates >= 0 &&
    updates <= epoch &&
    fillsWindow(epoch, updates, probes.spectrum?.window ?? 0, rows) &&
    weights.W.length === layers[0] &&
    weights.V.length === layers[1] &&
    optimizer.moments.length === moments.length &&
    optimizer.moments.every(({ length }, index) => length === moments[index])
  );
}
