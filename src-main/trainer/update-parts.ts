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

/** The layers of an update one after another, in parts of `partLength`, the last one shorter. Copies. */
export function splitUpdate(update: StepUpdate): Float32Array[] {
  const joined = new Float32Array(update.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const layer of update) {
    joined.set(layer, offset);
    offset += layer.length;
  }
  return Array.from({ length: Math.ceil(joined.length / partLength) }, (_, number) =>
    joined.slice(number * partLength, (number + 1) * partLength),
  );
}

/** Its layers are views of these bytes where they lie on multiples of four. @returns null when the bytes are not an update of these layers */
export function joinUpdate(bytes: Uint8Array, lengths: readonly number[]): StepUpdate | null {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (bytes.byteLength !== 4 * total) return null;
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  const values = new Float32Array(aligned.buffer, aligned.byteOffset, total);
  let end = 0;
  return lengths.map((length) => values.subarray(end, (end += length)));
}
