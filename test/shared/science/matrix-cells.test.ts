import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellEdges, extremePair, resampleTile, type TileShape } from '#shared/science/matrix-cells.ts';
import { entryOf, offDiagonalQuantiles, packLower } from '#shared/science/symmetric-matrix.ts';

/** A symmetric matrix with a huge diagonal, as B has one, and an order of its units. */
const ordered = fc.integer({ min: 2, max: 14 }).chain((width) =>
  fc.record({
    width: fc.constant(width),
    // Few different values, so that ties of both signs come up.
    entries: fc.array(fc.integer({ min: -4, max: 4 }), {
      minLength: width * width,
      maxLength: width * width,
    }),
    order: fc.shuffledSubarray(
      Array.from({ length: width }, (_, unit) => unit),
      { minLength: width, maxLength: width },
    ),
    cut: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
  }),
);

function fullOf(width: number, entries: readonly number[]): Float64Array {
  return Float64Array.from({ length: width * width }, (_, i) => {
    const [j, l] = [Math.floor(i / width), i % width];
    return j === l ? 1e6 : entries[Math.min(j, l) * width + Math.max(j, l)];
  });
}

function stretch(width: number, at: number, size: number): [number, number] {
  const from = Math.floor(at * (width - 1));
  return [from, Math.max(from + 1, Math.ceil(from + size * (width - from)))];
}

function positionsIn([from, to]: readonly [number, number], count: number, cell: number): number[] {
  const edges = cellEdges([from, to], count);
  return Array.from({ length: to - from }, (_, i) => from + i).filter(
    (position) => position >= edges[cell] && position < edges[cell + 1],
  );
}

/** Every pair of every cell, looked up in the full matrix. */
function byBruteForce(full: Float64Array, width: number, shape: TileShape): number[] {
  return Array.from({ length: shape.height * shape.width }, (_, i) => {
    const values = positionsIn(shape.rows, shape.height, Math.floor(i / shape.width)).flatMap((row) =>
      positionsIn(shape.columns, shape.width, i % shape.width)
        .filter((column) => column !== row)
        .map((column) => full[shape.order[row] * width + shape.order[column]]),
    );
    if (values.length === 0) return NaN;
    if (shape.statistic === 'mean') return values.reduce((sum, value) => sum + value, 0) / values.length;
    const size = Math.max(...values.map(Math.abs));
    return values.includes(-size) ? -size : size;
  });
}

describe('resampleTile', () => {
  it.each(['extreme', 'mean'] as const)('equals a look at every pair of every cell (%s)', (statistic) => {
    fc.assert(
      fc.property(ordered, ({ width, entries, order, cut }) => {
        const full = fullOf(width, entries);
        const [rows, columns] = [stretch(width, cut[0], cut[1]), stretch(width, cut[2], cut[3])];
        const shape: TileShape = {
          order: Int32Array.from(order),
          rows,
          columns,
          height: Math.max(1, Math.ceil(cut[4] * (rows[1] - rows[0]))),
          width: Math.max(1, Math.ceil(cut[5] * (columns[1] - columns[0]))),
          statistic,
        };
        const tile = resampleTile(packLower(full, width), shape);
        // -0 and 0 are the same magnitude.
        expect([...tile].map((value) => value + 0)).toEqual(
          byBruteForce(full, width, shape).map((value) => value + 0),
        );
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('keeps the one pair that repels, which the mean loses', () => {
    const width = 100;
    const full = new Float64Array(width * width).fill(0.01);
    full[17 * width + 60] = full[60 * width + 17] = -1;
    const order = Int32Array.from({ length: width }, (_, unit) => unit);
    const all = { order, rows: [0, width], columns: [0, width], height: 4, width: 4 } as const;
    const matrix = packLower(full, width);
    const extreme = resampleTile(matrix, { ...all, statistic: 'extreme' });
    expect([...extreme].flatMap((value, cell) => (value === -1 ? [cell] : []))).toEqual([2, 8]);
    const mean = resampleTile(matrix, { ...all, statistic: 'mean' });
    expect(mean[2]).toBeCloseTo(0.01 - 1.01 / 625, 12);
  });

  it('leaves out the diagonal, and has nothing for a cell of nothing else', () => {
    const order = Int32Array.of(2, 0, 1);
    const matrix = packLower(Float64Array.of(9, 1, 2, 1, 9, 3, 2, 3, 9), 3);
    const tile = resampleTile(matrix, {
      order,
      rows: [0, 3],
      columns: [0, 3],
      height: 3,
      width: 3,
      statistic: 'extreme',
    });
    expect([...tile]).toEqual([NaN, 2, 3, 2, NaN, 1, 3, 1, NaN]);
  });
});

describe('extremePair', () => {
  it('names the pair whose value a cell shows', () => {
    fc.assert(
      fc.property(ordered, ({ width, entries, order, cut }) => {
        const matrix = packLower(fullOf(width, entries), width);
        const [rows, columns] = [stretch(width, cut[0], cut[1]), stretch(width, cut[2], cut[3])];
        const found = extremePair(matrix, Int32Array.from(order), rows, columns);
        const [shown] = resampleTile(matrix, {
          order: Int32Array.from(order),
          rows,
          columns,
          height: 1,
          width: 1,
          statistic: 'extreme',
        });
        if (found === null) expect(shown).toBeNaN();
        else {
          expect(found.value + 0).toBe(shown + 0);
          expect(entryOf(matrix, found.j, found.l)).toBe(found.value);
          expect(order.slice(...rows)).toContain(found.j);
          expect(order.slice(...columns)).toContain(found.l);
        }
      }),
      { seed: 6, numRuns: 200 },
    );
  });
});

describe('a symmetric matrix by its upper triangle', () => {
  it('has the entries of the full one, from either side', () => {
    const full = fullOf(
      5,
      Array.from({ length: 25 }, (_, i) => i),
    );
    const matrix = packLower(full, 5);
    for (let i = 0; i < 25; i++) expect(entryOf(matrix, Math.floor(i / 5), i % 5)).toBe(full[i]);
  });

  it('has quantiles of the magnitudes of its off-diagonals, by counting', () => {
    const matrix = packLower(Float64Array.of(99, -4, 1, -4, 99, -3, 1, -3, 99), 3);
    expect([...offDiagonalQuantiles(matrix, [0.1, 1 / 3, 0.5, 0.9, 1])]).toEqual([1, 1, 3, 4, 4]);
    expect([...offDiagonalQuantiles(packLower(Float64Array.of(5), 1), [0.5])]).toEqual([NaN]);
  });
});
