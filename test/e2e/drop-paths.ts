import type { Page } from 'playwright-core';

/** Drops files and folders of the disk into the middle of the window, as a file manager does: what a page makes itself cannot be a folder. */
export async function dropPaths(page: Page, files: readonly string[]): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize() ?? { width: 800, height: 600 };
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await browser.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data });
  await browser.detach();
}
