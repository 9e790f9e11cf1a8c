import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterOrder } from '#shared/science/seriation.ts';
import { packLower } from '#shared/science/symmetric-matrix.ts';

/** The textbook's rule: of all pairs of groups merge the two of largest mean |cos|. Every group there ever was, as sorted units. */
function greedyGroups(full: Float64Array, width: number): string[] {
  let groups = Array.from({ length: width }, (_, unit) => [unit]);
  const seen: string[] = [];
  const mean = (one: number[], other: number[]): number => {
    const sizes = one.flatMap((j) => other.map((l) => Math.abs(full[j * width + l])));
    return sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  };
  while (groups.length > 1) {
    let best = { a: 0, b: 1, mean: -1 };
    groups.forEach((one, a) =>
      groups.forEach((other, b) => {
        if (a < b && mean(one, other) > best.mean) best = { a, b, mean: mean(one, other) };
      }),
    );
    const merged = [...groups[best.a], ...groups[best.b]];
    groups = [...groups.filter((_, i) => i !== best.a && i !== best.b), merged];
    seen.push(merged.toSorted((j, l) => j - l).join());
  }
  return seen;
}

function symmetric(width: number, entry: (j: number, l: number) => number): Float64Array {
  return Float64Array.from({ length: width * width }, (_, i) => {
    const [j, l] = [Math.floor(i / width), i % width];
    return j === l ? 1 : entry(Math.min(j, l), Math.max(j, l));
  });
}

function family(unit: number): number {
  return unit % 3;
}

describe('clusterOrder', () => {
  it('puts every group of the greedy average-linkage tree side by side', () => {
    const matrices = fc.integer({ min: 2, max: 10 }).chain((width) =>
      fc
        .uniqueArray(fc.double({ min: -1, max: 1, noNaN: true }), {
          minLength: width * width,
          maxLength: width * width,
          // Ties are broken differently by the two, so there are none.
          selector: Math.abs,
        })
        .map((values) => ({ width, full: symmetric(width, (j, l) => values[j * width + l]) })),
    );
    fc.assert(
      fc.property(matrices, ({ width, full }) => {
        const order = [...clusterOrder(packLower(full, width))];
        expect(order.toSorted((j, l) => j - l)).toEqual(Array.from({ length: width }, (_, unit) => unit));
        for (const group of greedyGroups(full, width)) {
          const places = group.split(',').map((unit) => order.indexOf(Number(unit)));
          expect(Math.max(...places) - Math.min(...places)).toBe(places.length - 1);
        }
      }),
      { seed: 8, numRuns: 150 },
    );
  });

  it('gathers groups that were dealt out like cards, opposite units too', () => {
    const full = symmetric(12, (j, l) => (family(j) === family(l) ? (j % 2 ? -0.9 : 0.9) : 0.1));
    const families = [...clusterOrder(packLower(full, 12))].map(family);
    const changes = families.filter((one, place) => place > 0 && one !== families[place - 1]);
    expect(changes).toHaveLength(2);
  });

  it('turns a merge so that its most similar ends meet', () => {
    // 0-1 and 2-3 are the groups; 0 and 3 are the units most alike across them.
    const like: Record<string, number> = {
      '0,1': 0.9,
      '2,3': 0.8,
      '0,3': 0.5,
      '1,2': 0.1,
      '0,2': 0.2,
      '1,3': 0.3,
    };
    const full = symmetric(4, (j, l) => like[`${j},${l}`]);
    expect([...clusterOrder(packLower(full, 4))]).toEqual([1, 0, 3, 2]);
  });

  it('is the order of the units where all are equally alike, and of one or none', () => {
    expect(
      [
        ...clusterOrder(
          packLower(
            symmetric(5, () => 0),
            5,
          ),
        ),
      ].toSorted(),
    ).toEqual([0, 1, 2, 3, 4]);
    expect([...clusterOrder(packLower(Float64Array.of(1), 1))]).toEqual([0]);
    expect([...clusterOrder({ width: 0, upper: new Float64Array() })]).toEqual([]);
  });
});
