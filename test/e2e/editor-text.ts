import type { Locator, Page } from 'playwright-core';

export function studyEditor(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Study file' });
}

/** The study file as the editor has it, of which every line must be in sight. */
export async function editorText(page: Page): Promise<string> {
  const lines = await studyEditor(page).locator('.cm-line').allTextContents();
  return lines.join('\n');
}

/**
 * Replaces the study file, as a person who chooses all of it and pastes would. Playwright's own `fill` chooses by the page's selection, which the
 * editor may have put back to its own before the text comes; then the old text stays behind the new.
 */
export async function writeStudy(page: Page, text: string): Promise<void> {
  await studyEditor(page).press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
}

/** Escape and Tab, together: Tab goes back to indenting after two seconds, and a busy machine may take longer from one key to the next. */
export async function leaveEditor(page: Page): Promise<void> {
  const { keyboard } = page;
  await Promise.all([keyboard.press('Escape'), keyboard.press('Tab')]);
}
