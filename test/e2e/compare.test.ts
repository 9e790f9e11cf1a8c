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

const wider = tinyStudy.replace('study: Tiny', 'study: Wider').replace('width: 16', 'width: 24');
const [first, second] = [0, 1].map((place) => conditionStroke(place, 'light').colour);

describe.skipIf(browser === null)('the compare page in a real browser', () => {
  let there: OpenWindow;

  beforeAll(async () => {
    await buildWindow();
    there = await openWindow(browser ?? '');
    await trainStudies(there.page, [tinyStudy, wider]);
  });
  afterAll(() => there.close());

  const table = (name: string) => there.page.getByRole('region', { name, exact: true }).last();
  const rowOf = async (name: string, row: string): Promise<string[]> => {
    const cells = table(name)
      .getByRole('row', { name: new RegExp(`^${row}`) })
      .getByRole('cell');
    return (await cells.allTextContents()).map((text) => text.trim());
  };

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
    for (const [words, choice] of [
      ['Tiny', 'Tiny: grokking condition'],
      ['Wider', 'Wider: grokking, seed 1 run'],
    ]) {
      await page.getByText('Add a condition or a run', { exact: true }).click();
      await page.getByPlaceholder('Study, condition, tag or note').fill(words);
      await page.getByRole('option', { name: choice }).click();
    }
    const compared = page.getByRole('list', { name: 'Compared' }).getByRole('listitem');
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
