import { computed, shallowRef } from 'vue';
import type { Ref } from 'vue';
import type { Stretch } from '#shared/science/matrix-cells.ts';
import { cellStretches } from './heatmap-tile.ts';
import type { Cell, ShownTile } from './heatmap-tile.ts';

const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};
/** With Shift. */
const farStep = 10;

/** Where in the matrix one is: what is seen, the cell pointed at, what is dragged over; by pointer and by keys. */
export class HeatmapNavigation {
  readonly #width: number;
  readonly #all: Stretch;
  readonly rows: Ref<Stretch>;
  readonly columns: Ref<Stretch>;
  readonly cell = shallowRef<Cell | null>(null);
  readonly drag = shallowRef<{ readonly from: Cell; readonly to: Cell } | null>(null);
  /** Set by whoever draws: what the cells are of. */
  readonly tile = shallowRef<ShownTile | null>(null);
  readonly zoomed = computed(() => this.rows.value !== this.#all || this.columns.value !== this.#all);

  /** @param width units of the matrix */
  constructor(width: number) {
    this.#width = width;
    this.#all = [0, width];
    this.rows = shallowRef(this.#all);
    this.columns = shallowRef(this.#all);
  }

  showAll(): void {
    this.rows.value = this.#all;
    this.columns.value = this.#all;
    this.cell.value = null;
  }

  /** @param x, y as shares of the picture's sides, from its upper left corner */
  cellAt(x: number, y: number): Cell | null {
    const tile = this.tile.value;
    if (!tile) return null;
    return { row: placeOf(y, tile.height), column: placeOf(x, tile.width) };
  }

  point(at: Cell | null): void {
    const now = this.cell.value;
    if (at?.row !== now?.row || at?.column !== now?.column) this.cell.value = at;
    if (at && this.drag.value) this.drag.value = { from: this.drag.value.from, to: at };
  }

  startDrag(at: Cell | null): void {
    if (at) this.drag.value = { from: at, to: at };
  }

  /** Shows what was dragged over; a click is no drag. */
  endDrag(): void {
    const [dragged, tile] = [this.drag.value, this.tile.value];
    this.drag.value = null;
    if (!dragged || !tile) return;
    const { from, to } = dragged;
    if (Math.abs(from.row - to.row) < 2 || Math.abs(from.column - to.column) < 2) return;
    const first = cellStretches(tile, {
      row: Math.min(from.row, to.row),
      column: Math.min(from.column, to.column),
    });
    const last = cellStretches(tile, {
      row: Math.max(from.row, to.row),
      column: Math.max(from.column, to.column),
    });
    this.rows.value = [first.rows[0], last.rows[1]];
    this.columns.value = [first.columns[0], last.columns[1]];
    this.cell.value = null;
  }

  /** @returns whether the key means something here */
  press(key: string, far: boolean): boolean {
    const tile = this.tile.value;
    if (!tile) return false;
    const step = steps[key];
    if (step) {
      const now = this.cell.value ?? { row: 0, column: 0 };
      const by = far ? farStep : 1;
      this.cell.value = {
        row: Math.min(tile.height - 1, Math.max(0, now.row + by * step[0])),
        column: Math.min(tile.width - 1, Math.max(0, now.column + by * step[1])),
      };
    } else if (key === '+' || key === '=') this.#zoom(tile, 0.5);
    else if (key === '-') this.#zoom(tile, 2);
    else if (key === '0' || key === 'Escape') this.showAll();
    else return false;
    return true;
  }

  /** Half, or twice, of what is seen, about the cell that is pointed at. */
  #zoom(tile: ShownTile, factor: number): void {
    const about = this.cell.value ?? { row: tile.height >> 1, column: tile.width >> 1 };
    const at = cellStretches(tile, about);
    const rows = this.#around(this.rows.value, at.rows[0], factor);
    const columns = this.#around(this.columns.value, at.columns[0], factor);
    if (rows[1] - rows[0] === this.#width && columns[1] - columns[0] === this.#width) this.showAll();
    else {
      this.rows.value = rows;
      this.columns.value = columns;
      this.cell.value = null;
    }
  }

  #around([from, to]: Stretch, middle: number, factor: number): Stretch {
    const length = Math.min(this.#width, Math.max(2, Math.round((to - from) * factor)));
    const start = Math.min(this.#width - length, Math.max(0, middle - (length >> 1)));
    return [start, start + length];
  }
}

function placeOf(share: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(share * count)));
}
