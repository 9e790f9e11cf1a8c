/** What is chosen in a list, where a range begins, and where the keyboard is. */
export interface ListSelection<K> {
  readonly chosen: ReadonlySet<K>;
  readonly anchor: K | null;
  readonly active: K | null;
}

/** `only` chooses one thing, `toggle` one more or less, `range` all from the anchor to it. */
export type Gesture = 'only' | 'toggle' | 'range';

export function nothingSelected<K>(): ListSelection<K> {
  return { chosen: new Set(), anchor: null, active: null };
}

/** What of a click or a key press says how to choose. */
export interface Modifiers {
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** What a click means, as in every list of files. */
export function gestureOf(event: Modifiers): Gesture {
  if (event.shiftKey) return 'range';
  return event.ctrlKey || event.metaKey ? 'toggle' : 'only';
}

/** @param keys everything in the list, in its order */
export function select<K>(
  selection: ListSelection<K>,
  keys: readonly K[],
  key: K,
  gesture: Gesture,
): ListSelection<K> {
  if (gesture === 'toggle') {
    const chosen = new Set(selection.chosen);
    if (!chosen.delete(key)) chosen.add(key);
    return { chosen, anchor: key, active: key };
  }
  const anchor = gesture === 'range' && selection.anchor !== null ? keys.indexOf(selection.anchor) : -1;
  if (anchor < 0) return { chosen: new Set([key]), anchor: key, active: key };
  const place = keys.indexOf(key);
  const chosen = new Set(keys.slice(Math.min(anchor, place), Math.max(anchor, place) + 1));
  return { chosen, anchor: selection.anchor, active: key };
}

/**
 * Moves the keyboard by so many places, to the ends at most. With `extend` the range from the anchor follows, else nothing is chosen
 * until space is pressed.
 */
export function move<K>(
  selection: ListSelection<K>,
  keys: readonly K[],
  steps: number,
  extend: boolean,
): ListSelection<K> {
  if (keys.length === 0) return selection;
  const now = selection.active === null ? -1 : keys.indexOf(selection.active);
  const start = now < 0 ? (steps > 0 ? -1 : keys.length) : now;
  const key = keys[Math.max(0, Math.min(keys.length - 1, start + steps))];
  if (!extend) return { ...selection, active: key };
  const anchored = selection.anchor === null ? { ...selection, anchor: selection.active ?? key } : selection;
  return select(anchored, keys, key, 'range');
}

/** Without what is no longer in the list. */
export function prune<K>(selection: ListSelection<K>, keys: readonly K[]): ListSelection<K> {
  const there = new Set(keys);
  const kept = (key: K | null): K | null => (key !== null && there.has(key) ? key : null);
  return {
    chosen: new Set([...selection.chosen].filter((key) => there.has(key))),
    anchor: kept(selection.anchor),
    active: kept(selection.active),
  };
}

/** The keys of a list of many things: how far each moves. */
export function stepsOf(key: string, count: number, page: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return 1;
    case 'ArrowUp':
      return -1;
    case 'PageDown':
      return page;
    case 'PageUp':
      return -page;
    case 'Home':
      return -count;
    case 'End':
      return count;
    default:
      return null;
  }
}
