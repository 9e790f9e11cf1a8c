import { describe, expect, it } from 'vitest';
import { divergingColour, hexOf, paintCells } from '#shared/figures/diverging-colours.ts';
import type { Rgb } from '#shared/figures/diverging-colours.ts';
import { heatmapCsv } from '#shared/figures/heatmap-csv.ts';
import { axisTicks, blockEdges, frequencyBlocks, heatmapSvg } from '#shared/figures/heatmap.ts';

/** WCAG's relative luminance. */
function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe('the colours of a heatmap', () => {
  it.each(['light', 'dark'] as const)('run one way in lightness on either side of 0 (%s)', (theme) => {
    const outward = theme === 'light' ? -1 : 1;
    for (const sign of [-1, 1]) {
      for (let i = 1; i <= 50; i++) {
        const step =
          luminance(divergingColour((sign * i) / 50, theme)) -
          luminance(divergingColour((sign * (i - 1)) / 50, theme));
        expect(Math.sign(step)).toBe(outward);
      }
    }
  });

  it('end at the scale, and give no pair a colour of its own', () => {
    expect(divergingColour(5, 'light')).toEqual(divergingColour(1, 'light'));
    const pixels = paintCells(Float64Array.of(-4, 0, 2, NaN), 2, 'light');
    const shown = [0, 4, 8, 12].map((at) => hexOf([pixels[at], pixels[at + 1], pixels[at + 2]]));
    expect(shown).toEqual(['#053061', '#f7f7f7', '#7f3b08', '#d6d6da']);
    expect([pixels[3], pixels[15]]).toEqual([255, 255]);
  });
});

const order = Int32Array.of(4, 1, 0, 3, 2);
const frequency = Int32Array.of(2, 1, 0, 2, 1);

describe('the blocks of a heatmap', () => {
  it('are neighbours of one frequency, and units without one are said to have none', () => {
    expect(frequencyBlocks(order, frequency)).toEqual([
      { from: 0, to: 2, label: '1' },
      { from: 2, to: 4, label: '2' },
      { from: 4, to: 5, label: 'none' },
    ]);
    expect(frequencyBlocks(new Int32Array(), frequency)).toEqual([]);
  });

  it('are labelled in the middle of what is seen of them, with borders between', () => {
    const blocks = frequencyBlocks(order, frequency);
    expect(axisTicks([1, 5], blocks, 400)).toEqual([
      { at: 50, label: '1' },
      { at: 200, label: '2' },
      { at: 350, label: 'none' },
    ]);
    expect(blockEdges([1, 5], blocks, 400)).toEqual([100, 300]);
    expect(blockEdges([1, 5], blocks, 10)).toEqual([]);
  });

  it('give way to positions where the order has none', () => {
    expect(axisTicks([0, 2048], [], 600).map(({ label }) => label)).toEqual([
      '0',
      '500',
      '1000',
      '1500',
      '2000',
    ]);
    expect(axisTicks([7, 9], [], 600).map(({ label }) => label)).toEqual(['7', '8']);
  });
});

describe('a heatmap for paper', () => {
  it('has everything but the cells as text', () => {
    const frame = {
      title: 'a < b',
      valueTitle: 'B, mean of each cell',
      axisTitle: 'hidden units by dominant frequency',
      rows: [0, 5],
      columns: [0, 5],
      blocks: frequencyBlocks(order, frequency),
      scale: 0.5,
    } as const;
    const svg = heatmapSvg(frame, 'data:image/png;base64,AAAA', 85);
    expect(svg).toMatch(/^<svg width="85mm" height="[\d.]+mm"/);
    expect(svg).toContain('<title>a &lt; b</title>');
    for (const text of ['>B, mean of each cell<', '>none<', '>-0.5<', 'href="data:image/png;base64,AAAA"'])
      expect(svg).toContain(text);
    expect(svg.match(/>hidden units by dominant frequency</g)).toHaveLength(2);
  });

  it('has a table that names the units of every cell', () => {
    const values = Float64Array.of(0.1, NaN, -1 / 3, 2);
    const csv = heatmapCsv({ order, rows: [0, 4], columns: [2, 4], height: 2, width: 2, values });
    expect(csv).toBe(`unit,0,3\n4 1,0.1,\n0 3,${-1 / 3},2\n`);
  });
});
