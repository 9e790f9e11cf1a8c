/**
 * Scrolls as little as shows a row of a list.
 * @param start of the row in the list, in pixels, and `end`
 * @param head height of what stays at the top of the scroller, over the list
 */
export function revealRow(scroller: HTMLElement, start: number, end: number, head = 0): void {
  if (start < scroller.scrollTop) scroller.scrollTop = start;
  else if (end + head > scroller.scrollTop + scroller.clientHeight)
    scroller.scrollTop = end + head - scroller.clientHeight;
}
