import { describe, expect, it } from 'vitest';
import { ref } from 'vue';
import { useGridSelection } from '../../src-renderer/grid-selection.ts';

/** 3 conditions x 4 seeds; the run of a cell is row * 10 + column, and the last one was deleted. */
function grid() {
  const size = ref({ rows: 3, columns: 4 });
  return useGridSelection(size, ({ row, column }) => (row === 2 && column === 3 ? null : row * 10 + column));
}
const key = (name: string, held: { shiftKey?: boolean; ctrlKey?: boolean } = {}) => ({
  key: name,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  ...held,
});
const chosen = ({ selected }: ReturnType<typeof grid>): number[] =>
  [...selected.value].toSorted((a, b) => a - b);

describe('selecting cells', () => {
  it('takes the rectangle between where it was begun and where it ends, either way', () => {
    const cells = grid();
    cells.start({ row: 1, column: 2 }, false);
    cells.extend({ row: 0, column: 1 });
    expect(chosen(cells)).toStrictEqual([1, 2, 11, 12]);
    // Back over itself: what the rectangle has left is selected no more.
    cells.extend({ row: 1, column: 2 });
    expect(chosen(cells)).toStrictEqual([12]);
    cells.extend({ row: 2, column: 3 });
    expect(chosen(cells)).toStrictEqual([12, 13, 22]);
  });

  it('goes by arrow keys, stays inside, and extends with shift', () => {
    const cells = grid();
    for (const name of ['ArrowLeft', 'ArrowUp', 'ArrowRight']) cells.press(key(name));
    expect(cells.current.value).toStrictEqual({ row: 0, column: 1 });
    expect(chosen(cells)).toStrictEqual([]);
    cells.press(key('ArrowDown', { shiftKey: true }));
    cells.press(key('ArrowRight', { shiftKey: true }));
    expect(chosen(cells)).toStrictEqual([1, 2, 11, 12]);
    cells.press(key('End', { ctrlKey: true }));
    expect(cells.current.value).toStrictEqual({ row: 2, column: 3 });
    expect(chosen(cells)).toStrictEqual([1, 2, 11, 12]);
  });

  it('adds single cells and takes them back, and rectangles to what is selected', () => {
    const cells = grid();
    cells.toggle({ row: 0, column: 0 });
    cells.toggle({ row: 2, column: 0 });
    cells.extend({ row: 2, column: 1 });
    expect(chosen(cells)).toStrictEqual([0, 20, 21]);
    cells.toggle({ row: 0, column: 0 });
    expect(chosen(cells)).toStrictEqual([20, 21]);
    cells.press(key('Escape'));
    expect(chosen(cells)).toStrictEqual([]);
    expect(cells.press(key('Escape'))).toBe(false);
  });

  it('selects every run, and nothing where there is none', () => {
    const cells = grid();
    cells.press(key('a', { ctrlKey: true }));
    expect(chosen(cells)).toHaveLength(11);
    cells.toggle({ row: 2, column: 3 });
    expect(chosen(cells)).toHaveLength(11);
  });
});
