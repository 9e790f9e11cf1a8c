import type { Settings } from '#shared/models/settings.ts';
import type { StepUpdate } from './checkpoint.ts';

/** Float32 numbers in one message and one row of a lab, 1 MB of them: small enough that writing it does not hold the host up. */
export const partLength = 250_000;

/** How many numbers the update of a step has in each layer whose spectrum is measured. */
export function updateLengths({
  task,
  network,
  probes,
}: Pick<Settings, 'task' | 'network' | 'probes'>): number[] {
  const lengths = { W: 2 * task.modulus * network.width, V: network.width * task.modulus };
  return (probes.spectrum?.layers ?? []).map((layer) => lengths[layer]);
}

/** Into how many parts of `partLength`, the last one shorter, an update is split. */
export function countParts(update: StepUpdate): number {
  return Math.ceil(sum(update.map(({ length }) => length)) / partLength);
}

/**
 * One of the parts of an update whose layers follow one another. A copy.
 * @param room for the longest part, of which this one is a view then: new arrays would pile up until V8 notices
 */
export function partOf(update: StepUpdate, number: number, room?: Float32Array): Float32Array {
  const start = number * partLength;
  const length = Math.min(partLength, sum(update.map((layer) => layer.length)) - start);
  const part = room?.subarray(0, length) ?? new Float32Array(length);
  // Where the layer begins, seen from the part.
  let offset = -start;
  for (const layer of update) {
    const from = Math.max(0, -offset);
    if (from < layer.length && offset < length)
      part.set(layer.subarray(from, length - offset), offset + from);
    offset += layer.length;
  }
  return part;
}

/** For `partOf`. */
export function roomForParts(settings: Pick<Settings, 'task' | 'network' | 'probes'>): Float32Array {
  return new Float32Array(Math.min(partLength, sum(updateLengths(settings))));
}

function sum(lengths: readonly number[]): number {
  return lengths.reduce((total, length) => total + length, 0);
}

/** Its layers are views of these bytes where they lie on multiples of four. @returns null when the bytes are not an update of these layers */
export function joinUpdate(bytes: Uint8Array, lengths: readonly number[]): StepUpdate | null {
  const total = sum(lengths);
  if (bytes.byteLength !== 4 * total) return null;
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  const values = new Float32Array(aligned.buffer, aligned.byteOffset, total);
  let end = 0;
  return lengths.map((length) => values.subarray(end, (end += length)));
}
