import { describe, expect, it } from 'vitest';
import {
  gestureOf,
  move,
  nothingSelected,
  prune,
  select,
  stepsOf,
} from '../../src-renderer/list-selection.ts';

const keys = ['a', 'b', 'c', 'd', 'e'];
const start = nothingSelected<string>();
const chosen = ({ chosen: set }: { chosen: ReadonlySet<string> }): string => [...set].toSorted().join('');

describe('a selection in a list', () => {
  it('is one thing after a click, and grows and shrinks with Ctrl or Cmd', () => {
    const one = select(start, keys, 'b', 'only');
    expect(chosen(one)).toBe('b');
    expect(chosen(select(one, keys, 'd', 'only'))).toBe('d');
    const two = select(one, keys, 'd', 'toggle');
    expect(chosen(two)).toBe('bd');
    expect(chosen(select(two, keys, 'b', 'toggle'))).toBe('d');
    expect(gestureOf({ shiftKey: false, ctrlKey: true, metaKey: false })).toBe('toggle');
    expect(gestureOf({ shiftKey: true, ctrlKey: true, metaKey: false })).toBe('range');
  });

  it('is everything between where it began and where Shift is held, in either direction, however often it is moved', () => {
    const from = select(start, keys, 'c', 'only');
    const down = select(from, keys, 'e', 'range');
    expect(chosen(down)).toBe('cde');
    expect(chosen(select(down, keys, 'a', 'range'))).toBe('abc');
    expect(chosen(select(start, keys, 'd', 'range'))).toBe('d');
  });

  it('leaves what is chosen alone while the keyboard moves, unless Shift is held', () => {
    const from = select(start, keys, 'b', 'only');
    const moved = move(from, keys, 2, false);
    expect([moved.active, chosen(moved)]).toEqual(['d', 'b']);
    const extended = move(move(from, keys, 1, true), keys, 1, true);
    expect([extended.active, chosen(extended)]).toEqual(['d', 'bcd']);
    expect(chosen(move(extended, keys, -1, true))).toBe('bc');
  });

  it('stops at the ends, and begins at one of them', () => {
    expect(move(start, keys, 1, false).active).toBe('a');
    expect(move(start, keys, -1, false).active).toBe('e');
    expect(move(select(start, keys, 'd', 'only'), keys, stepsOf('End', 5, 3) ?? 0, false).active).toBe('e');
    expect(move(select(start, keys, 'd', 'only'), keys, stepsOf('PageUp', 5, 3) ?? 0, false).active).toBe(
      'a',
    );
    expect(move(start, [], 1, true)).toBe(start);
    expect(stepsOf('x', 5, 3)).toBeNull();
  });

  it('forgets what is gone from the list', () => {
    const all = select(select(start, keys, 'b', 'only'), keys, 'd', 'range');
    expect(prune(all, ['a', 'd'])).toEqual({ chosen: new Set(['d']), anchor: null, active: 'd' });
  });
});
