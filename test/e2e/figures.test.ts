import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conditionStroke } from '#shared/figures/palette.ts';
import { tinyStudy } from '../src-main/hosts/cli/lab-command.ts';
import { buildWindow } from './build-window.ts';
import { colourIn } from './canvas.ts';
import { seriousFindings } from './check-accessibility.ts';
import { findChromium } from './find-chromium.ts';
import { studyEditor } from './editor-text.ts';
import { openWindow } from './open-window.ts';
import type { OpenWindow } from './open-window.ts';

const browser = findChromium(process.env);
if (browser === null)
  process.stderr.write('SKIPPED: the tests of the figures in a browser, for want of one.\n');

const study = tinyStudy.replace(
  'probes:\n',
  'probes:\n  spectrum: { window: 5, layers: [W] }\n  gram: { every: 5 }\n',
);
const [grokking, control] = [0, 1].map((place) => conditionStroke(place, 'light').colour);

/** One path through the charts of a study, in order. */
describe.skipIf(browser === null)('figures in a real browser', () => {
  let there: OpenWindow;

  beforeAll(async () => {
    await buildWindow();
    there = await openWindow(browser ?? '');
    const { page } = there;
    await studyEditor(page).fill(study);
    await page.getByRole('button', { name: /^Engine/ }).click();
    await page.getByRole('menuitemcheckbox', { name: /^plain/ }).click();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.locator('[data-run-state=finished]').nth(3).waitFor({ timeout: 30_000 });
  });
  afterAll(() => there.close());

  const figure = (title: string) => there.page.getByRole('figure', { name: title, exact: true });
  const entry = (title: string, name: RegExp) => figure(title).getByRole('button', { name });
  const drawn = async (title: string, colour = grokking): Promise<void> =>
    expect
      .poll(async () => (await colourIn(figure(title), colour)).count, { timeout: 8000 })
      .toBeGreaterThan(60);

  it('are computed in a worker, from a file of the window', async () => {
    await drawn('Accuracy');
    const workers = there.page.workers();
    expect(workers).toHaveLength(1);
    expect(new URL(workers[0].url()).pathname).toMatch(/^\/assets\/worker-[\w-]+\.js$/);
  });

  it('join what is measured every fifth epoch', async () => {
    await figure('Kernel residual rho').scrollIntoViewIfNeeded();
    // The control's line is drawn over the other's, which it hides in part at this size.
    await drawn('Kernel residual rho', control);
    await figure('Accuracy').scrollIntoViewIfNeeded();
  });

  it('hide a condition in every chart at once, and one alone is what an alt-click shows', async () => {
    await entry('Accuracy', /^control/).click();
    await there.page.mouse.move(0, 0);
    await expect.poll(async () => (await colourIn(figure('Loss'), control)).count).toBe(0);
    expect(await entry('Loss', /^control/).getAttribute('aria-pressed')).toBe('false');
    await entry('Accuracy', /^control/).click({ modifiers: ['Alt'] });
    await expect.poll(async () => (await colourIn(figure('Loss'), grokking)).count).toBe(0);
    await drawn('Loss', control);
    await entry('Loss', /^control/).click({ modifiers: ['Alt'] });
    await drawn('Loss', grokking);
  });

  it('take the epochs logarithmically, where epoch 0 has no place and is counted', async () => {
    const accuracy = figure('Accuracy');
    await accuracy.getByRole('button', { name: /switch the epochs of Accuracy/ }).click();
    await accuracy.getByText(/0 or less and have no place/).waitFor();
    await accuracy.getByRole('button', { name: /switch the epochs of Accuracy/ }).click();
  });

  it('fill the screen until Escape', async () => {
    const { page } = there;
    await figure('Accuracy').getByRole('button', { name: 'Full screen: Accuracy' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('[data-drawn]').waitFor();
    const box = await dialog.locator('canvas').boundingBox();
    expect(box?.width).toBeGreaterThan(1000);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('asked nobody but the host for anything, and had nothing to complain of', async () => {
    expect(await seriousFindings(there.page)).toStrictEqual([]);
    await there.photograph('figures');
    expect(there.complaints).toStrictEqual([]);
  });
});
