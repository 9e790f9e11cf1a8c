import { CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import {
  DataZoomComponent,
  GraphicComponent,
  GridComponent,
  LegendPlainComponent,
  ToolboxComponent,
  TooltipComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { systemFonts } from '#shared/figures/chart-option.ts';
import { ownTurn } from './own-turn.ts';

// Only what the figures are made of: all of ECharts is three times as large.
use([
  CanvasRenderer,
  LineChart,
  CustomChart,
  ScatterChart,
  GridComponent,
  GraphicComponent,
  LegendPlainComponent,
  TooltipComponent,
  ToolboxComponent,
  DataZoomComponent,
]);

export { connect, init } from 'echarts/core';
export type { EChartsType } from 'echarts/core';

let rehearsal: Promise<void> | null = null;

/**
 * Resolves when the library has drawn something once, where nobody sees it. What its first drawing does once, finding the fonts and compiling, took
 * most of a task of 80 ms; here it has turns of its own.
 */
export function rehearsed(): Promise<void> {
  return (rehearsal ??= rehearse());
}

async function rehearse(): Promise<void> {
  await ownTurn();
  const pen = document.createElement('canvas').getContext('2d');
  if (pen) {
    pen.font = `11px ${systemFonts}`;
    pen.measureText('0');
  }
  await ownTurn();
  const chart = init(document.createElement('div'), null, { width: 300, height: 200 });
  const axis = { type: 'value', min: 0, max: 1 } as const;
  const line = {
    type: 'line',
    data: [
      [0, 0],
      [1, 1],
    ],
  } as const;
  const parts = [
    { animation: false, textStyle: { fontFamily: systemFonts } },
    { xAxis: axis, yAxis: axis },
    { series: [line] },
  ];
  for (const part of parts) {
    await ownTurn();
    chart.setOption(part);
  }
  chart.dispose();
}
