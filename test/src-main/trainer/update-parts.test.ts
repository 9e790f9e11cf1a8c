import { expect, it } from 'vitest';
import { joinUpdate, partLength, splitUpdate } from '#main/trainer/update-parts.ts';

it('an update comes back from its parts to the bit, wherever its bytes lie', () => {
  const update = [partLength + 7, 3].map((length, layer) =>
    Float32Array.from({ length }, (_, index) => (index - 5) / (layer + 3)),
  );
  update[1].set([Number.NaN, -0, Number.NEGATIVE_INFINITY]);
  const parts = splitUpdate(update);
  expect(parts.map(({ length }) => length)).toEqual([partLength, 10]);
  for (const offset of [0, 1]) {
    const bytes = new Uint8Array(4 * (partLength + 10) + offset).subarray(offset);
    bytes.set(new Uint8Array(parts[0].buffer));
    bytes.set(new Uint8Array(parts[1].buffer), 4 * partLength);
    expect(joinUpdate(bytes, [partLength + 7, 3])).toEqual(update);
    expect(joinUpdate(bytes.subarray(4), [partLength + 7, 3])).toBeNull();
  }
});
