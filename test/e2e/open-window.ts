import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { Workbench } from '../src-main/hosts/cli/lab-command.ts';

const screenshots = path.join(import.meta.dirname, 'screenshots');

export const browserFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** In the page: every toast that was shown, for `told`. They go after some seconds, and a busy machine may look later. */
export const hearToasts = `window.told = [];
new MutationObserver(() => {
  for (const { textContent } of document.querySelectorAll('.toasts [data-slot=description]'))
    if (!window.told.includes(textContent.trim())) window.told.push(textContent.trim());
}).observe(document, { childList: true, subtree: true });`;

/** The real host, in a process of its own on a lab of its own, and a real browser at its window. */
export interface OpenWindow {
  readonly page: Page;
  /** The lab file the host has open. */
  readonly lab: string;
  /** What the console complained of, and every request to anyone but the host. */
  readonly complaints: readonly string[];
  /** Writes what is seen, in both themes and at two sizes. */
  photograph(name: string): Promise<void>;
  /** Ends the host as a crash would. */
  killHost(): Promise<void>;
  /** Starts a host for the same lab, as whoever reads the page's advice would. @returns the address it printed */
  startHost(): Promise<string>;
  /** A folder of its own, the lab in it. */
  readonly bench: Workbench;
  close(): Promise<void>;
}

/** @param prepare fills the lab before the host opens it */
export async function openWindow(
  executablePath: string,
  prepare: (lab: string) => void = () => {},
  workers = 2,
): Promise<OpenWindow> {
  const bench = new Workbench();
  prepare(bench.path('window.lab'));
  const serve = ['serve', '--lab', bench.path('window.lab'), '--no-open', '--workers', String(workers)];
  let host = bench.start(serve);
  const address = await firstLine(host.child);
  const browser: Browser = await chromium.launch({ executablePath, args: browserFlags });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  // Like all that tests wait for: seconds on a free machine, and no test of speed on a busy one.
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    // Pictures of figures are made in the page: data: and blob: reach nobody.
    if (hostname !== '127.0.0.1' && protocol !== 'data:' && protocol !== 'blob:')
      complaints.push(`request: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400)
      complaints.push(`${response.status()}: ${new URL(response.url()).pathname}`);
  });
  await page.addInitScript(hearToasts);
  await page.goto(address);
  return {
    page,
    lab: bench.path('window.lab'),
    complaints,
    async photograph(name) {
      mkdirSync(screenshots, { recursive: true });
      for (const [width, height] of [
        [1920, 1080],
        [1280, 800],
      ]) {
        for (const colorScheme of ['dark', 'light'] as const) {
          await page.setViewportSize({ width, height });
          await page.emulateMedia({ colorScheme });
          // Charts are drawn in the next frame, and anew at a new size.
          await page.waitForTimeout(120);
          await page.screenshot({ path: path.join(screenshots, `${name}-${width}-${colorScheme}.png`) });
        }
      }
    },
    async killHost() {
      host.child.kill('SIGKILL');
      await host.outcome;
    },
    async startHost() {
      host = bench.start(serve);
      return firstLine(host.child);
    },
    bench,
    async close() {
      await browser.close();
      host.child.kill('SIGINT');
      await host.outcome;
      bench.remove();
    },
  };
}

/** The first line of what a process prints: the address, of a host. */
export async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The host was started without an output.');
  let text = '';
  while (!text.includes('\n')) {
    const [chunk]: unknown[] = await once(child.stdout, 'data');
    text += String(chunk);
  }
  return text.split('\n', 1)[0];
}
