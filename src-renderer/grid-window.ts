import type { GridSize } from './grid-selection.ts';

/** Cells drawn beyond the edges, so that scrolling does not show empty ones. */
const beyond = 4;
/** Grids of up to this many cells are drawn whole. */
const mostCells = 2000;

/** Rows and columns of a large grid that are in view, or near it. */
export function gridWindow(
  { rows, columns }: GridSize,
  cell: { readonly width: number; readonly height: number; readonly gap: number },
  heads: { readonly width: number; readonly height: number },
  view: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
): { readonly rows: readonly number[]; readonly columns: readonly number[] } {
  if (rows * columns <= mostCells) return { rows: range(0, rows), columns: range(0, columns) };
  const seen = (count: number, step: number, from: number, length: number): number[] =>
    range(
      Math.max(0, Math.floor(from / step) - beyond),
      Math.min(count, Math.ceil((from + Math.max(0, length)) / step) + beyond),
    );
  return {
    rows: seen(rows, cell.height + cell.gap, view.top, view.height - heads.height),
    columns: seen(columns, cell.width + cell.gap, view.left, view.width - heads.width),
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, k) => from + k);
}
