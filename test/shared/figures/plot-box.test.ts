import { describe, expect, it } from 'vitest';
import { ticksAround, ticksWithin } from '#shared/figures/axis-ticks.ts';
import type { EpochMarker } from '#shared/figures/figure.ts';
import { placeMarkers } from '#shared/figures/marker-places.ts';
import { textWidth } from '#shared/figures/plot-box.ts';

const x = { title: 'epoch', ...ticksWithin([0, 400], 'linear', 5), scale: 'linear' as const };

function marker(median: number, place: number): EpochMarker {
  return {
    detector: `detector ${place}`,
    condition: 'a',
    place,
    fired: 3,
    n: 3,
    median,
    q1: median,
    q3: median,
  };
}

describe('labels of detectors', () => {
  const width = 400;
  const placed = placeMarkers({ x, markers: [0, 1, 2, 3, 4].map((i) => marker(200 + 8 * i, i)) }, width, 11);

  it('never overlap in a row', () => {
    for (const [i, first] of placed.entries())
      for (const second of placed.slice(i + 1)) {
        if (first.row === null || first.row !== second.row) continue;
        expect(second.from).toBeGreaterThanOrEqual(first.from + textWidth(first.text, 10));
      }
    expect(new Set(placed.map(({ row }) => row)).size).toBe(5);
  });

  it('stay inside the plot, at its ends too', () => {
    for (const { from, text } of placeMarkers({ x, markers: [marker(0, 0), marker(400, 1)] }, width, 11)) {
      expect(from).toBeGreaterThanOrEqual(0);
      expect(from + textWidth(text, 10)).toBeLessThanOrEqual(width);
    }
  });

  it('keep clear of the next line in their row, in the widest font too', () => {
    // Oracle: digits of DejaVu Sans are 0.636 of its size wide.
    const two = placeMarkers({ x, markers: [marker(20, 0), marker(300, 1)] }, width, 11);
    const end = two[0].from + 8 + two[0].text.length * 10 * 0.636;
    const apart = placeMarkers({ x, markers: [marker(20, 0), marker(20 + end - 16, 1)] }, width, 11);
    for (const [i, first] of apart.entries())
      for (const second of apart.slice(i + 1))
        if (first.row === second.row)
          expect(second.x).toBeGreaterThan(first.from + 8 + first.text.length * 10 * 0.636);
    expect(apart[1].row).not.toBe(apart[0].row);
  });

  it('stand where no line of another runs through them', () => {
    const markers = [20, 60, 100, 140].map((epoch, i) => marker(epoch, i));
    const lines = placeMarkers({ x, markers }, width, 11);
    expect(new Set(lines.map(({ row }) => row)).size).toBeGreaterThan(1);
    for (const label of lines)
      for (const line of lines) {
        // A line comes down from its own label's row.
        if (line === label || line.row === null || label.row === null || line.row <= label.row) continue;
        expect(line.x < label.from || line.x > label.from + textWidth(label.text, 10)).toBe(true);
      }
  });

  it('stand left of their line, swatch at the line, where there is no room on the right', () => {
    const [label] = placeMarkers({ x, markers: [marker(390, 1)] }, width, 11);
    expect(label.isLeft).toBe(true);
    expect(label.from + textWidth(label.text, 10)).toBeLessThan(label.x);
    expect(placeMarkers({ x, markers: [marker(200, 1)] }, width, 11)[0].isLeft).toBe(false);
  });

  it('have their line where the detector fired', () => {
    expect(placed[0].x).toBeCloseTo(200, 10);
  });
});

describe('ticks', () => {
  it.each([
    ['a linear range', ticksWithin([0, 220], 'linear', 5), [0, 50, 100, 150, 200]],
    [
      'tenths, without what adding them up would leave',
      ticksWithin([0, 1], 'linear', 5),
      [0, 0.2, 0.4, 0.6, 0.8, 1],
    ],
    ['decades', ticksWithin([0.5, 2000], 'log', 6), [1, 10, 100, 1000]],
    ['less than two decades', ticksWithin([3, 60], 'log', 6), [5, 10, 20, 50]],
  ])('of %s', (_, { ticks }, expected) => expect([...ticks]).toStrictEqual(expected));

  it.each([
    [0.9, 320, 'log' as const],
    [3, 3, 'log' as const],
    [3, 3, 'linear' as const],
    [-2, 7.3, 'linear' as const],
    [1e-12, 2e-12, 'linear' as const],
  ])('hold %d to %d on a %s axis, with at least two labels', (low, high, scale) => {
    const { min, max, ticks } = ticksAround(low, high, scale, 5);
    expect(min).toBeLessThanOrEqual(low);
    expect(max).toBeGreaterThanOrEqual(high);
    expect(max).toBeGreaterThan(min);
    expect(ticks.length).toBeGreaterThanOrEqual(2);
    expect(ticks.length).toBeLessThanOrEqual(12);
  });
});
