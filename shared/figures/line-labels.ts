import type { CustomSeriesOption } from 'echarts';
import { overPlot } from './curve-series.ts';
import type { DrawnFigure, DrawnLimit } from './drawn-figure.ts';
import type { Level } from './figure.ts';
import { inkOf } from './palette.ts';
import type { Theme } from './palette.ts';
import { placeOn, textWidth } from './plot-box.ts';
import type { PlotBox } from './plot-box.ts';

/** The name of a bound or of a value to compare with; its right end lies on its line. */
export interface LineLabel {
  readonly text: string;
  /** Its right end, in pixels of the picture. */
  readonly x: number;
  readonly y: number;
  readonly verticalAlign: 'top' | 'bottom';
}

/** From a line to its name, and from the name to the plot's edge. */
const gap = 3;

/**
 * Where the lines' names stand: at the last place in the plot that each has, on its far side where there is room. Lines of several
 * conditions that lie on each other have one name.
 */
export function lineLabels(drawn: DrawnFigure, box: PlotBox, fontSize: number): LineLabel[] {
  const labels: LineLabel[] = [];
  const all = [
    ...drawn.limits.map((limit) => limitLabel(limit, drawn, box, fontSize)),
    ...drawn.levels.map((level) => levelLabel(level, drawn, box, fontSize)),
  ];
  for (const label of all)
    if (label && !labels.some((other) => isSaid(label, other, fontSize))) labels.push(label);
  return labels;
}

function limitLabel(
  { label, side, points }: DrawnLimit,
  drawn: DrawnFigure,
  box: PlotBox,
  fontSize: number,
): LineLabel | null {
  const across = placeOn(drawn.x, box.left, box.left + box.width);
  const down = placeOn(drawn.y, box.top + box.height, box.top);
  for (let i = points.length - 2; i >= 0; i -= 2) {
    const [epoch, value] = [points[i], points[i + 1]];
    // Not past the plot, where a line may have its next point.
    if (!(epoch <= drawn.x.max && value >= drawn.y.min && value <= drawn.y.max)) continue;
    if (epoch < drawn.x.min) return null;
    return beside(label, across(epoch) - gap - 1, down(value), side, box, fontSize);
  }
  return null;
}

function levelLabel(level: Level, drawn: DrawnFigure, box: PlotBox, fontSize: number): LineLabel | null {
  const axis = level.onRight && drawn.right ? drawn.right : drawn.y;
  if (!(level.value >= axis.min && level.value <= axis.max)) return null;
  const y = placeOn(axis, box.top + box.height, box.top)(level.value);
  return beside(level.label, box.left + box.width - gap, y, 'above', box, fontSize);
}

function beside(
  text: string,
  x: number,
  y: number,
  side: 'above' | 'below',
  { top, height }: PlotBox,
  fontSize: number,
): LineLabel {
  const room = side === 'above' ? y - top : top + height - y;
  const isAbove = (side === 'above') === room >= fontSize;
  return { text, x, y: isAbove ? y - gap : y + gap, verticalAlign: isAbove ? 'bottom' : 'top' };
}

/** Whether the same words stand there already. */
function isSaid(label: LineLabel, other: LineLabel, fontSize: number): boolean {
  return (
    label.text === other.text &&
    Math.abs(label.y - other.y) < fontSize &&
    Math.abs(label.x - other.x) < textWidth(label.text, fontSize - 1)
  );
}

/** The names over all curves, each in a rim of the page's colour, so that a curve does not strike it through. */
export function labelSeries(
  drawn: DrawnFigure,
  box: PlotBox,
  theme: Theme,
  fontSize: number,
): CustomSeriesOption[] {
  const labels = lineLabels(drawn, box, fontSize);
  if (labels.length === 0) return [];
  const ink = inkOf(theme);
  return [
    overPlot(drawn, 'line labels', 5, () => ({
      type: 'group',
      children: labels.map(({ text, x, y, verticalAlign }) => ({
        type: 'text' as const,
        style: {
          text,
          x,
          y,
          align: 'right' as const,
          verticalAlign,
          fill: ink.muted,
          stroke: ink.page,
          lineWidth: 3,
          fontSize: fontSize - 1,
        },
      })),
    })),
  ];
}
