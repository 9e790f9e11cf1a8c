// Makes the README's pictures from a trained lab: node test/pictures.ts LAB. The lab's first study is shown; run quick makes one.
import { once } from 'node:events';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { buildWindow } from './e2e/build-window.ts';
import { findChromium } from './e2e/find-chromium.ts';
import { browserFlags } from './e2e/open-window.ts';
import { Workbench } from './src-main/hosts/cli/lab-command.ts';

interface Picture {
  readonly name: string;
  readonly at: string;
  readonly dark?: boolean;
  /** Brings the page to what is worth showing. */
  readonly ready: (page: Page) => Promise<unknown>;
}

const pictures: readonly Picture[] = [
  {
    name: 'start',
    at: '/',
    ready: async (page) => {
      await page.getByRole('button', { name: /^Headline/ }).click();
      await page.locator('.cm-content').waitFor();
    },
  },
  { name: 'study', at: '/studies/1', ready: (page) => page.getByRole('figure').first().waitFor() },
  {
    name: 'charts-dark',
    at: '/studies/1',
    dark: true,
    ready: async (page) =>
      page.getByRole('figure', { name: /^sigma2\/sigma3 of W/ }).scrollIntoViewIfNeeded(),
  },
  {
    name: 'detectors',
    at: '/studies/1/detectors',
    ready: (page) => page.getByRole('figure').first().waitFor(),
  },
  {
    name: 'matrix',
    at: '/studies/1/matrix',
    // Probes come run by run.
    ready: (page) => page.getByText('n = 5', { exact: true }).nth(1).waitFor(),
  },
  {
    name: 'report',
    at: '/studies/1/report',
    ready: (page) => page.getByText('Fire epochs').first().waitFor(),
  },
];

const lab = process.argv[2];
const executablePath = findChromium(process.env);
if (lab === undefined || executablePath === null) {
  process.stderr.write(
    'node test/pictures.ts LAB: a trained lab, and a Chromium on this machine, are needed.\n',
  );
  process.exit(2);
}
await buildWindow();
const bench = new Workbench();
const { child, outcome } = bench.start(['serve', '--lab', path.resolve(lab), '--no-open']);
if (!child.stdout) throw new Error('The host was started without an output.');
const [address]: unknown[] = await once(child.stdout, 'data');
const browser = await chromium.launch({ executablePath, args: [...browserFlags] });
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
await page.goto(String(address).split('\n', 1)[0]);
await page.getByRole('navigation', { name: 'History' }).waitFor();
for (const { name, at, dark = false, ready } of pictures) {
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
  await page.evaluate(`location.hash = ${JSON.stringify(at)}`);
  await ready(page);
  // Charts are computed in a worker and drawn in a frame of their own.
  await page.waitForTimeout(2500);
  await page.screenshot({ path: path.join(import.meta.dirname, '..', 'docs', 'pictures', `${name}.png`) });
  process.stderr.write(`docs/pictures/${name}.png\n`);
}
await browser.close();
child.kill('SIGINT');
await outcome;
bench.remove();
