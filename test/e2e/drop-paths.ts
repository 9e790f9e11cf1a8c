import type { Page } from 'playwright-core';
import { expect, vi } from 'vitest';

/** Drops files that are made in the page into the window. @param files contents by name */
export async function dropFiles(page: Page, files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  const given = Object.entries(files).map(([name, content]) => [name, [...Buffer.from(content)]]);
  const dataTransfer = await page.evaluateHandle(`(() => {
    const data = new DataTransfer();
    for (const [name, bytes] of ${JSON.stringify(given)}) data.items.add(new File([new Uint8Array(bytes)], name));
    return data;
  })()`);
  // Not by `expect.poll`, which hooks may not call.
  await vi.waitFor(async () => {
    await page.dispatchEvent('body', 'dragover', { dataTransfer });
    await expectTaken(page);
  });
  await page.dispatchEvent('body', 'drop', { dataTransfer });
}

/** Drops files and folders of the disk into the middle of the window, as a file manager does: what a page makes itself cannot be a folder. */
export async function dropPaths(page: Page, files: readonly string[]): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize() ?? { width: 800, height: 600 };
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  const drag = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    browser.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data });
  await vi.waitFor(async () => {
    await drag('dragEnter');
    await drag('dragOver');
    await expectTaken(page);
  });
  await drag('drop');
  await browser.detach();
}

/** Before a busy page has said that it takes what is dragged, letting go of it is no drop; and a page may not listen yet. */
async function expectTaken(page: Page): Promise<void> {
  expect(await page.getByText('Drop to open').isVisible()).toBe(true);
}
