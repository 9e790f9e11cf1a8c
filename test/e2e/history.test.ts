import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildWindow } from './build-window.ts';
import { seriousFindings } from './check-accessibility.ts';
import { findChromium } from './find-chromium.ts';
import { writeHistory } from './history-lab.ts';
import { expectRowsEverywhere } from './list-gaps.ts';
import { openWindow } from './open-window.ts';
import type { OpenWindow } from './open-window.ts';

const browser = findChromium(process.env);
if (browser === null)
  process.stderr.write(
    'SKIPPED: the tests of the history in a window, for want of a browser; install chromium or name one in CHROMIUM.\n',
  );

const size = { studies: 12, seeds: 100, epochs: 40 };
const total = size.studies * 2 * size.seeds;
/** What a busy machine may take; every wait ends when what it waits for is there. */

/** One path through a history of thousands of runs, in order: each part goes on where the one before it ended. */
describe.skipIf(browser === null)('a history of thousands of runs in a real browser', () => {
  let there: OpenWindow;

  beforeAll(async () => {
    await buildWindow();
    there = await openWindow(browser ?? '', (lab) => expect(writeHistory(lab, size)).toBe(total));
  }, 120_000);
  afterAll(() => there.close());

  const rows = () => there.page.getByRole('row');
  const chosenRows = () => there.page.getByRole('row', { selected: true });
  const treeItems = () => there.page.getByRole('treeitem');
  const run = (name: string) => there.page.getByRole('treeitem', { name: new RegExp(`^${name}\\b`) });
  const filter = () => there.page.getByRole('textbox', { name: 'Filter the runs' });
  const count = () => there.page.getByRole('status').filter({ hasText: 'runs' }).first();
  /** Of all runs: a study's page has a grid as well. */
  const grid = () => there.page.getByRole('grid', { name: 'All runs' });
  const columnOf = (place: number) =>
    there.page.locator(`[role=row][aria-rowindex] [role=gridcell]:nth-child(${place})`).allTextContents();

  it('opens a study of the tree to its runs, and draws only those that are seen', async () => {
    const { page } = there;
    await page.getByRole('button', { name: 'Show the runs of Study 12' }).click();
    await run('grokking, seed 0').waitFor();
    expect(await treeItems().count()).toBeLessThan(80);
    const tree = page.getByRole('tree');
    await tree.focus();
    await page.keyboard.press('End');
    await page.getByRole('link', { name: 'Study 1', exact: true }).waitFor();
    expect(await treeItems().count()).toBeLessThan(80);
    await page.keyboard.press('Home');
    await run('grokking, seed 0').waitFor();
  });

  it('draws a row at every place of the tree, wherever it is scrolled to', async () => {
    const tree = there.page.getByRole('tree');
    await expectRowsEverywhere(tree, '[role=treeitem]');
    await tree.evaluate((box) => {
      box.scrollTop = 0;
    });
    await run('grokking, seed 0').waitFor();
  });

  it('filters the tree by what was measured, at once or when scores are made, and says what a faulty filter should be', async () => {
    const { page } = there;
    const search = page.getByRole('textbox', { name: 'Search the history' });
    // Every sentence below the search, also one that is there for a moment.
    await page.evaluate(`(() => {
      const pane = document.querySelector('nav[aria-label=History]');
      window.said = [];
      const note = () => window.said.push(...[...pane.querySelectorAll(':scope > p')].map((p) => p.textContent.trim()));
      new MutationObserver(note).observe(pane, { childList: true, subtree: true, characterData: true });
    })()`);
    const said = () => page.evaluate<string[]>('window.said');
    // Seed s fires at epoch floor((s + 1) / 101 * 40). Nothing of this lab has been scored yet.
    await search.fill('grokked < 2');
    await expect.poll(said).toContainEqual(expect.stringMatching(/^Scores of .* are being made/));
    // What is listed is completed, whatever is typed meanwhile.
    await search.fill('groked < 2');
    await page.getByText('No run has "groked": did you mean grokked?').waitFor();
    await run('grokking, seed 4').waitFor();
    await run('grokking, seed 5').waitFor({ state: 'detached' });
    expect(await run('control, seed 0').count()).toBe(0);
    expect(await said()).not.toContainEqual(expect.stringContaining('Nothing in the history'));
    await search.fill('grokked < 2');
    await page.getByText('No run has "groked": did you mean grokked?').waitFor({ state: 'detached' });
    await run('grokking, seed 4').waitFor();
    expect(await run('grokking, seed 5').count()).toBe(0);
    await search.press('Escape');
    await run('grokking, seed 5').waitFor();
  });

  it('selects with Ctrl and Shift, and deletes and brings back what is selected', async () => {
    const { page } = there;
    await run('grokking, seed 2').click({ modifiers: ['ControlOrMeta'] });
    await run('grokking, seed 4').click({ modifiers: ['Shift'] });
    await page.getByText('3 runs selected').waitFor();
    await page.keyboard.press('Delete');
    await expect.poll(() => run('grokking, seed 3').count()).toBe(0);
    await page.getByTitle('197 finished').waitFor();
    await page.keyboard.press('ControlOrMeta+z');
    await run('grokking, seed 3').waitFor();
    await page.getByTitle('200 finished').first().waitFor();
  });

  it('is walked through by the keyboard alone', async () => {
    const { page } = there;
    await page.keyboard.press('/');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => run('grokking, seed 0').count()).toBe(0);
    await page.keyboard.press('ArrowRight');
    await run('grokking, seed 0').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'grokking, seed 1', level: 1 }).waitFor();
    await there.photograph('history-tree');
  });

  it('keeps notes and tags of a run, written as they are typed, over a reload', async () => {
    const { page } = there;
    await page.keyboard.press('ControlOrMeta+,');
    await page.getByRole('textbox', { name: 'Note on the run' }).fill('Jumps at epoch 0.');
    const drawer = page.getByRole('complementary', { name: 'Settings and notes' });
    await drawer.getByRole('textbox', { name: 'Add a tag' }).fill('odd');
    await page.keyboard.press('Enter');
    await drawer.getByRole('button', { name: 'Remove the tag odd' }).waitFor();
    await page.getByRole('heading', { name: 'grokking, seed 1', level: 1 }).click();
    await page.reload();
    const note = page.getByRole('textbox', { name: 'Note on the run' });
    await expect.poll(() => note.inputValue()).toBe('Jumps at epoch 0.');
    await drawer.getByRole('button', { name: 'Remove the tag odd' }).waitFor();
    // The study is open as it was.
    await run('grokking, seed 0').waitFor();
    await there.photograph('drawer');
    expect(await seriousFindings(page)).toStrictEqual([]);
    await page.keyboard.press('ControlOrMeta+,');
    await expect.poll(() => drawer.count()).toBe(0);
  });

  it('lists every run in one table, of which it draws a screenful', async () => {
    const { page } = there;
    await page.getByRole('link', { name: 'All runs' }).click();
    await page.getByText('2,400 runs').waitFor();
    await expect.poll(() => rows().count()).toBeGreaterThan(15);
    expect(await rows().count()).toBeLessThan(80);
    await grid().focus();
    await page.keyboard.press('End');
    await expect.poll(async () => (await columnOf(2)).at(-1)).toBe('Study 1');
    expect(await rows().count()).toBeLessThan(80);
  });

  it('draws a row at every place of the table, and the last one at its end', async () => {
    await expectRowsEverywhere(grid(), '[role=row]');
    const last = there.page.locator(`[role=row][aria-rowindex="${total + 1}"]`);
    const [row, box] = [await last.boundingBox(), await grid().boundingBox()];
    if (!row || !box) throw new Error('The last row is not drawn.');
    expect(Math.abs(row.y + row.height - (box.y + box.height))).toBeLessThan(3);
  });

  it('leads from a row to its study and to its run', async () => {
    const { page } = there;
    const cells = page.locator(`[role=row][aria-rowindex="${total + 1}"]`).getByRole('gridcell');
    await cells.nth(1).getByRole('link').click();
    await page.getByRole('heading', { name: 'Study 1', level: 1 }).waitFor();
    await page.goBack();
    await grid().focus();
    await page.keyboard.press('End');
    const [condition, seed] = await Promise.all([cells.nth(2).textContent(), cells.nth(3).textContent()]);
    await cells.nth(2).getByRole('link').click();
    await page
      .getByRole('heading', { name: `${condition?.trim()}, seed ${seed?.trim()}`, level: 1 })
      .waitFor();
    await page.goBack();
    await page.getByText('2,400 runs').waitFor();
  });

  it('filters and sorts by settings and measures', async () => {
    const { page } = there;
    await filter().fill('width = 512 grokked >= 20 seed < 60 not odd');
    // By hand: six studies have width 512, and seeds 50..59 fire at epoch 20 or later.
    await expect.poll(() => count().textContent()).toBe('60 of 2,400 runs');
    await filter().fill('weightDecay = 0 state = failed');
    await expect.poll(() => count().textContent()).toBe('1 of 2,400 runs');
    await expect.poll(() => columnOf(2)).toStrictEqual(['Study 10']);
    await filter().fill('tag = odd');
    await expect.poll(() => columnOf(2)).toStrictEqual(['Study 12']);
    expect(await count().textContent()).toBe('1 of 2,400 runs');
    await filter().fill('study ~ 12 grokking');
    await page.getByRole('button', { name: 'late', exact: true }).click();
    await page
      .getByRole('columnheader', { name: 'late' })
      .and(page.locator('[aria-sort=ascending]'))
      .waitFor();
    // By hand: the late value is the median of epochs 20..40, that at epoch 30 for every seed that fires later, the first of which is 78.
    await expect.poll(async () => (await columnOf(4))[0]).toBe('78');
    await page.getByRole('button', { name: 'late', exact: true }).click();
    await page
      .getByRole('columnheader', { name: 'late' })
      .and(page.locator('[aria-sort=descending]'))
      .waitFor();
    await filter().fill('late <');
    await page.getByText('late < has nothing after it').waitFor();
    await filter().fill('study ~ 12 grokking');
    await there.photograph('runs');
    expect(await seriousFindings(page)).toStrictEqual([]);
  });

  it('shows any setting or measure as a column', async () => {
    const { page } = there;
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('textbox', { name: 'Find a column' }).fill('grok');
    await page.getByRole('checkbox', { name: 'grokked' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: 'grokked' }).waitFor();
    await filter().fill('seed = 99 study ~ 12 grokking');
    // Seed 99 fires at floor(100 / 101 * 40) = 39.
    await expect.poll(() => columnOf(10)).toStrictEqual(['39']);
  });

  it('deletes from the table, and lists what was deleted until it is brought back', async () => {
    const { page } = there;
    await filter().fill('study ~ 11 control seed < 3');
    await expect.poll(() => count().textContent()).toBe('3 of 2,400 runs');
    await grid().focus();
    await page.keyboard.press('ControlOrMeta+a');
    await expect.poll(() => chosenRows().count()).toBe(3);
    await page.keyboard.press('Delete');
    await page.getByText('No run fits this filter.').waitFor();
    await page.getByRole('link', { name: 'Recently deleted' }).click();
    const back = page.getByRole('button', { name: /^Bring back Study 11, control/ });
    await expect.poll(() => back.count()).toBe(3);
    expect(await seriousFindings(page)).toStrictEqual([]);
    await there.photograph('deleted');
    await back.first().click();
    await expect.poll(() => back.count()).toBe(2);
    await page.goBack();
    await expect.poll(() => count().textContent()).toBe('1 of 2,398 runs');
  });

  it('finds runs and pages in the palette, and lists its shortcuts', async () => {
    const { page } = there;
    await page.mouse.move(0, 0);
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByPlaceholder('Type a command').pressSequentially('tag = odd');
    await page.getByRole('option', { name: /Study 12: grokking, seed 1/ }).click();
    await page.getByRole('heading', { name: 'grokking, seed 1', level: 1 }).waitFor();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.getByText(/^Undo a delete/).waitFor();
    await there.photograph('shortcuts');
    expect(await seriousFindings(page)).toStrictEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => sheet.count()).toBe(0);
    await page.keyboard.press('Alt+ArrowLeft');
    await page.getByRole('heading', { name: 'All runs' }).waitFor();
  });

  it('tells what the lab runs on', async () => {
    const { page } = there;
    await page.getByRole('link', { name: /^Doctor/ }).click();
    await page.getByText('auto means').waitFor();
    await page.getByText('free on its disk').waitFor();
    await there.photograph('doctor');
    expect(await seriousFindings(page)).toStrictEqual([]);
  });

  it('wears the colours a person chooses, whatever the system has', async () => {
    const { page } = there;
    const isDark = () => page.evaluate<boolean>("document.documentElement.classList.contains('dark')");
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(isDark).toBe(false);
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByPlaceholder('Type a command').pressSequentially('colours dark');
    await page.getByRole('option', { name: 'Colours: dark' }).click();
    await expect.poll(isDark).toBe(true);
    await page.reload();
    await page.getByText('auto means').waitFor();
    expect(await isDark()).toBe(true);
  });

  it('asked nobody but its host for anything, and had nothing to complain of', () => {
    expect(there.complaints).toStrictEqual([]);
  });
});
