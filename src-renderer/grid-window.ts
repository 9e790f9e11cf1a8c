import type { GridSize } from './grid-selection.ts';

/** Cells drawn beyond the edges, so that scrolling does not show empty ones. */
const beyond = 4;
/** Grids of up to this many cells are drawn whole. */
const mostCells = 2000;

export interface GridWindow {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/**
 * Rows and columns of a large grid that are in view, or near it.
 * @param before is returned where they are the same as it, so that nothing is drawn again
 */
export function gridWindow(
  { rows, columns }: GridSize,
  cell: { readonly width: number; readonly height: number; readonly gap: number },
  heads: { readonly width: number; readonly height: number },
  view: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  before?: GridWindow,
): GridWindow {
  const next = inView({ rows, columns }, cell, heads, view);
  return before && isSame(before.rows, next.rows) && isSame(before.columns, next.columns) ? before : next;
}

function inView(...[{ rows, columns }, cell, heads, view]: Parameters<typeof gridWindow>): GridWindow {
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

/** Of numbers that follow each other. */
function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one[0] === other[0];
}
