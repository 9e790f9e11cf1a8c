import type { Page } from 'playwright-core';

/** Drops files and folders of the disk into the middle of the window, as a file manager does: what a page makes itself cannot be a folder. */
export async function dropPaths(page: Page, files: readonly string[]): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize() ?? { width: 800, height: 600 };
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  const drag = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    browser.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data });
  const taken = page.getByText('Drop to open');
  await drag('dragEnter');
  // Before a busy page has said that it takes what is dragged, letting go of it is no drop; and a page may not listen yet.
  do await drag('dragOver');
  while (
    !(await taken.waitFor({ timeout: 1000 }).then(
      () => true,
      () => false,
    ))
  );
  await drag('drop');
  await browser.detach();
}
