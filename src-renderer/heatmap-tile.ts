import { computed, shallowRef, watch } from 'vue';
import type { Ref } from 'vue';
import type { MatrixKind, MatrixOrder, MatrixPair, MatrixQuery, TileQuery } from '#shared/models/matrix.ts';
import { cellEdges } from '#shared/science/matrix-cells.ts';
import type { CellStatistic, Stretch } from '#shared/science/matrix-cells.ts';
import { useLabAccess } from './lab-access.ts';
import { useLab } from './stores/lab.ts';
import { useNotices } from './stores/notices.ts';

/** What is looked at: everything a tile depends on but its size. */
export interface HeatmapView {
  readonly kind: MatrixKind;
  readonly order: MatrixOrder;
  readonly statistic: CellStatistic;
  readonly rows: Stretch;
  readonly columns: Stretch;
}

/** The cells that are drawn, with what they are of. */
export interface ShownTile {
  readonly view: HeatmapView;
  readonly height: number;
  readonly width: number;
  readonly values: Float64Array;
}

export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** The positions a cell covers. */
export function cellStretches(
  { view, height, width }: ShownTile,
  { row, column }: Cell,
): { readonly rows: Stretch; readonly columns: Stretch } {
  const [down, across] = [cellEdges(view.rows, height), cellEdges(view.columns, width)];
  return { rows: [down[row], down[row + 1]], columns: [across[column], across[column + 1]] };
}

/** Asks for the tile of a view whenever that changes, as many cells as there are pixels; the one before stays until the next is there. */
export function useHeatmapTile(query: Ref<MatrixQuery>, view: Ref<HeatmapView>, pixels: Ref<number>) {
  const { client } = useLabAccess();
  const lab = useLab();
  const notices = useNotices();
  const tile = shallowRef<ShownTile | null>(null);
  const wanted = computed<TileQuery | null>(() => {
    if (pixels.value === 0) return null;
    const { rows, columns } = view.value;
    const count = ([from, to]: Stretch): number => Math.min(to - from, pixels.value);
    return { ...query.value, ...view.value, cells: [count(rows), count(columns)] };
  });

  watch(
    wanted,
    async (asked) => {
      if (!asked) return;
      try {
        const { values } = await client.matrixTile(asked);
        if (asked !== wanted.value) return;
        const [height, width] = asked.cells;
        const { kind, order, statistic, rows, columns } = asked;
        tile.value = { view: { kind, order, statistic, rows, columns }, height, width, values };
      } catch (error) {
        if (asked === wanted.value && lab.state === 'open') notices.failure(error);
      }
    },
    { immediate: true },
  );
  return tile;
}

/** The pair of largest magnitude in the cell under the pointer; one question at a time, the newest next. */
export function useCellPair(query: Ref<MatrixQuery>, tile: Ref<ShownTile | null>, cell: Ref<Cell | null>) {
  const { client } = useLabAccess();
  const pair = shallowRef<MatrixPair>(null);
  let asking = false;

  async function ask(): Promise<void> {
    const [of, at] = [tile.value, cell.value];
    if (!of || !at) {
      pair.value = null;
      return;
    }
    if (asking) return;
    asking = true;
    try {
      const { kind, order } = of.view;
      pair.value = await client.matrixPair({ ...query.value, kind, order, ...cellStretches(of, at) });
    } catch {
      // The matrix is gone, or the connection is: what is told elsewhere.
      pair.value = null;
    } finally {
      asking = false;
      if (of !== tile.value || at !== cell.value) void ask();
    }
  }

  watch([tile, cell], ask);
  return pair;
}
