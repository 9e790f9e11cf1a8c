/** Epochs in view. */
export type View = readonly [number, number];

/** Fewer than this many epochs are not worth a whole chart. */
const least = 4;

/**
 * What a key does to the view: + and - zoom about its middle, the arrows move it by a quarter, 0 shows everything.
 * @param whole all epochs there are
 * @returns the new view, null for all; undefined for any other key
 */
export function viewAfterKey(key: string, view: View | null, whole: View): View | null | undefined {
  const [from, to] = view ?? whole;
  const span = to - from;
  switch (key) {
    case '+':
    case '=':
      return span <= least ? view : settled([from + span / 4, to - span / 4], whole);
    case '-':
    case '_':
      return settled([from - span / 2, to + span / 2], whole);
    case 'ArrowLeft':
      return moved([from, to], -span / 4, whole);
    case 'ArrowRight':
      return moved([from, to], span / 4, whole);
    case '0':
    case 'Home':
      return null;
    default:
      return undefined;
  }
}

/** Whole epochs inside what there is; null when that is all of it. */
export function settled([from, to]: View, [first, last]: View): View | null {
  const start = Math.max(first, Math.floor(from));
  const end = Math.min(last, Math.ceil(to));
  if (end - start < 1) return null;
  return start <= first && end >= last ? null : [start, end];
}

function moved([from, to]: View, by: number, [first, last]: View): View | null {
  const within = by < 0 ? Math.max(by, first - from) : Math.min(by, last - to);
  return settled([Math.round(from + within), Math.round(to + within)], [first, last]);
}
