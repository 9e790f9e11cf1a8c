import { CustomChart, LineChart } from 'echarts/charts';
import {
  DataZoomComponent,
  GridComponent,
  LegendPlainComponent,
  MarkAreaComponent,
  MarkLineComponent,
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
  GridComponent,
  LegendPlainComponent,
  TooltipComponent,
  ToolboxComponent,
  DataZoomComponent,
  MarkLineComponent,
  MarkAreaComponent,
]);

export { connect, init } from 'echarts/core';
export type { EChartsType } from 'echarts/core';
