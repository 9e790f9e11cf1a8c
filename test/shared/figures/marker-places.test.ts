import { describe, expect, it } from 'vitest';
import { ticksWithin } from '#shared/figures/axis-ticks.ts';
import { figureSvg } from '#shared/figures/figure-svg.ts';
import type { EpochMarker } from '#shared/figures/figure.ts';
import { mostWholeMarkers, placeAll } from '#shared/figures/marker-places.ts';
import { paperOptions } from '#shared/figures/paper.ts';
import { sampleCurve, sampleFigure } from './sample-figure.ts';

const x = { title: 'epoch', ...ticksWithin([0, 400], 'linear', 5), scale: 'linear' as const };

const fired = (place: number, detector = 'half'): EpochMarker => ({
  detector,
  condition: `c${place}`,
  place,
  fired: 5,
  n: 5,
  median: 100 + place,
  q1: 90 + place,
  q3: 110 + place,
});
const markersOf = (count: number): EpochMarker[] => Array.from({ length: count }, (_, i) => fired(i));

function svgOf(markers: readonly EpochMarker[], hidden: readonly string[] = []): string {
  const lines = [0, 1].map((seed) => Float64Array.from({ length: 401 }, (_, t) => 1 + t + seed));
  const curves = markers.map(({ condition, place }) => sampleCurve(condition, place, lines));
  const figure = sampleFigure(curves, markers);
  return figureSvg(figure, { ...paperOptions(figure, 170), hiddenConditions: new Set(hidden) });
}

const shades = (svg: string): number => svg.match(/fill-opacity="0\.12"/g)?.length ?? 0;
const textsOf = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);

describe('detectors of many conditions', () => {
  it('are whole up to a number of them, and beyond ticks in a row a detector', () => {
    const few = placeAll({ x, markers: markersOf(mostWholeMarkers) }, 400, 11);
    expect([few.whole.length, few.ticks]).toStrictEqual([mostWholeMarkers, []]);
    const many = placeAll(
      { x, markers: [...markersOf(9), fired(3, 'grokked'), fired(7, 'grokked'), fired(1, 'late')] },
      400,
      11,
    );
    expect(many.whole).toStrictEqual([]);
    expect(many.ticks.map(({ text, row, markers }) => [text, row, markers.length])).toStrictEqual([
      ['half: 9 medians, 100 to 108', 0, 9],
      ['grokked: 2 medians, 103 to 107', 2, 2],
      ['late: median 101', 4, 1],
    ]);
    expect(many.rows).toBe(6);
  });

  it('shade nothing of the plot, and say what they are', () => {
    expect(shades(svgOf(markersOf(8)))).toBe(8);
    const svg = svgOf(markersOf(20));
    expect(shades(svg)).toBe(0);
    expect(textsOf(svg).filter((text) => text.startsWith('half'))).toStrictEqual([
      'half: 20 medians, 100 to 119',
    ]);
  });

  it('have a tick each at their median, over the plot', () => {
    const svg = svgOf(markersOf(20));
    const ticks = [...svg.matchAll(/<path d="M([\d.]+) ([\d.]+)l0 ([\d.]+)"[^>]*stroke-width="1\.5"/g)];
    expect(ticks).toHaveLength(20);
    const [, left, right] = (
      /<path d="M([\d.]+) [\d.]+l([\d.]+) 0"[^>]*stroke="#a1a1aa"/.exec(svg) ?? []
    ).map(Number);
    const [, bottom, up] = (/<path d="M[\d.]+ ([\d.]+)l0-([\d.]+)"[^>]*stroke="#a1a1aa"/.exec(svg) ?? []).map(
      Number,
    );
    for (const [place, [, at, y, height]] of ticks.entries()) {
      // Oracle: the axis goes from epoch 0 to 400. Numbers are written to tenths.
      expect(Number(at)).toBeCloseTo(left + (right * (100 + place)) / 400, 0);
      expect(Number(y) + Number(height)).toBeLessThan(bottom - up);
    }
  });

  it('are whole again when others are hidden', () => {
    const hidden = Array.from({ length: 15 }, (_, place) => `c${place}`);
    expect(shades(svgOf(markersOf(20), hidden))).toBe(5);
  });
});
