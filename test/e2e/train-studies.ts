import type { Page } from 'playwright-core';
import { dropFiles } from './drop-paths.ts';

/** Drops study files into the window, one after another, and trains each on the plain engine to its end. */
export async function trainStudies(page: Page, texts: readonly string[]): Promise<void> {
  await page.getByRole('link', { name: 'New study' }).waitFor();
  await page.evaluate("localStorage.setItem('grokscope.engine', 'plain')");
  await page.reload();
  for (const text of texts) {
    await page.getByRole('link', { name: 'New study' }).click();
    await dropFiles(page, { 'study.yaml': text });
    const name = /^study: (.+)$/m.exec(text)?.[1] ?? '';
    await page.getByRole('complementary', { name: 'Preview' }).getByText(name, { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    await page.getByText(/^([1-9]\d*) of \1 runs finished/).waitFor({ timeout: 120_000 });
  }
}
