import { setImmediate } from 'node:timers/promises';
import type { Run } from '#shared/models/run.ts';
import type { SnapshotStore } from '../store/snapshot-store.ts';
import type { Checkpoint, StepUpdate } from '../trainer/checkpoint.ts';
import { joinUpdate, updateLengths } from '../trainer/update-parts.ts';
import { decodeCheckpoint } from './checkpoint-codec.ts';

/** What the store has of a run to go on from, as far as it is what was saved. */
export interface StoredCheckpoint {
  /** Null when there is none, or it is damaged. Of its updates those after the last one that is damaged. */
  readonly checkpoint: Checkpoint | null;
  /** Of one of which the disk changed something. */
  readonly damaged: number | null;
}

/** Reads one update at a time, newest first, and lets everything else of the host in between: they are 35 MB on the headline task. */
export async function readCheckpoint(
  snapshots: SnapshotStore,
  { id, settings }: Pick<Run, 'id' | 'settings'>,
): Promise<StoredCheckpoint> {
  const epoch = snapshots.epoch(id) ?? null;
  const head = snapshots.head(id);
  const state = head && decodeCheckpoint(head.header, head.data);
  if (!head || !state) return { checkpoint: null, damaged: epoch };
  const lengths = updateLengths(settings);
  const updates: StepUpdate[] = [];
  for (let step = head.epoch - 1; step >= head.epoch - head.updates; step--) {
    const bytes = snapshots.update(id, step);
    const update = bytes && joinUpdate(bytes, lengths);
    if (!update) return { checkpoint: { ...state, updates: updates.toReversed() }, damaged: epoch };
    updates.push(update);
    await setImmediate();
  }
  return { checkpoint: { ...state, updates: updates.toReversed() }, damaged: null };
}
