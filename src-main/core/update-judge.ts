import type { Settings } from '#shared/models/settings.ts';
import type { SentCheckpoint, StartingPoint } from '../trainer/checkpoint.ts';
import type { UpdatePart } from '../trainer/messages.ts';
import { partLength, updateLengths } from '../trainer/update-parts.ts';

/** Knows which updates a run's trainer may send for its checkpoints, and which the store has. */
export class UpdateJudge {
  readonly #window: number;
  /** Numbers in an update. */
  readonly #length: number;
  /** Steps whose updates are whole. */
  readonly #whole: Set<number>;
  /** The update that is coming in, and how many parts of it have come. */
  #coming: { readonly step: number; readonly parts: number } | null = null;
  #sinceCheckpoint = 0;

  constructor(settings: Settings, { checkpoint }: StartingPoint) {
    this.#window = settings.probes.spectrum?.window ?? 0;
    this.#length = updateLengths(settings).reduce((sum, length) => sum + length, 0);
    const { epoch, updates } = checkpoint ?? { epoch: 0, updates: [] };
    this.#whole = new Set(updates.map((_, index) => epoch - updates.length + index));
  }

  /** Parts must follow each other, and no more updates come between two checkpoints than two of them can need. */
  partFault({ step, number, data }: UpdatePart): string | null {
    const { step: due, parts } = this.#coming ?? { step, parts: 0 };
    if (!Number.isInteger(step) || step < 0 || step !== due || number !== parts)
      return `The trainer sent part ${number} of the update of step ${step} where part ${parts} of that of step ${due} was due.`;
    const left = this.#length - number * partLength;
    if (data.length !== Math.min(left, partLength))
      return `The trainer sent ${data.length} numbers of an update where ${Math.max(0, Math.min(left, partLength))} were due.`;
    if (this.#sinceCheckpoint === 2 * this.#window)
      return `The trainer sent ${this.#sinceCheckpoint + 1} updates without a checkpoint.`;
    this.#coming = left > partLength ? { step, parts: parts + 1 } : null;
    if (this.#coming === null) {
      this.#whole.add(step);
      this.#sinceCheckpoint += 1;
    }
    return null;
  }

  /** What a checkpoint is said to need must have come. */
  checkpointFault({ epoch, updates }: SentCheckpoint): string | null {
    for (let step = epoch - updates; step < epoch; step++) {
      if (!this.#whole.has(step))
        return `The trainer sent a checkpoint of epoch ${epoch} without the update of step ${step}, which it needs.`;
    }
    for (const step of this.#whole) if (step < epoch - updates) this.#whole.delete(step);
    this.#sinceCheckpoint = 0;
    return null;
  }
}
