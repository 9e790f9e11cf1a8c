import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Drops files and folders of the disk into the middle of the window, as a file manager does: what a page makes itself cannot be a folder. */
export async function dropPaths(page: Page, files: readonly string[]): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize() ?? { width: 800, height: 600 };
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  const drag = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    browser.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data });
  await drag('dragEnter');
  // Before a busy page has said that it takes what is dragged, letting go of it is no drop; and a page may not listen yet.
  const isTaken = async (): Promise<boolean> => {
    await drag('dragOver');
    return page.getByText('Drop to open').isVisible();
  };
  await expect.poll(isTaken).toBe(true);
  await drag('drop');
  await browser.detach();
}
