import { cellEdges } from '../science/matrix-cells.ts';
import type { Stretch } from '../science/matrix-cells.ts';

export interface HeatmapCells {
  /** The unit at each position. */
  readonly order: Int32Array;
  readonly rows: Stretch;
  readonly columns: Stretch;
  readonly height: number;
  readonly width: number;
  readonly values: Float64Array;
}

/**
 * The cells that are shown, as the table they are: the first line and the first field of each other line name the units of a cell, with
 * spaces between them. A cell of the diagonal alone is empty. Numbers read back exactly.
 */
export function heatmapCsv({ order, rows, columns, height, width, values }: HeatmapCells): string {
  const across = unitsOfCells(order, columns, width);
  const down = unitsOfCells(order, rows, height);
  const lines = [['unit', ...across].join(',')];
  for (let row = 0; row < height; row++) {
    const cells = Array.from(values.subarray(row * width, (row + 1) * width), (value) =>
      Number.isNaN(value) ? '' : String(value),
    );
    lines.push([down[row], ...cells].join(','));
  }
  return `${lines.join('\n')}\n`;
}

function unitsOfCells(order: Int32Array, stretch: Stretch, count: number): string[] {
  const edges = cellEdges(stretch, count);
  return Array.from({ length: count }, (_, cell) => order.subarray(edges[cell], edges[cell + 1]).join(' '));
}
