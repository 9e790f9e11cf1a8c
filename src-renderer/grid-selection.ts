import { computed, ref, shallowRef } from 'vue';
import type { Ref } from 'vue';

export interface Place {
  readonly row: number;
  readonly column: number;
}

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
}

/** What of a key event decides what it does. */
export interface PressedKey {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/**
 * Where the keyboard is in a grid of cells, and which cells are selected: by dragging or with shift a rectangle from the cell that was
 * chosen last, with control single ones. Cells without anything in them are left out.
 */
export function useGridSelection(size: Readonly<Ref<GridSize>>, idAt: (place: Place) => number | null) {
  const current = ref<Place>({ row: 0, column: 0 });
  const selected = shallowRef<ReadonlySet<number>>(new Set());
  let anchor: Place = current.value;
  /** What was selected before the rectangle that is being drawn. */
  let before: ReadonlySet<number> = new Set();

  const isEmpty = computed(() => selected.value.size === 0);

  function clamped({ row, column }: Place): Place {
    return {
      row: Math.max(0, Math.min(size.value.rows - 1, row)),
      column: Math.max(0, Math.min(size.value.columns - 1, column)),
    };
  }

  function rectangle(from: Place, to: Place): Set<number> {
    const ids = new Set(before);
    for (let row = Math.min(from.row, to.row); row <= Math.max(from.row, to.row); row++) {
      for (
        let column = Math.min(from.column, to.column);
        column <= Math.max(from.column, to.column);
        column++
      ) {
        const id = idAt({ row, column });
        if (id !== null) ids.add(id);
      }
    }
    return ids;
  }

  /** Goes to a cell, from which a rectangle can be drawn. @param keep what is selected already */
  function start(place: Place, keep: boolean): void {
    anchor = current.value = clamped(place);
    before = keep ? selected.value : new Set();
  }

  /** Selects everything between the cell chosen last and this one. */
  function extend(place: Place): void {
    current.value = clamped(place);
    selected.value = rectangle(anchor, current.value);
  }

  function toggle(place: Place): void {
    start(place, true);
    const id = idAt(current.value);
    if (id === null) return;
    const next = new Set(selected.value);
    if (!next.delete(id)) next.add(id);
    selected.value = next;
    before = next;
  }

  function clear(): void {
    selected.value = new Set();
    before = selected.value;
    anchor = current.value;
  }

  function selectAll(): void {
    before = new Set();
    selected.value = rectangle(
      { row: 0, column: 0 },
      { row: size.value.rows - 1, column: size.value.columns - 1 },
    );
  }

  /** What a key does in the grid. @returns false for a key that means nothing here */
  function press({ key, shiftKey, ctrlKey, metaKey }: PressedKey): boolean {
    const { row, column } = current.value;
    const withControl = ctrlKey || metaKey;
    const moves: Readonly<Record<string, Place>> = {
      ArrowUp: { row: row - 1, column },
      ArrowDown: { row: row + 1, column },
      ArrowLeft: { row, column: column - 1 },
      ArrowRight: { row, column: column + 1 },
      Home: { row: withControl ? 0 : row, column: 0 },
      End: { row: withControl ? size.value.rows - 1 : row, column: size.value.columns - 1 },
      PageUp: { row: row - 10, column },
      PageDown: { row: row + 10, column },
    };
    const move = moves[key];
    if (move && shiftKey) extend(move);
    else if (move) start(move, true);
    else if (key === ' ') toggle(current.value);
    else if (key === 'Escape' && !isEmpty.value) clear();
    else if (key === 'a' && withControl) selectAll();
    else return false;
    return true;
  }

  return { current, selected, start, extend, toggle, clear, selectAll, press };
}
