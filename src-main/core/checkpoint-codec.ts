import { z } from 'zod';
import type { JsonValue } from '../store/snapshot-store.ts';
import type { SentCheckpoint, TrainingState } from '../trainer/checkpoint.ts';

const headerSchema = z.object({
  /** The first has no updates. */
  format: z.enum(['checkpoint-1', 'checkpoint-2']),
  epoch: z.number(),
  step: z.number(),
  /** Lengths of W, V and the moments, which follow each other in the bytes as little-endian float32. */
  lengths: z.array(z.number()).min(2),
});

export function encodeCheckpoint({ epoch, weights, optimizer, updates }: SentCheckpoint): {
  header: JsonValue;
  data: Uint8Array;
} {
  const arrays = [weights.W, weights.V, ...optimizer.moments];
  const data = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const array of arrays) {
    data.set(array, offset);
    offset += array.length;
  }
  const lengths = arrays.map(({ length }) => length);
  return {
    header: { format: 'checkpoint-2', epoch, step: optimizer.step, lengths, updates },
    data: new Uint8Array(data.buffer),
  };
}

/** Null when the bytes are not a checkpoint this version knows: the run then starts from its seed, which costs time alone. */
export function decodeCheckpoint(header: JsonValue, data: Uint8Array): TrainingState | null {
  const parsed = headerSchema.safeParse(header);
  if (!parsed.success) return null;
  const { epoch, step, lengths } = parsed.data;
  if (data.byteLength !== 4 * lengths.reduce((sum, length) => sum + length, 0)) return null;
  // A copy: a blob out of SQLite need not lie on a multiple of four bytes.
  const values = new Float32Array(data.slice().buffer);
  const ends = lengths.map((_, index) =>
    lengths.slice(0, index + 1).reduce((sum, length) => sum + length, 0),
  );
  const [W, V, ...moments] = lengths.map((length, index) => values.slice(ends[index] - length, ends[index]));
  return { epoch, weights: { W, V }, optimizer: { step, moments } };
}
