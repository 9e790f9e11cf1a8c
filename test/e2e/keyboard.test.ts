import { readFileSync } from 'node:fs';
import type { Download } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { conditionStroke } from '#shared/figures/palette.ts';
import { readFigureCsv } from '../shared/figures/read-figure-csv.ts';
import { tinyStudy } from '../src-main/hosts/cli/lab-command.ts';
import { buildWindow } from './build-window.ts';
import { colourIn } from './canvas.ts';
import { seriousFindings } from './check-accessibility.ts';
import { studyEditor } from './editor-text.ts';
import { findChromium } from './find-chromium.ts';
import { FocusWalk } from './focus-walk.ts';
import { openWindow } from './open-window.ts';
import type { OpenWindow } from './open-window.ts';
import { told } from './told.ts';

const browser = findChromium(process.env);
if (browser === null)
  process.stderr.write('SKIPPED: the tests of the window by keyboard alone, for want of a browser.\n');

/** Long enough that its runs are seen while they train: a page that nobody touches looks every 10 s, and all but the first take longer. */
const study = tinyStudy
  .replace('epochs: 40', 'epochs: 12000')
  .replace('late: [30, 40]', 'late: [2000, 3000]');
const wrong = study.replace('epochs: 12000', 'epochs: -3');
const busy = { timeout: 60_000 };
const control = conditionStroke(1, 'light').colour;

/** In the page: every state that a cell of the seed grid was seen in, in order, and every count of finished runs. */
const watchGrid = `window.seen = { cells: {}, counts: [] };
new MutationObserver(() => {
  for (const cell of document.querySelectorAll('[data-run-state]')) {
    const states = (window.seen.cells[cell.getAttribute('aria-label').split(':')[0].split(',').slice(0, 2).join()] ??= []);
    if (states.at(-1) !== cell.dataset.runState) states.push(cell.dataset.runState);
  }
  const count = /^(\\d+) of 4 runs finished/.exec([...document.querySelectorAll('main [role=status]')].map((each) => each.textContent).find((text) => text.includes('runs finished')) ?? '')?.[1];
  if (count !== undefined && window.seen.counts.at(-1) !== Number(count)) window.seen.counts.push(Number(count));
}).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });`;

const seenSchema = z.object({
  cells: z.record(z.string(), z.array(z.string())),
  counts: z.array(z.number()),
});

/** One path through the window without a pointer, in order: each part goes on where the one before it ended. */
describe.skipIf(browser === null)('the window by keyboard alone', () => {
  let there: OpenWindow;
  let walk: FocusWalk;

  beforeAll(async () => {
    await buildWindow();
    // One run after the other: so that some are finished and others not, for long.
    there = await openWindow(browser ?? '', undefined, 1);
    // What fades in or out would be looked at halfway.
    await there.page.emulateMedia({ reducedMotion: 'reduce' });
    await there.page.getByText('No studies yet.').waitFor();
    walk = new FocusWalk(there.page);
  }, 120_000);
  afterAll(() => there.close());

  const figure = (title: string) => there.page.getByRole('figure', { name: title, exact: true });
  const button = (name: string | RegExp) =>
    there.page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) });
  const press = (...keys: readonly string[]): Promise<void> =>
    keys.reduce((before, key) => before.then(() => there.page.keyboard.press(key)), Promise.resolve());
  /** Types into a field once it has the focus, which comes a moment after it is there. */
  const typeInto = async (placeholder: string, words: string): Promise<void> => {
    await expect.poll(() => walk.isAt(there.page.getByPlaceholder(placeholder))).toBe(true);
    await there.page.keyboard.type(words);
  };
  const command = async (words: string, found: string): Promise<void> => {
    await press('ControlOrMeta+k');
    await typeInto('Type a command', words);
    await there.page.locator('[data-highlighted]').filter({ hasText: found }).waitFor();
    await press('Enter');
  };

  it('comes to a new study from another page', async () => {
    const { page } = there;
    await command('all runs', 'All runs');
    await page.getByRole('heading', { name: 'All runs' }).waitFor();
    await walk.to(page.getByRole('link', { name: 'New study' }));
    await press('Enter');
    await page.getByRole('heading', { name: 'New study' }).waitFor();
  });

  it('writes a wrong study, is told, goes to the problem and mends it', async () => {
    const { page } = there;
    await walk.to(studyEditor(page));
    await press('ControlOrMeta+a', 'Delete');
    // Pasted: typed, the editor would indent it by itself.
    await page.keyboard.insertText(wrong);
    // A region that is read out as it changes says so.
    await page.locator('[aria-live=polite]').filter({ hasText: '1 problem' }).waitFor(busy);
    expect(await button('Start').isDisabled()).toBe(true);
    await walk.outOfEditorTo(
      page.getByRole('list', { name: 'Problems' }).getByRole('button', { name: /epochs.*got -3/ }),
    );
    await press('Enter');
    await expect.poll(() => walk.isAt(studyEditor(page)), busy).toBe(true);
    await press('End', 'Backspace', 'Backspace');
    await page.keyboard.type('12000');
    await page.getByRole('complementary', { name: 'Preview' }).getByText('48,004').waitFor(busy);
  });

  it('starts it on the engine that is chosen', async () => {
    const { page } = there;
    await walk.outOfEditorTo(button(/^Engine/));
    await press('Enter');
    const engines = page.getByRole('menuitemcheckbox');
    await expect.poll(() => walk.isAt(engines)).toBe(true);
    await press('p');
    await expect.poll(() => walk.isAt(engines.filter({ hasText: /^plain/ }))).toBe(true);
    await press('Enter');
    await button('Engine: plain').waitFor();
    await walk.to(button('Start'));
    await page.evaluate(watchGrid);
    await press('Enter');
    await page.getByRole('heading', { name: 'Tiny', level: 1 }).waitFor(busy);
  });

  it('sees the grid fill: waiting, running, finished, and the count of runs rise', async () => {
    const { page } = there;
    // Where training wants the whole machine a window that nobody touches may rest for 10 s, and runs begin and end meanwhile.
    const attentive = async (): Promise<number> => {
      await press('Shift');
      return page.getByText('4 of 4 runs finished').count();
    };
    await expect.poll(attentive, { timeout: 240_000, interval: 500 }).toBe(1);
    await expect.poll(() => page.locator('[data-run-state=finished]').count(), busy).toBe(4);
    const { cells, counts } = seenSchema.parse(await page.evaluate('window.seen'));
    const order = ['queued', 'running', 'finished'];
    expect(Object.keys(cells)).toHaveLength(4);
    for (const states of Object.values(cells))
      expect(states).toStrictEqual(order.filter((state) => states.includes(state)));
    expect(new Set(Object.values(cells).flat())).toStrictEqual(new Set(order));
    // Not every cell is drawn in every state.
    expect(Object.values(cells).some((states) => states.length === order.length)).toBe(true);
    expect(counts.at(-1)).toBe(4);
    expect(counts).toStrictEqual(counts.toSorted((a, b) => a - b));
    expect(counts.some((count) => count > 0 && count < 4)).toBe(true);
  }, 300_000);

  it('opens a run from the grid, and goes back', async () => {
    const { page } = there;
    await walk.to(page.getByRole('gridcell').and(page.locator('[data-run-state]')));
    await press('ArrowRight', 'Enter');
    await page.getByRole('heading', { name: 'grokking, seed 1' }).waitFor(busy);
    // The focus went along, and Tab goes on in the page.
    expect(await walk.where()).toMatch(/^main/);
    await press('Alt+ArrowLeft');
    await page.getByRole('heading', { name: 'Tiny', level: 1 }).waitFor(busy);
    expect(await walk.where()).toMatch(/^main/);
  });

  it('hides a condition by the legend, and shows it again', async () => {
    const entry = figure('Accuracy').getByRole('button', { name: /^control/ });
    await walk.to(entry);
    await press('Space');
    await expect.poll(() => entry.getAttribute('aria-pressed')).toBe('false');
    // Gone from the chart as well, and from no statistic: its n stays.
    await expect.poll(async () => (await colourIn(figure('Accuracy'), control)).count, busy).toBe(0);
    expect(await entry.textContent()).toContain('n = 2');
    await expect
      .poll(() =>
        figure('Loss')
          .getByRole('button', { name: /^control/ })
          .getAttribute('aria-pressed'),
      )
      .toBe('false');
    await press('Space');
    await expect.poll(() => entry.getAttribute('aria-pressed')).toBe('true');
    await expect
      .poll(async () => (await colourIn(figure('Accuracy'), control)).count, busy)
      .toBeGreaterThan(60);
  });

  it('zooms in a chart and sees everything again', async () => {
    const chart = figure('Accuracy').getByRole('group');
    await walk.to(chart);
    await press('+');
    const epochs = (): Promise<string | undefined> =>
      chart.getAttribute('aria-label').then((label) => /epochs \d+ to \d+/.exec(label ?? '')?.[0]);
    await expect.poll(epochs, busy).toBe('epochs 3000 to 9000');
    await press('ArrowRight');
    await expect.poll(epochs, busy).toBe('epochs 4500 to 10500');
    await press('0');
    await expect.poll(epochs, busy).toBe(undefined);
  });

  it('moves a detector, and what fires follows', async () => {
    const { page } = there;
    await walk.to(page.getByRole('link', { name: 'Detectors' }), 'Shift+Tab');
    await press('Enter');
    const slider = page.getByRole('slider', { name: 'Threshold' });
    await slider.waitFor(busy);
    await walk.to(slider);
    const value = (): Promise<number> => slider.getAttribute('aria-valuetext').then(Number);
    const before = await value();
    await press('PageDown', 'ArrowLeft');
    await expect.poll(value).toBeLessThan(before);
    const put = button('Put half back as the study has it');
    await put.waitFor();
    await walk.to(put, 'Shift+Tab');
    await press('Enter');
    await expect.poll(value).toBe(before);
    // The button is gone, and the focus is not lost with it.
    expect(await walk.where()).toMatch(/^button half/);
  });

  it('compares two conditions', async () => {
    const { page } = there;
    await command('compare', 'Compare...');
    await page.getByRole('heading', { name: 'Compare' }).waitFor();
    const picker = page.locator('button').filter({ hasText: 'Add a condition or a run' });
    for (const condition of ['grokking', 'control']) {
      await walk.to(picker);
      await press('Enter');
      await typeInto('Study, condition', condition);
      await page.getByRole('option', { name: `Tiny: ${condition} condition` }).waitFor(busy);
      // What was listed before the words were typed goes away first: runs of the other condition.
      const others = page.getByRole('option', { name: ', seed' }).filter({ hasNotText: condition });
      await expect.poll(() => others.count()).toBe(0);
      const highlighted = page.locator('[role=option][data-highlighted]');
      await press('Home');
      for (let down = 0; down < 10; down++) {
        if (((await highlighted.textContent()) ?? '').includes(`Tiny: ${condition}condition`)) break;
        await press('ArrowDown');
      }
      await press('Enter');
      await page.getByRole('list', { name: 'Compared' }).getByRole('link', { name: condition }).waitFor(busy);
      await press('Escape');
    }
    const compared = page.getByRole('list', { name: 'Compared' }).getByRole('link');
    expect(await compared.allTextContents()).toStrictEqual(['grokking', 'control']);
    const decays = page
      .getByRole('region', { name: 'Settings that differ' })
      .last()
      .getByRole('row', { name: /^optimizer\.weightDecay/ })
      .getByRole('cell');
    await expect
      .poll(async () => (await decays.allTextContents()).map((text) => Number(text) > 0))
      .toStrictEqual([true, false]);
  });

  it('exports a figure as SVG', async () => {
    const { page } = there;
    const downloads: Download[] = [];
    page.on('download', (download) => void downloads.push(download));
    const open = page
      .getByRole('figure')
      .first()
      .getByRole('button', { name: /^Export/ });
    await walk.to(open.and(page.locator(':enabled')));
    await press('Enter');
    await page
      .getByRole('dialog')
      .getByRole('img', { name: /^Preview/ })
      .waitFor(busy);
    await walk.to(button(/^Save figure/));
    await press('Enter');
    await expect.poll(() => downloads.length, busy).toBe(2);
    const textOf = async (end: string): Promise<string> => {
      const saved = downloads.find((download) => download.suggestedFilename().endsWith(end));
      return readFileSync((await saved?.path()) ?? '', 'utf8');
    };
    const svg = await textOf('.svg');
    for (const text of ['epoch', 'grokking (n = 2)', 'control (n = 2)'])
      expect(svg).toContain(`>${text}</text>`);
    // Both conditions to their last epoch, as the figure has them.
    const table = readFigureCsv(await textOf('.csv'));
    expect(new Set([...table.keys()].map((key) => key.split('/')[0]))).toStrictEqual(
      new Set(['grokking', 'control']),
    );
    for (const { runs, written } of table.values())
      expect([runs.size, written.median.length]).toStrictEqual([2, 12_001]);
    // Where it was asked for.
    await expect.poll(() => walk.isAt(open)).toBe(true);
  });

  it('deletes the study and takes it back', async () => {
    const { page } = there;
    await walk.to(page.getByRole('tree'));
    await press('Home', 'Delete');
    await page.getByText('No studies yet.').waitFor(busy);
    await told(page, /^Deleted "Tiny"/);
    await press('ControlOrMeta+z');
    await page.getByRole('treeitem', { name: /Tiny/ }).waitFor(busy);
    await walk.to(page.getByRole('tree'));
    await press('Home', 'Enter');
    await page.getByRole('heading', { name: 'Tiny', level: 1 }).waitFor(busy);
    await expect.poll(() => page.locator('[data-run-state=finished]').count(), busy).toBe(4);
  });

  it('showed at every stop that the focus was there', () => {
    expect([...walk.unseen]).toStrictEqual([]);
  });

  it('has no serious finding in the dark either', async () => {
    const { page } = there;
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    const findings: Record<string, string[]> = {};
    for (const [place, heading] of [
      ['studies/1', 'Tiny'],
      ['studies/1/detectors', 'Detectors'],
      ['studies/1/report', 'Fire epochs'],
      ['studies/1/matrix', 'The whole matrix'],
      ['runs/1', 'grokking, seed 0'],
      ['runs', 'All runs'],
      ['compare?conditions=1:grokking', 'Compare'],
      ['doctor', 'Doctor'],
      ['', 'New study'],
    ]) {
      await page.evaluate(`location.hash = '#/${place}'`);
      await page.getByRole('heading', { name: heading }).first().waitFor(busy);
      await page.locator('.dark').first().waitFor();
      const found = await seriousFindings(page);
      if (found.length > 0) findings[place] = found;
    }
    await press('ControlOrMeta+k');
    await typeInto('Type a command', 'nothing of this name');
    await page.getByText('Nothing is called').waitFor(busy);
    const palette = await seriousFindings(page);
    if (palette.length > 0) findings.palette = palette;
    expect(findings).toStrictEqual({});
  }, 180_000);

  it('asked nobody but its host for anything, and had nothing to complain of', () => {
    expect(there.complaints).toStrictEqual([]);
  });
});
