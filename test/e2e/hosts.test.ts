import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyStudy } from '../src-main/hosts/cli/lab-command.ts';
import { buildWindow } from './build-window.ts';
import { seriousFindings } from './check-accessibility.ts';
import { findChromium } from './find-chromium.ts';
import { openWindow } from './open-window.ts';
import type { OpenWindow } from './open-window.ts';

const browser = findChromium(process.env);
if (browser === null)
  process.stderr.write(
    'SKIPPED: the tests of files and hosts in the window, for want of a browser; install chromium or name one in CHROMIUM.\n',
  );

/** Long enough to be under way when its host is killed. */
const long = tinyStudy
  .replace('study: Tiny', 'study: Long')
  .replace('epochs: 40', 'epochs: 20000')
  .replace('epochs: [0, 40]', 'epochs: [0]');

describe.skipIf(browser === null)('the window and its host, in a real browser', () => {
  let there: OpenWindow;

  beforeAll(async () => {
    await buildWindow();
    there = await openWindow(browser ?? '');
    await there.page.getByText('No studies yet.').waitFor();
  });
  afterAll(() => there.close());

  it('says at once that its host was killed and how to start it, and goes on by itself when it is back', async () => {
    const { page } = there;
    await page.getByRole('textbox', { name: 'Study file' }).fill(long);
    await page.getByRole('button', { name: /^Engine/ }).click();
    await page.getByRole('menuitemcheckbox', { name: /^plain/ }).click();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    const running = page.locator('[data-run-state=running]');
    await expect.poll(() => running.count(), { timeout: 15_000 }).toBe(2);
    const address = page.url();
    await there.killHost();
    const banner = page.getByRole('status').filter({ hasText: 'The host of this lab has ended' });
    await banner.waitFor({ timeout: 2000 });
    expect(await banner.locator('code').textContent()).toMatch(
      /^npm run -s cli -- serve --lab \S+window\.lab$/,
    );
    await there.photograph('host-gone');
    expect(await seriousFindings(page)).toStrictEqual([]);
    await there.startHost();
    await banner.waitFor({ state: 'detached', timeout: 15_000 });
    // The same page, never loaded again, and the runs that trained train.
    expect(page.url()).toBe(address);
    await expect.poll(() => running.count(), { timeout: 15_000 }).toBe(2);
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await expect.poll(() => page.locator('[data-run-state=cancelled]').count(), { timeout: 10_000 }).toBe(4);
  });

  it('is let in again when it is loaded anew after that', async () => {
    await there.page.reload();
    await there.page.getByRole('heading', { name: 'Long' }).waitFor();
  });

  it('asked nobody but its host for anything, and complained of nothing but its absence', () => {
    const others = there.complaints.filter((line) => !/ERR_CONNECTION_REFUSED/.test(line));
    expect(others).toStrictEqual([]);
  });
});
