import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { browserFlags } from '../e2e/open-window.ts';

/** One measured number beside what it should be. */
export interface Measured {
  readonly what: string;
  readonly value: number;
  readonly unit: 'ms' | 's' | '%';
  /** At most this; null where none was set. */
  readonly goal: number | null;
  /** Longest task of the main thread meanwhile, ms; 0 where none took 50 ms; null where it was not watched. */
  readonly longestTask: number | null;
}

/** JavaScript that starts something, and an expression that is true once it can be seen. */
export interface Step {
  readonly what: string;
  readonly goal: number | null;
  readonly act: string;
  readonly done: string;
}

const timing = z.object({ milliseconds: z.number(), longestTask: z.number() });
const loaded = z.object({ milliseconds: z.number(), longestTask: z.number(), firstPaint: z.number() });

/** Browsers tell of tasks from 50 ms on, to those who asked before: kept from the beginning of each page. */
export const watchTasks = `window.longTasks = [];
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) window.longTasks.push({ startTime, duration });
}).observe({ type: 'longtask', buffered: true });`;

/** In the page: resolves at the first frame in which `done` is true, then with how long that took and the longest task since `start`. */
const untilDone = (done: string): string => `(async (start) => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  while (!(${done})) {
    if (performance.now() - start > 30000) throw new Error('not done in half a minute: ' + document.body.textContent.slice(0, 200));
    await frame();
  }
  const milliseconds = performance.now() - start;
  // Tasks are told of after they have ended.
  await new Promise((resolve) => setTimeout(resolve, 150));
  const since = window.longTasks.filter((task) => task.startTime + task.duration > start);
  return { milliseconds, longestTask: Math.max(0, ...since.map((task) => task.duration)) };
})`;

/** A page, or what is left of one without Playwright. */
interface Evaluating {
  evaluate(expression: string): Promise<unknown>;
}

export async function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: browserFlags });
}

/** A page in which long tasks are watched from its beginning. */
export async function watchedPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  await watch(page);
  return page;
}

export async function watch(page: Page): Promise<void> {
  await page.addInitScript({ content: watchTasks });
}

/** Looks every 50 ms; a page that is being loaded fulfils nothing yet. */
export async function until(page: Evaluating, condition: string): Promise<void> {
  while ((await page.evaluate(condition).catch(() => false)) !== true) await pause(50);
}

/** From the press to the frame in which it is drawn. */
export async function timed(page: Evaluating, { what, goal, act, done }: Step): Promise<Measured> {
  const result: unknown = await page.evaluate(`(() => {
    const start = performance.now();
    ${act}
    return ${untilDone(done)}(start);
  })()`);
  const { milliseconds, longestTask } = timing.parse(result);
  return { what, value: milliseconds, unit: 'ms', goal, longestTask };
}

/** From the beginning of the load of a page, now loaded anew, to its first paint and to what it shows. */
export async function timedLoad(
  page: Evaluating & { reload(options: { readonly waitUntil: 'commit' }): Promise<unknown> },
  { what, goal, done }: Omit<Step, 'act'>,
): Promise<readonly Measured[]> {
  await page.reload({ waitUntil: 'commit' });
  const result: unknown = await page.evaluate(`${untilDone(done)}(0).then((timing) => ({
    ...timing,
    firstPaint: performance.getEntriesByType('paint').find(({ name }) => name === 'first-contentful-paint')?.startTime ?? NaN,
  }))`);
  const { milliseconds, longestTask, firstPaint } = loaded.parse(result);
  return [
    { what: `${what}: first paint`, value: firstPaint, unit: 'ms', goal: null, longestTask: null },
    { what, value: milliseconds, unit: 'ms', goal, longestTask },
  ];
}
