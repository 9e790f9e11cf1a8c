import { LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendPlainComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { figureShape, paperFontSize as fontSize, pixelsPerMillimetre } from './paper.ts';
import { pairOption } from './pair-option.ts';
import type { PairPlot } from './pair-plot.ts';
import { shortPaths } from './short-paths.ts';

use([SVGRenderer, LineChart, ScatterChart, GridComponent, LegendPlainComponent]);

/** A plot of pairs for paper, as SVG; of the shape of the other figures. Needs no browser. */
export function pairSvg(plot: PairPlot, millimetres: number): string {
  const width = Math.round(millimetres * pixelsPerMillimetre);
  const height = Math.round(width * figureShape);
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(pairOption(plot, { theme: 'light', interactive: false, fontSize, width }));
    const size = `width="${millimetres}mm" height="${Math.round(millimetres * figureShape * 100) / 100}mm"`;
    return shortPaths(chart.renderToSVGString()).replace(/width="\d+" height="\d+"/, size);
  } finally {
    chart.dispose();
  }
}
