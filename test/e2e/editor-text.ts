import type { Locator, Page } from 'playwright-core';

export function studyEditor(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Study file' });
}

/** The study file as the editor has it, of which every line must be in sight. */
export async function editorText(page: Page): Promise<string> {
  const lines = await studyEditor(page).locator('.cm-line').allTextContents();
  return lines.join('\n');
}
