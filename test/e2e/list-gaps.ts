import type { Locator } from 'playwright-core';

/**
 * Stretches of a list's height, in pixels of the window, where none of its rows is drawn; its head may cover some. Rows are drawn a frame after
 * the list was scrolled: poll.
 */
export function listGaps(list: Locator, rows: string): Promise<string[]> {
  return list.evaluate((box, selector) => {
    const { top, height } = box.getBoundingClientRect();
    const end = top + Math.min(height, box.clientHeight);
    const places = [...box.querySelectorAll(selector)]
      .map((row) => row.getBoundingClientRect())
      .toSorted((a, b) => a.top - b.top);
    const gaps: string[] = [];
    let covered = top + 1;
    for (const place of places) {
      if (place.top > covered + 1 && covered < end)
        gaps.push(`${Math.round(covered - top)}..${Math.round(Math.min(place.top, end) - top)}`);
      covered = Math.max(covered, place.bottom);
    }
    // The tree has 8 pixels of room below its last row.
    if (covered < end - 10) gaps.push(`${Math.round(covered - top)}..${Math.round(end - top)}`);
    return gaps;
  }, rows);
}
