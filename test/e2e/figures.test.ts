import { readFileSync } from 'node:fs';
import type { Download } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conditionStroke } from '#shared/figures/palette.ts';
import { readFigureCsv } from '../shared/figures/read-figure-csv.ts';
import { tinyStudy } from '../src-main/hosts/cli/lab-command.ts';
import { buildWindow } from './build-window.ts';
import { colourIn, pictureOf, readWhole } from './canvas.ts';
import { seriousFindings } from './check-accessibility.ts';
import { findChromium } from './find-chromium.ts';
import { writeStudy } from './editor-text.ts';
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
    await writeStudy(page, study);
    await page.getByRole('button', { name: /^Engine/ }).click();
    await page.getByRole('menuitemcheckbox', { name: /^plain/ }).click();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.locator('[data-run-state=finished]').nth(3).waitFor({ timeout: 90_000 });
    await page.reload();
  }, 150_000);
  afterAll(() => there.close());

  const figure = (title: string) => there.page.getByRole('figure', { name: title, exact: true });
  const entry = (title: string, name: RegExp) => figure(title).getByRole('button', { name });
  const drawn = async (title: string, colour = grokking): Promise<void> =>
    expect.poll(async () => (await colourIn(figure(title), colour)).count).toBeGreaterThan(60);

  it('are computed in a worker, from a file of the window', async () => {
    await readWhole(figure('Accuracy'));
    await readWhole(figure('Loss'));
    await drawn('Accuracy');
    const workers = there.page.workers();
    expect(workers).toHaveLength(1);
    expect(new URL(workers[0].url()).pathname).toMatch(/^\/assets\/worker-[\w-]+\.js$/);
  });

  it('join what is measured every fifth epoch', async () => {
    await figure('Kernel residual rho').scrollIntoViewIfNeeded();
    // Nine points of a few dots each, or a line over the whole plot; the control's is drawn over the other's.
    await expect
      .poll(async () => (await colourIn(figure('Kernel residual rho'), control, null, 70)).columns)
      .toBeGreaterThan(300);
    await figure('Accuracy').scrollIntoViewIfNeeded();
  });

  it('hide a condition in every chart at once, and one alone is what an alt-click shows', async () => {
    await there.page.mouse.move(0, 0);
    const both = await pictureOf(figure('Loss'));
    await entry('Accuracy', /^control/).click();
    await there.page.mouse.move(0, 0);
    await expect.poll(async () => (await colourIn(figure('Loss'), control)).count).toBe(0);
    // The legend follows the picture.
    await expect.poll(() => entry('Loss', /^control/).getAttribute('aria-pressed')).toBe('false');
    await entry('Accuracy', /^control/).click({ modifiers: ['Alt'] });
    await expect.poll(async () => (await colourIn(figure('Loss'), grokking)).count).toBe(0);
    await drawn('Loss', control);
    await entry('Loss', /^control/).click({ modifiers: ['Alt'] });
    await there.page.mouse.move(0, 0);
    // What was hidden lies where it lay before, and not over the others.
    await expect.poll(() => pictureOf(figure('Loss'))).toBe(both);
  });

  it('zoom by keyboard, all together, and are found zoomed after a reload', async () => {
    const { page } = there;
    await page.mouse.move(0, 0);
    const whole = await pictureOf(figure('Loss'));
    await figure('Accuracy')
      .getByRole('group', { name: /^Accuracy against epoch/ })
      .focus();
    await page.keyboard.press('+');
    await expect.poll(() => pictureOf(figure('Loss'))).not.toBe(whole);
    const zoomed = await pictureOf(figure('Loss'));
    await page.reload();
    await drawn('Loss', control);
    await expect.poll(() => pictureOf(figure('Loss'))).toBe(zoomed);
    await page.getByRole('button', { name: 'Show all epochs' }).click();
    await expect.poll(() => pictureOf(figure('Loss'))).toBe(whole);
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

  it('are chosen and put in order, which is remembered', async () => {
    const { page } = there;
    const titles = () => page.getByRole('figure').getByRole('heading').allTextContents();
    const usual = await titles();
    expect(usual.slice(0, 2)).toStrictEqual(['Accuracy', 'Loss']);
    await page.getByRole('button', { name: 'Figures', exact: true }).click();
    await page.getByRole('button', { name: 'Move Loss up' }).click();
    await page.getByRole('checkbox', { name: 'Accuracy' }).uncheck();
    await page.keyboard.press('Escape');
    await page.reload();
    await drawn('Loss', control);
    // A figure comes after the other.
    await expect.poll(titles).toStrictEqual(['Loss', ...usual.slice(2)]);
    await page.getByRole('button', { name: 'Figures', exact: true }).click();
    await page.getByRole('button', { name: 'As it was' }).click();
    await page.keyboard.press('Escape');
    await expect.poll(titles).toStrictEqual(usual);
  });

  async function saved(count: number): Promise<Map<string, Buffer>> {
    const { page } = there;
    const downloads: Download[] = [];
    const hear = (download: Download): void => void downloads.push(download);
    page.on('download', hear);
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Save figure/ })
      .click();
    await expect.poll(() => downloads.length).toBe(count);
    page.off('download', hear);
    const files = new Map<string, Buffer>();
    for (const download of downloads)
      files.set(download.suggestedFilename(), readFileSync(await download.path()));
    return files;
  }

  it('are exported as SVG with the table that rebuilds them', async () => {
    const { page } = there;
    await page.getByRole('button', { name: 'Export Accuracy' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('img', { name: /^Preview/ }).waitFor();
    expect(await seriousFindings(page)).toStrictEqual([]);
    await dialog.getByRole('checkbox', { name: /^control/ }).uncheck();
    const files = await saved(2);
    const svg = files.get('tiny-accuracy.svg')?.toString() ?? '';
    expect(svg).toMatch(/^<svg width="85mm"[\s\S]*grokking \(n = 2\)[\s\S]*<\/svg>\s*$/);
    expect(svg).not.toContain('control');
    expect(svg).not.toContain(control);
    const table = readFigureCsv(files.get('tiny-accuracy.csv')?.toString() ?? '');
    // The numbers are of every condition, whatever is shown.
    expect([...table.keys()]).toStrictEqual([
      'grokking/test.accuracy',
      'grokking/train.accuracy',
      'control/test.accuracy',
      'control/train.accuracy',
    ]);
    for (const { runs, written, rebuilt } of table.values()) {
      expect([runs.size, written.median.length]).toStrictEqual([2, 41]);
      expect(rebuilt).toStrictEqual(written);
    }
  });

  it('are exported as PNG of their size on paper', async () => {
    const { page } = there;
    await page.getByRole('button', { name: 'Export Loss' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: /^PNG/ }).check();
    await dialog.getByRole('button', { name: 'Two, 170' }).click();
    await dialog.getByRole('checkbox', { name: /^the CSV/ }).uncheck();
    const png = (await saved(1)).get('tiny-loss.png') ?? Buffer.alloc(0);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(Math.round((170 / 25.4) * 600));
    const density = png.indexOf('pHYs');
    // Dots a metre.
    expect(png.readUInt32BE(density + 4)).toBe(Math.round(600 / 0.0254));
  });

  it('asked nobody but the host for anything, and had nothing to complain of', async () => {
    // While it fades out, the dialog of the test before has no contrast to speak of.
    await there.page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await seriousFindings(there.page)).toStrictEqual([]);
    await there.photograph('figures');
    expect(there.complaints).toStrictEqual([]);
  });
});
