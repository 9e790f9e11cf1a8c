import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Waits until a toast has said this, since the page was loaded; it may be gone again. */
export function told(page: Page, words: RegExp): Promise<void> {
  return expect
    .poll(() => page.evaluate<string[]>('window.told'))
    .toContainEqual(expect.stringMatching(words));
}
