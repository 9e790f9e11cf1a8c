import { CustomChart, LineChart } from 'echarts/charts';
import {
  GridComponent,
  LegendPlainComponent,
  MarkAreaComponent,
  MarkLineComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Figure } from './figure.ts';
import { lineOption } from './line-option.ts';
import { shortPaths } from './short-paths.ts';

use([
  SVGRenderer,
  LineChart,
  CustomChart,
  GridComponent,
  LegendPlainComponent,
  MarkLineComponent,
  MarkAreaComponent,
]);

/** CSS pixels: 96 an inch. */
const pixelsPerMillimetre = 96 / 25.4;
/** 7 point, what journals ask of labels. */
const fontSize = 9.33;

/** Height over width of a figure on paper. */
export const figureShape = 0.62;

/**
 * A figure for paper as SVG: light, sized in millimetres, legend and axis titles as text. Needs no browser.
 * @param millimetres width, such as 85 for a column or 170 for two
 * @throws RangeError when the width is not above 20 mm: axes alone take that
 */
export function figureSvg(figure: Figure, millimetres: number): string {
  if (!(millimetres > 20)) throw new RangeError(`a figure must be wider than 20 mm, got ${millimetres}`);
  const width = Math.round(millimetres * pixelsPerMillimetre);
  const height = Math.round(width * figureShape);
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(
      lineOption(figure, { theme: 'light', width, height, view: null, interactive: false, fontSize }),
    );
    const size = `width="${millimetres}mm" height="${Math.round(millimetres * figureShape * 100) / 100}mm"`;
    return shortPaths(chart.renderToSVGString()).replace(/width="\d+" height="\d+"/, size);
  } finally {
    chart.dispose();
  }
}
