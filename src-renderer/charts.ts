import { CustomChart, LineChart } from 'echarts/charts';
import { GraphicComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

// Only what the figures are made of: all of ECharts is three times as large.
use([CanvasRenderer, LineChart, CustomChart, GridComponent, GraphicComponent, TooltipComponent]);

export { connect, init } from 'echarts/core';
export type { EChartsType } from 'echarts/core';
