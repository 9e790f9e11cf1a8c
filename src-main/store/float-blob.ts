import { endianness } from 'node:os';

/** The file is little-endian on every machine. */
const swaps = endianness() === 'BE';

/** Columns one after another as little-endian float64. */
export function packFloats(columns: readonly Float64Array[]): Uint8Array {
  const length = columns.reduce((sum, column) => sum + column.length, 0);
  const all = new Float64Array(length);
  let offset = 0;
  for (const column of columns) {
    all.set(column, offset);
    offset += column.length;
  }
  return littleEndian(new Uint8Array(all.buffer));
}

/**
 * Copies numbers out of a blob to where they are wanted, without another copy between.
 * @param from how many numbers of the blob are left out
 */
export function copyFloats(blob: Uint8Array, from: number, into: Float64Array<ArrayBuffer>): void {
  const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
  bytes.set(blob.subarray(8 * from, 8 * from + bytes.length));
  littleEndian(bytes);
}

/** A copy, because what SQLite hands over need not be aligned to 8 bytes. */
export function unpackFloats(blob: Uint8Array): Float64Array {
  const bytes = new Uint8Array(Math.floor(blob.length / 8) * 8);
  bytes.set(blob.subarray(0, bytes.length));
  return new Float64Array(littleEndian(bytes).buffer);
}

function littleEndian(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (swaps) Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).swap64();
  return bytes;
}
