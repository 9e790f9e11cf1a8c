import { CustomChart, LineChart } from 'echarts/charts';
import { GraphicComponent, GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { chartOption } from './chart-option.ts';
import { drawFigure } from './draw-figure.ts';
import type { Figure } from './figure.ts';
import { paperFontSize as fontSize, paperHeight, pixelsPerMillimetre, requireRoom } from './paper.ts';
import type { PaperOptions } from './paper.ts';
import { plotBox } from './plot-box.ts';
import { shortPaths } from './short-paths.ts';

use([SVGRenderer, LineChart, CustomChart, GridComponent, GraphicComponent]);

/**
 * A figure for paper as SVG: light, sized in millimetres, legend and axis titles as text. Needs no browser.
 * @throws RangeError when it is not wider and higher than `leastMillimetres`
 */
export function figureSvg(figure: Figure, options: PaperOptions): string {
  const { millimetres } = options;
  const heightMillimetres = paperHeight(options);
  requireRoom(millimetres, heightMillimetres);
  const width = Math.round(millimetres * pixelsPerMillimetre);
  const height = Math.round(heightMillimetres * pixelsPerMillimetre);
  const box = plotBox(
    { width, height, fontSize },
    { marked: figure.markers.length > 0, rows: 0, legend: fontSize + 8, right: figure.right !== undefined },
  );
  const drawn = drawFigure(figure, {
    ...options,
    width: Math.round(box.width),
    height: Math.round(box.height),
    theme: 'light',
    mostPoints: Infinity,
  });
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(
      chartOption(
        // On paper, room is kept only for labels that are there.
        { ...drawn, marked: drawn.markers.length > 0 },
        { ...options, theme: 'light', width, height, fontSize, medium: 'paper', picture: null },
      ),
    );
    const size = `width="${millimetres}mm" height="${heightMillimetres}mm"`;
    return shortPaths(chart.renderToSVGString()).replace(/width="\d+" height="\d+"/, size);
  } finally {
    chart.dispose();
  }
}
