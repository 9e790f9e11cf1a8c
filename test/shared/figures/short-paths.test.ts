import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortPaths } from '#shared/figures/short-paths.ts';

type Corner = readonly [letter: string, x: number, y: number];

/** Absolute corners of a path of M and l, as the SVG specification reads it. */
function cornersOf(path: string): Corner[] {
  const corners: Corner[] = [];
  let [x, y] = [0, 0];
  for (const [, letter, numbers] of path.matchAll(/([Ml])([^MlZ]*)/g)) {
    const values = [...numbers.matchAll(/-?(?:\d+\.?\d*|\.\d+)/g)].map(Number);
    for (let i = 0; i < values.length; i += 2) {
      [x, y] = letter === 'M' ? [values[i], values[i + 1]] : [x + values[i], y + values[i + 1]];
      corners.push([letter === 'M' ? 'M' : 'L', x, y]);
    }
  }
  return corners;
}

const coordinate = fc.double({ min: -500, max: 1000, noNaN: true }).map((value) => Number(value.toFixed(4)));
const lines = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 60 });

describe('a short path', () => {
  it('has the corners of the long one to half a tenth of a pixel, however long it is', () => {
    fc.assert(
      fc.property(fc.array(lines, { minLength: 1, maxLength: 4 }), fc.boolean(), (parts, closed) => {
        const corners = parts.flatMap((part) => part.map(([x, y], i): Corner => [i === 0 ? 'M' : 'L', x, y]));
        const long = corners.map(([letter, x, y]) => `${letter}${x} ${y}`).join('') + (closed ? 'Z' : '');
        const short = shortPaths(`<path d="${long}"/>`).slice('<path d="'.length, -'"/>'.length);
        expect(short.endsWith('Z')).toBe(closed);
        const found = cornersOf(short);
        expect(found.map(([letter]) => letter)).toStrictEqual(corners.map(([letter]) => letter));
        found.forEach(([, x, y], i) => {
          expect(Math.abs(x - corners[i][1])).toBeLessThan(0.0501);
          expect(Math.abs(y - corners[i][2])).toBeLessThan(0.0501);
        });
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it('leaves curves as they are', () => {
    const curve = '<path d="M0 0C1.23 2 3 4 5 6L7.777 8"/>';
    expect(shortPaths(curve)).toBe(curve);
  });
});
