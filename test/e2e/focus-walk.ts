import type { Locator, Page } from 'playwright-core';
import { leaveEditor } from './editor-text.ts';

/*
 * Going through a page with Tab alone, as those do who have no pointer, and looking at every stop whether it can be seen that the focus is
 * there.
 */

/** In the page: how an element looks, and what stands right around and in it, or is the row of it that keys are for: there a mark of the focus may be drawn. */
const looks = `window.looksOf = (element) => [
  element, element.parentElement, element.parentElement?.parentElement, ...element.children,
  document.getElementById(element.getAttribute('aria-activedescendant')),
].filter(Boolean).map((each) => {
  const { outlineStyle, outlineWidth, boxShadow, backgroundColor, borderColor, strokeWidth, textDecorationLine } = getComputedStyle(each);
  return [outlineStyle === 'none' ? '' : outlineStyle + outlineWidth, boxShadow, backgroundColor, borderColor, strokeWidth, textDecorationLine].join(' ');
}).join('\\n');`;

/** Looks at what the focus left by a Tab, with and without it. Answers what looked the same, or nothing. */
const step = `((element) => {
  const left = window.stop;
  const unseen = left && left.element !== element && left.element.isConnected && window.looksOf(left.element) === left.looks
    ? left.element.outerHTML.slice(0, 200) : null;
  window.stop = element && element !== document.body ? { element, looks: window.looksOf(element) } : null;
  return unseen;
})(document.activeElement)`;

/** More stops than any page has. */
const most = 250;

export class FocusWalk {
  readonly #page: Page;
  /** Stops that did not show that they had the focus. */
  readonly unseen = new Set<string>();

  constructor(page: Page) {
    this.#page = page;
  }

  /** Goes out of the editor and on, as `to` does. */
  async outOfEditorTo(wanted: Locator): Promise<void> {
    await wanted.first().waitFor();
    await leaveEditor(this.#page);
    if (!(await this.isAt(wanted))) await this.to(wanted);
  }

  /** Presses Tab, or Shift+Tab, until the focus is on what is looked for. @throws when it went round without finding it */
  async to(wanted: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await wanted.first().waitFor();
    await this.#page.evaluate(`${looks} window.stop = null;`);
    const stops: string[] = [];
    for (let count = 0; count < most; count++) {
      await this.#page.keyboard.press(key);
      const unseen: unknown = await this.#page.evaluate(step);
      if (typeof unseen === 'string') this.unseen.add(unseen);
      if (await this.isAt(wanted)) return;
      stops.push(await this.where());
    }
    throw new Error(`Tab never came to ${String(wanted)}; it stopped at ${[...new Set(stops)].join(' | ')}`);
  }

  async isAt(wanted: Locator): Promise<boolean> {
    return (await wanted.and(this.#page.locator(':focus')).count()) > 0;
  }

  /** What has the focus, in words. */
  async where(): Promise<string> {
    return this.#page.evaluate(`(({ tagName, ariaLabel, textContent }) =>
      tagName.toLowerCase() + ' ' + (ariaLabel ?? textContent.trim().slice(0, 40)))(document.activeElement)`);
  }
}
