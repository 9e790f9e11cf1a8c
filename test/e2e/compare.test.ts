import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conditionStroke } from '#shared/figures/palette.ts';
import { tinyStudy } from '../src-main/hosts/cli/lab-command.ts';
import { buildWindow } from './build-window.ts';
import { colourIn } from './canvas.ts';
import { seriousFindings } from './check-accessibility.ts';
import { findChromium } from './find-chromium.ts';
import { openWindow } from './open-window.ts';
import type { OpenWindow } from './open-window.ts';
import { trainStudies } from './train-studies.ts';

const browser = findChromium(process.env);
if (browser === null)
  process.stderr.write('SKIPPED: the tests of the compare page, for want of a browser.\n');

const wider = tinyStudy
  .replace('study: Tiny', 'study: Wider')
  .replace('width: 16', 'width: 24')
  .replace('seeds: 0..1', 'seeds: 1');
const [first, second] = [0, 1].map((place) => conditionStroke(place, 'light').colour);

describe.skipIf(browser === null)('the compare page in a real browser', () => {
  let there: OpenWindow;

  beforeAll(async () => {
    await buildWindow();
    there = await openWindow(browser ?? '');
    await trainStudies(there.page, [tinyStudy, wider]);
    // A busy machine takes its time to start a process for each run.
  }, 180_000);
  afterAll(() => there.close());

  const table = (name: string) => there.page.getByRole('region', { name, exact: true }).last();
  const rowOf = async (name: string, row: string): Promise<string[]> => {
    const cells = table(name)
      .getByRole('row', { name: new RegExp(`^${row}`) })
      .getByRole('cell');
    return (await cells.allTextContents()).map((text) => text.trim());
  };

  const cellOf = (words: string) => there.page.getByRole('gridcell', { name: new RegExp(`^${words}:`) });
  const selectedCells = () => there.page.locator('[role=gridcell][aria-selected=true]');

  it('selects cells of the seed grid by keyboard, and compares them', async () => {
    const { page } = there;
    await page.getByRole('link', { name: /^Tiny/ }).click();
    await cellOf('grokking, seed 0').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByText('4 runs selected').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => selectedCells().count()).toBe(0);
    await page.keyboard.press('ControlOrMeta+a');
    await page.getByText('4 runs selected').waitFor();
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await expect
      .poll(() => page.getByRole('list', { name: 'Compared' }).getByRole('listitem').allTextContents())
      .toHaveLength(4);
    await page.goBack();
  });

  it('selects cells by dragging, deletes them, and brings them back', async () => {
    const { page } = there;
    const [from, to] = [cellOf('grokking, seed 1'), cellOf('control, seed 1')];
    await from.hover();
    await page.mouse.down();
    await to.hover();
    await page.mouse.up();
    await page.getByText('2 runs selected').waitFor();
    // A drag is no click: the run's page did not open.
    expect(await page.getByRole('grid').count()).toBe(1);
    await page
      .getByRole('toolbar', { name: 'Selected runs' })
      .getByRole('button', { name: 'Delete' })
      .click();
    await expect.poll(() => page.getByRole('gridcell').count()).toBe(2);
    await page.keyboard.press('ControlOrMeta+z');
    await expect.poll(() => page.getByRole('gridcell').count()).toBe(4);
  });

  it('colours cells by what was measured, and says the value in each', async () => {
    const { page } = there;
    await page.getByRole('combobox', { name: 'Colour of the cells' }).click();
    await page.getByRole('option', { name: 'final test accuracy' }).click();
    const colours = async (): Promise<string[]> =>
      page.getByRole('gridcell').evaluateAll((cells) => cells.map((cell) => cell.style.backgroundColor));
    await expect.poll(async () => (await colours()).every((colour) => colour.startsWith('rgb('))).toBe(true);
    expect(await page.getByRole('gridcell').first().textContent()).toMatch(/^\s*\d\.\d{3}\s*$/);
    await there.photograph('seed-grid');
    expect(await seriousFindings(page)).toStrictEqual([]);
  });

  it('teaches whoever comes with nothing, from the palette', async () => {
    const { page } = there;
    await page.mouse.move(0, 0);
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByPlaceholder('Type a command').pressSequentially('compare');
    await page.locator('[data-highlighted]').filter({ hasText: 'Compare...' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Compare sets runs of any studies side by side').waitFor();
    await there.photograph('compare-empty');
    expect(await seriousFindings(page)).toStrictEqual([]);
  });

  it('adds conditions and runs of any study, found by words', async () => {
    const { page } = there;
    const compared = page.getByRole('list', { name: 'Compared' }).getByRole('listitem');
    for (const [words, choice] of [
      ['Tiny', 'Tiny: grokking condition'],
      ['Wider', 'Wider: grokking, seed 1 run'],
    ]) {
      await page.getByText('Add a condition or a run', { exact: true }).click();
      await page.getByPlaceholder('Study, condition, tag or note').fill(words);
      // What was listed before the words were typed goes away first.
      await expect.poll(() => page.getByRole('option').filter({ hasNotText: words }).count()).toBe(0);
      await page.getByRole('option', { name: choice }).click();
    }
    // The second was chosen whether or not the lab had answered for the first.
    await expect.poll(() => compared.count()).toBe(2);
    expect(await compared.first().getByRole('link').textContent()).toBe('Tiny: grokking');
    expect(await compared.last().getByRole('link').textContent()).toBe('Wider: grokking, seed 1');
  });

  it('lists the settings that differ, what was measured, and why it is not like with like', async () => {
    const { page } = there;
    await expect.poll(() => rowOf('Settings that differ', 'network.width')).toStrictEqual(['16', '24']);
    expect(await rowOf('Settings that differ', 'seeds')).toStrictEqual(['0, 1', '1']);
    expect(await table('Settings that differ').getByText('optimizer').count()).toBe(0);
    await expect.poll(() => rowOf('Measured', 'finished runs')).toStrictEqual(['2 of 2', '1 of 1']);
    await page.getByText('Width differs (16, 24)').waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy Settings that differ' }).focus();
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.evaluate('navigator.clipboard.readText()'))
      .toMatch(/^\tTiny: grokking\tWider: grokking, seed 1\n(.*\n)*network\.width\t16\t24\n/);
    await page.keyboard.press('Tab');
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(download.suggestedFilename()).toBe('compare-settings-that-differ.csv');
    expect(readFileSync(await download.path(), 'utf8')).toMatch(
      /^,Tiny: grokking,"Wider: grokking, seed 1"\n(.*\n)*network\.width,16,24\n/,
    );
  });

  it('draws each in its own colour, over the other', async () => {
    const chart = there.page.getByRole('figure', { name: 'test.accuracy', exact: true });
    await expect.poll(async () => (await colourIn(chart, first)).count).toBeGreaterThan(60);
    await expect.poll(async () => (await colourIn(chart, second)).count).toBeGreaterThan(60);
    await there.photograph('compare');
    expect(await seriousFindings(there.page)).toStrictEqual([]);
  });

  it('is found again at its address, and says what is not there any more', async () => {
    const { page } = there;
    const address = new URL(page.url());
    expect(decodeURIComponent(address.hash)).toMatch(/^#\/compare\?conditions=1:grokking&runs=\d+$/);
    await page.evaluate(`location.hash = '#/compare?conditions=1:grokking,2:control&runs=999'`);
    await page.getByText('Not in this lab, or deleted: run 999.').waitFor();
    await page.reload();
    await expect
      .poll(() => rowOf('Settings that differ', 'condition'))
      .toStrictEqual(['grokking', 'control']);
    await page.getByRole('button', { name: 'Leave out Wider: control' }).click();
    await expect
      .poll(() => page.getByRole('list', { name: 'Compared' }).getByRole('listitem').count())
      .toBe(1);
  });

  it('asked nobody but its host for anything, and had nothing to complain of', () => {
    expect(there.complaints).toStrictEqual([]);
  });
});
