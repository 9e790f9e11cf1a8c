import type { Rows } from '#shared/science/network.ts';
import type { KernelMemory } from './kernel-memory.ts';

/** Tiles take 6 or 8 rows at a time. */
const rowMultiple = 24;
/** Bytes of a row of W in a panel of 8 float32. */
const panelRowBytes = 32;

/** Rows of the task as the kernels look them up: sorted by a, then b, padded with rows of zeros. */
export interface RowLookups {
  /** Rows without the padding. */
  readonly count: number;
  /** Rows with it. */
  readonly rows: number;
  /** Addresses, int32 [rows]: byte offsets of W[a] and W[M + b] in a panel, and where a sorted row is in the task's order. */
  readonly first: number;
  readonly second: number;
  readonly order: number;
}

/** Byte offsets of W[a] and W[M + b] in a panel, of rows in the task's order. */
export function lookupsOf(
  { a, b }: Rows,
  modulus: number,
  from: number,
  count: number,
): { readonly first: Int32Array; readonly second: Int32Array } {
  return {
    first: Int32Array.from(a.subarray(from, from + count), (row) => row * panelRowBytes),
    second: Int32Array.from(b.subarray(from, from + count), (row) => (modulus + row) * panelRowBytes),
  };
}

/** Row 2M of a panel of W is 0: what the padding looks up. */
export function layOutLookups(memory: KernelMemory, task: Rows, modulus: number): RowLookups {
  const { a, b } = task;
  const count = a.length;
  const rows = Math.ceil(count / rowMultiple) * rowMultiple;
  const order = Int32Array.from({ length: count }, (_, i) => i).toSorted(
    (i, j) => a[i] - a[j] || b[i] - b[j],
  );
  const first = new Int32Array(rows).fill(2 * modulus * panelRowBytes);
  const second = first.slice();
  const offsets = lookupsOf(task, modulus, 0, count);
  order.forEach((row, i) => {
    first[i] = offsets.first[row];
    second[i] = offsets.second[row];
  });
  const place = (values: Int32Array): number => {
    const address = memory.reserve(4 * rows);
    memory.int32(address, values.length).set(values);
    return address;
  };
  return { count, rows, first: place(first), second: place(second), order: place(order) };
}
