import type { GuideEntry } from '#shared/study/format-guide.ts';

/** What the format says of a key, as the editor shows it beside a completion and under the pointer. */
export function guideElement(entry: GuideEntry): HTMLElement {
  const element = document.createElement('div');
  element.className = 'study-guide';
  const line = (className: string, text: string): void => {
    const row = document.createElement('div');
    row.className = className;
    row.textContent = text;
    element.append(row);
  };
  line('study-guide-key', entry.unit === null ? entry.key : `${entry.key} (${entry.unit})`);
  if (entry.description !== '') line('', entry.description);
  if (entry.allowed !== '') line('study-guide-allowed', sentence(entry.allowed));
  if (entry.whenLeftOut !== null) line('study-guide-allowed', `Left out: ${entry.whenLeftOut}.`);
  return element;
}

function sentence(phrase: string): string {
  return `${phrase[0].toUpperCase()}${phrase.slice(1)}.`;
}
