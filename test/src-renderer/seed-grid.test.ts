import { describe, expect, it } from 'vitest';
import { shadeOf } from '#shared/figures/sequential-scale.ts';
import { gridWindow } from '../../src-renderer/grid-window.ts';
import { niceStep } from '../../src-renderer/nice-step.ts';
import { spread } from '#shared/figures/spread.ts';

const cell = { width: 34, height: 22, gap: 2 };
const heads = { width: 168, height: 24 };

/** Relative luminance of WCAG 2, which is the oracle of what can be read. */
function luminance(red: number, green: number, blue: number): number {
  const [r, g, b] = [red, green, blue].map((channel) => {
    const share = channel / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe('the colours of measured cells', () => {
  it('get lighter all the way, and are read with a contrast of 4.5 everywhere', () => {
    const shades = Array.from({ length: 101 }, (_, k) => shadeOf(k / 100));
    const lights = shades.map(({ colour }) => {
      const [red, green, blue] = [...colour.matchAll(/\d+/g)].map(Number);
      return luminance(red, green, blue);
    });
    expect(lights).toStrictEqual(lights.toSorted((a, b) => a - b));
    shades.forEach(({ ink }, k) => {
      const contrast = ink === '#ffffff' ? 1.05 / (lights[k] + 0.05) : (lights[k] + 0.05) / 0.05;
      expect(contrast).toBeGreaterThanOrEqual(4.5);
    });
    expect(shadeOf(-1)).toStrictEqual(shadeOf(0));
    expect(shadeOf(7)).toStrictEqual(shadeOf(1));
  });
});

describe('the cells of a grid that are drawn', () => {
  const view = { left: 3600, top: 240, width: 900, height: 384 };

  it('are all of them up to 2,000', () => {
    const { rows, columns } = gridWindow({ rows: 20, columns: 100 }, cell, heads, view);
    expect([rows.length, columns.length]).toStrictEqual([20, 100]);
  });

  it('are those in view and a few around them in a larger one', () => {
    const { rows, columns } = gridWindow({ rows: 100, columns: 1000 }, cell, heads, view);
    // 3600 / 36 = column 100 is the first in view, and (900 - 168) / 36 = 20.3 are seen.
    expect([columns[0], columns.at(-1)]).toStrictEqual([96, 124]);
    expect(rows[0]).toBe(6);
    expect(rows.length * columns.length).toBeLessThan(1000);
  });

  it('are not drawn again where the same are in view', () => {
    const size = { rows: 100, columns: 1000 };
    const shown = gridWindow(size, cell, heads, view);
    const after = (change: Partial<typeof view>) =>
      gridWindow(size, cell, heads, { ...view, ...change }, shown);
    expect(after({ left: 3601, width: 905 })).toBe(shown);
    expect(after({ top: 264 })).toStrictEqual(gridWindow(size, cell, heads, { ...view, top: 264 }));
    expect(after({ left: 3636 })).toStrictEqual(gridWindow(size, cell, heads, { ...view, left: 3636 }));
    expect(after({ width: 960 })).toStrictEqual(gridWindow(size, cell, heads, { ...view, width: 960 }));
  });
});

describe('dots of a strip plot', () => {
  it('do not cover each other while there is room', () => {
    const xs = [10, 10, 10, 13, 40];
    const offsets = spread(xs, 9, 30);
    xs.forEach((x, k) =>
      xs.slice(k + 1).forEach((other, j) => {
        expect(Math.hypot(x - other, offsets[k] - offsets[k + 1 + j])).toBeGreaterThanOrEqual(8.99);
      }),
    );
    expect(offsets[4]).toBe(0);
    expect(Math.max(...spread([1, 1, 1, 1, 1, 1], 9, 10).map(Math.abs))).toBeLessThanOrEqual(10);
  });
});

describe('the step of a slider', () => {
  it.each([
    [1, 200, 0.005],
    [0.08, 200, 0.0002],
    [1000, 4, 200],
    [0, 10, 1],
  ])('over %s in at least %s steps is %s', (span, steps, step) => {
    expect(niceStep(span, steps)).toBe(step);
  });
});
