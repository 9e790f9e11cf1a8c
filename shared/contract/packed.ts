/*
 * Results as they travel: JSON for what JSON says exactly, and one run of bytes for the rest. Arrays of numbers go as their bytes,
 * and so do single numbers that JSON cannot write (NaN, the infinities, -0). Both ends are the same machine, so bytes keep its order.
 */

/** A value taken out of the JSON: what it is, where in the bytes, and where it belongs. */
export interface PackedPlace {
  readonly kind: 'float64' | 'int32' | 'number';
  readonly start: number;
  readonly length: number;
  readonly path: readonly (string | number)[];
}

export interface Packed {
  readonly value: unknown;
  readonly places: readonly PackedPlace[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

type PackedArray = Float64Array | Int32Array;

/** Every array starts at a multiple of this, so that it can be read where it lies. */
const alignment = 8;

/** Takes arrays and unwritable numbers out of a value of plain objects and arrays; the value itself is not changed. */
export function pack(value: unknown): Packed {
  const places: PackedPlace[] = [];
  const arrays: PackedArray[] = [];
  const path: (string | number)[] = [];
  let size = 0;

  function take(kind: PackedPlace['kind'], array: PackedArray): null {
    places.push({ kind, start: size, length: array.length, path: [...path] });
    arrays.push(array);
    size += Math.ceil(array.byteLength / alignment) * alignment;
    return null;
  }

  function without(node: unknown): unknown {
    if (typeof node === 'number')
      return Number.isFinite(node) && !Object.is(node, -0) ? node : take('number', new Float64Array([node]));
    if (typeof node !== 'object' || node === null) return node;
    if (node instanceof Float64Array) return take('float64', node);
    if (node instanceof Int32Array) return take('int32', node);
    // Copied only on the way to something taken: a large table of plain rows is walked and left alone.
    if (Array.isArray(node)) {
      let copy: unknown[] | null = null;
      for (const [index, entry] of node.entries()) {
        const rest = child(index, entry);
        if (rest !== entry) (copy ??= [...node])[index] = rest;
      }
      return copy ?? node;
    }
    let copy: [string, unknown][] | null = null;
    const entries = Object.entries(node);
    for (const [index, [key, entry]] of entries.entries()) {
      const rest = child(key, entry);
      if (rest !== entry) (copy ??= [...entries])[index] = [key, rest];
    }
    return copy ? Object.fromEntries(copy) : node;
  }

  function child(key: string | number, node: unknown): unknown {
    path.push(key);
    const rest = without(node);
    path.pop();
    return rest;
  }

  const rest = without(value);
  const bytes = new Uint8Array(size);
  places.forEach(({ start }, index) => {
    const { buffer, byteOffset, byteLength } = arrays[index];
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), start);
  });
  return { value: rest, places, bytes };
}

/** Puts back what `pack` took out, into the value it is given. @throws RangeError when a place lies outside the bytes or the value */
export function unpack({ value, places, bytes }: Packed): unknown {
  const root: Record<string, unknown> = { value };
  for (const place of places) {
    const path = ['value', ...place.path];
    let parent: object = root;
    for (const key of path.slice(0, -1)) {
      const next: unknown = Object.hasOwn(parent, key) ? Reflect.get(parent, key) : undefined;
      if (typeof next !== 'object' || next === null)
        throw new RangeError(`No place ${place.path.join('.')}.`);
      parent = next;
    }
    const key = path[path.length - 1];
    if (!Object.hasOwn(parent, key)) throw new RangeError(`No place ${place.path.join('.')}.`);
    Reflect.set(parent, key, read(place, bytes));
  }
  return root.value;
}

/** A view of the bytes, not a copy: they belong to this one result. */
function read({ kind, start, length }: PackedPlace, bytes: Uint8Array<ArrayBuffer>): PackedArray | number {
  const at = bytes.byteOffset + start;
  if (kind === 'int32') return new Int32Array(bytes.buffer, at, length);
  const floats = new Float64Array(bytes.buffer, at, length);
  return kind === 'number' ? floats[0] : floats;
}
