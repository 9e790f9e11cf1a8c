import type { Locator } from 'playwright-core';
import { expect } from 'vitest';

/**
 * Stretches of a list's height, in pixels of the window, where none of its rows is drawn; its head may cover some. Rows are drawn a frame after
 * the list was scrolled: poll.
 */
function listGaps(list: Locator, rows: string): Promise<string[]> {
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

/** Scrolls a list through, and leaves it at its end. */
export async function expectRowsEverywhere(list: Locator, rows: string): Promise<void> {
  for (const place of [0, 0.37, 0.5, 1]) {
    await list.evaluate((box, share) => {
      box.scrollTop = share * box.scrollHeight;
    }, place);
    await expect.poll(() => listGaps(list, rows)).toStrictEqual([]);
  }
}
