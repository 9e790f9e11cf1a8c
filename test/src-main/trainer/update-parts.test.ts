import { expect, it } from 'vitest';
import { countParts, joinUpdate, partLength, partOf } from '#main/trainer/update-parts.ts';

it('an update comes back from its parts to the bit, wherever its bytes lie', () => {
  const update = [partLength + 7, 3].map((length, layer) =>
    Float32Array.from({ length }, (_, index) => (index - 5) / (layer + 3)),
  );
  update[1].set([Number.NaN, -0, Number.NEGATIVE_INFINITY]);
  const parts = Array.from({ length: countParts(update) }, (_, number) => partOf(update, number));
  expect(parts.map(({ length }) => length)).toEqual([partLength, 10]);
  for (const offset of [0, 1]) {
    const bytes = new Uint8Array(4 * (partLength + 10) + offset).subarray(offset);
    bytes.set(new Uint8Array(parts[0].buffer));
    bytes.set(new Uint8Array(parts[1].buffer), 4 * partLength);
    expect(joinUpdate(bytes, [partLength + 7, 3])).toEqual(update);
    expect(joinUpdate(bytes.subarray(4), [partLength + 7, 3])).toBeNull();
  }
});

it('a part says the same in the room of another one, wherever layers end', () => {
  const layers = [partLength - 4, 3, 1, 5, partLength + 2].map((length, layer) =>
    Float32Array.from({ length }, (_, index) => layer + index / length),
  );
  const room = new Float32Array(partLength);
  for (const number of [0, 1, 2, 1, 0]) {
    const part = partOf(layers, number, room);
    expect(part.buffer).toBe(room.buffer);
    expect(part).toEqual(partOf(layers, number));
  }
  const joined = Float32Array.from(layers.flatMap((layer) => [...layer]));
  expect(partOf(layers, 1)).toEqual(joined.slice(partLength, 2 * partLength));
  expect(partOf(layers, 2)).toEqual(joined.slice(2 * partLength));
});
