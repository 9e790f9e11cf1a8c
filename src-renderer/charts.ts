import { CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import {
  DataZoomComponent,
  GraphicComponent,
  GridComponent,
  LegendPlainComponent,
  ToolboxComponent,
  TooltipComponent,
} from 'echarts/components';
import { use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

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
