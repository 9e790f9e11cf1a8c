import { CustomChart, LineChart } from 'echarts/charts';
import { GraphicComponent, GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { aroundPlot, chartOption } from './chart-option.ts';
import { drawFigure } from './draw-figure.ts';
import type { Figure } from './figure.ts';
import { legendRowHeight } from './paper-legend.ts';
import {
  leastPlot,
  paperFontSize as fontSize,
  paperHeight,
  pixelsPerMillimetre,
  requireRoom,
} from './paper.ts';
import type { PaperOptions } from './paper.ts';
import { plotBox } from './plot-box.ts';
import { shortPaths } from './short-paths.ts';
import { hundredths } from './svg-markup.ts';

use([SVGRenderer, LineChart, CustomChart, GridComponent, GraphicComponent]);

/** Of a legend, and of detectors' labels: as many leave a figure of the usual shape its plot. */
const usualRows = 2;

/**
 * A figure for paper as SVG: light, sized in millimetres, legend and axis titles as text. Needs no browser. Where no height is asked for, one
 * with a long legend is higher than others, so that its plot is not lower.
 * @throws RangeError when it is not wider and higher than `leastMillimetres`, or its legend leaves no room for the plot
 */
export function figureSvg(figure: Figure, options: PaperOptions): string {
  const { millimetres } = options;
  const usual = paperHeight(options);
  requireRoom(millimetres, usual);
  const right = figure.right !== undefined;
  const size = {
    width: Math.round(millimetres * pixelsPerMillimetre),
    height: Math.round(usual * pixelsPerMillimetre),
    fontSize,
  };
  const box = plotBox(size, { marked: figure.markers.length > 0, rows: 0, legend: fontSize + 8, right });
  const thinned = drawFigure(figure, {
    ...options,
    width: Math.round(box.width),
    height: Math.round(box.height),
    theme: 'light',
    mostPoints: Infinity,
  });
  // On paper, room is kept only for labels that are there.
  const drawn = { ...thinned, marked: thinned.markers.length > 0 };
  const look = { ...options, ...size, theme: 'light', medium: 'paper', picture: null } as const;
  const rows = { marked: true, rows: usualRows, legend: usualRows * legendRowHeight(fontSize) + 2, right };
  const plot = options.height === null ? plotBox(size, rows).height : leastPlot;
  const needed = aroundPlot(drawn, look) + plot;
  const needsMore = needed > size.height;
  const heightMillimetres = needsMore ? hundredths(needed / pixelsPerMillimetre) : usual;
  if (needsMore && options.height !== null)
    throw new RangeError(
      `with its legend this figure needs a height of ${Math.ceil(heightMillimetres)} mm, got ${usual}`,
    );
  const whole = { ...size, height: Math.round(heightMillimetres * pixelsPerMillimetre) };
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: whole.width, height: whole.height });
  try {
    chart.setOption(chartOption(drawn, { ...look, ...whole }));
    return shortPaths(chart.renderToSVGString()).replace(
      /width="\d+" height="\d+"/,
      `width="${millimetres}mm" height="${heightMillimetres}mm"`,
    );
  } finally {
    chart.dispose();
  }
}
