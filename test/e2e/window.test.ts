import type { Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conditionStroke } from '#shared/figures/palette.ts';
import { tinyStudy } from '../src-main/hosts/cli/lab-command.ts';
import { buildWindow } from './build-window.ts';
import { colourIn, pictureOf, readWhole } from './canvas.ts';
import { seriousFindings } from './check-accessibility.ts';
import { dropFiles } from './drop-paths.ts';
import { editorText, studyEditor, writeStudy } from './editor-text.ts';
import { findChromium } from './find-chromium.ts';
import { openWindow } from './open-window.ts';
import type { OpenWindow } from './open-window.ts';

const browser = findChromium(process.env);
if (browser === null)
  process.stderr.write(
    'SKIPPED: the tests of the window, for want of a browser; install chromium or name one in CHROMIUM.\n',
  );

/** A spectrum, so that the dashboard has its charts, and two detectors. */
const study = tinyStudy.replace(
  'probes:\n',
  'probes:\n  spectrum: { window: 5, layers: [W] }\n  gram: { every: 1 }\n',
);
const wrong = study.replace('epochs: 40', 'epochs: -3').replace('width: 16', 'widht: 16');
const [grokking, control] = [0, 1].map((place) => conditionStroke(place, 'light').colour);

/** One path through the window, in order: each part goes on where the one before it ended. */
describe.skipIf(browser === null)('the window in a real browser', () => {
  let there: OpenWindow;

  beforeAll(async () => {
    await buildWindow();
    there = await openWindow(browser ?? '');
  });
  afterAll(() => there.close());

  const figure = (title: string) => there.page.getByRole('figure', { name: title, exact: true });
  const cells = (state: string) => there.page.locator(`[data-run-state=${state}]`);

  it('teaches whoever opens an empty lab', async () => {
    const { page } = there;
    await page.getByText('No studies yet.').waitFor();
    await page.getByRole('button', { name: /^Quick/ }).waitFor();
    expect(await page.getByRole('button', { name: 'Start', exact: true }).isDisabled()).toBe(true);
    await there.photograph('start-empty');
    expect(await seriousFindings(page)).toStrictEqual([]);
  });

  it('previews a preset before anything starts', async () => {
    const { page } = there;
    await page.getByRole('button', { name: /^Quick/ }).click();
    const preview = page.getByRole('complementary', { name: 'Preview' });
    await preview.getByText('2,210').waitFor();
    expect(await preview.textContent()).toMatch(/Runs10.*Time(being measured|.*\(estimate\))/);
  });

  it('takes a dropped study file and shows every problem at its line', async () => {
    const { page } = there;
    // A browser that hears of nothing between entering and letting go drops only where entering was answered.
    const isTaken = await page.evaluate(`(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['x'], 'x.yaml'));
      const entering = new DragEvent('dragenter', { bubbles: true, cancelable: true, dataTransfer });
      return !document.body.dispatchEvent(entering);
    })()`);
    expect(isTaken).toBe(true);
    await dropFiles(page, { 'tiny.yaml': wrong });
    const problems = page.getByRole('list', { name: 'Problems' }).getByRole('listitem');
    await problems.filter({ hasText: 'epochs' }).waitFor();
    const lines = wrong.split('\n');
    const at = (start: string): number => lines.findIndex((line) => line.startsWith(start)) + 1;
    const texts = await problems.allTextContents();
    expect(texts.some((text) => text.startsWith(`${at('epochs')}:`) && text.includes('got -3'))).toBe(true);
    expect(
      texts.some((text) => text.startsWith(`${at('network')}:`) && text.includes('did you mean width?')),
    ).toBe(true);
    expect(await page.getByRole('button', { name: 'Start', exact: true }).isDisabled()).toBe(true);
    await there.photograph('start-problems');
    expect(await seriousFindings(page)).toStrictEqual([]);
  });

  it('starts the study once it is right, on the engine that is chosen', async () => {
    const { page } = there;
    await writeStudy(page, study);
    await page.getByRole('button', { name: /^Engine/ }).click();
    await page.getByRole('menuitemcheckbox', { name: /^plain/ }).click();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('heading', { name: 'Tiny', level: 1 }).waitFor();
    // Its trainers start on the same cores meanwhile.
    await expect.poll(() => page.locator('[data-run-state]').count()).toBe(4);
  });

  it('fills the seed grid and ends with every run finished', async () => {
    await there.page.getByText('4 of 4 runs finished').waitFor({ timeout: 120_000 });
    await expect.poll(() => cells('finished').count()).toBe(4);
    await there.page.getByRole('navigation').getByTitle('4 finished').waitFor();
  });

  it('draws both conditions, and nothing else when one is hidden', async () => {
    const { page } = there;
    const accuracy = figure('Accuracy');
    const count = async (colour: string): Promise<number> => (await colourIn(accuracy, colour)).count;
    // A line of two pixels is a hundred and more where the others do not cover it.
    await expect.poll(() => count(control)).toBeGreaterThan(100);
    await expect.poll(() => count(grokking)).toBeGreaterThan(100);
    // The last rows may still be on their way.
    await page.reload();
    await readWhole(accuracy);
    await pictureOf(accuracy);
    const before = await count(grokking);
    const entry = accuracy.getByRole('button', { name: /^control/ });
    await entry.click();
    await page.mouse.move(0, 0);
    await expect.poll(() => count(control)).toBe(0);
    expect(await count(grokking)).toBeGreaterThanOrEqual(before);
    await entry.click();
    await page.mouse.move(0, 0);
    await expect.poll(() => count(control)).toBeGreaterThan(100);
  });

  it('zooms all charts where one is dragged over, and back with a double click', async () => {
    const { page } = there;
    const [dragged, linked] = [figure('Accuracy'), figure('Loss')];
    await readWhole(linked);
    const whole = await pictureOf(linked);
    const box = await dragged.locator('canvas').boundingBox();
    if (!box) throw new Error('The figure has no chart.');
    await page.mouse.move(box.x + 150, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + 280, box.y + 110, { steps: 5 });
    await page.mouse.up();
    await page.mouse.move(0, 0);
    await expect.poll(() => pictureOf(linked)).not.toBe(whole);
    await dragged.locator('canvas').dblclick({ position: { x: 200, y: 100 } });
    await page.mouse.move(0, 0);
    await expect.poll(() => pictureOf(linked)).toBe(whole);
    await there.photograph('study');
    expect(await seriousFindings(page)).toStrictEqual([]);
  });

  it('switches an axis between linear and logarithmic', async () => {
    const loss = figure('Loss');
    const before = await pictureOf(loss);
    const axis = loss.getByRole('button', { name: /switch the vertical axis/ });
    expect(await axis.textContent()).toContain('log');
    await axis.click();
    await expect.poll(() => pictureOf(loss)).not.toBe(before);
    await axis.click();
    await there.page.mouse.move(0, 0);
    await expect.poll(() => pictureOf(loss)).toBe(before);
  });

  it('shows a run with its series, settings and provenance', async () => {
    const { page } = there;
    await cells('finished').first().click();
    await page.getByRole('heading', { name: 'grokking, seed 0' }).waitFor();
    await page.getByText('plain', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'spectrum.W.ratio23' }).click();
    await expect
      .poll(async () => (await colourIn(figure('spectrum.W.ratio23'), grokking)).count)
      .toBeGreaterThan(100);
    await page.getByRole('heading', { name: 'Repulsion' }).waitFor();
    await there.photograph('run');
    expect(await seriousFindings(page)).toStrictEqual([]);
  });

  it('reports, and goes wherever the command palette is told', async () => {
    const { page } = there;
    // A pointer that rests on the palette would choose for itself.
    await page.mouse.move(0, 0);
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByPlaceholder('Type a command').pressSequentially('report');
    await page.locator('[data-highlighted]').filter({ hasText: 'Report: Tiny' }).waitFor();
    await there.photograph('palette');
    expect(await seriousFindings(page)).toStrictEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Fire epochs' }).waitFor();
    await page.getByText('4 of 4 runs finished: 2 conditions, seeds 0, 1, engine plain.').waitFor();
    await there.photograph('report');
    expect(await seriousFindings(page)).toStrictEqual([]);
  });

  it('finds everything as it was after a reload', async () => {
    const { page } = there;
    await page.reload();
    await page.getByRole('heading', { name: 'Fire epochs' }).waitFor();
    await page.getByRole('link', { name: /^Tiny/ }).click();
    await expect.poll(() => cells('finished').count()).toBe(4);
    await page.getByRole('link', { name: 'New study' }).click();
    await studyEditor(page).waitFor();
    await expect.poll(() => editorText(page)).toBe(study);
    await page.getByRole('button', { name: 'Engine: plain' }).waitFor();
    // The lab has trained runs of this size by now.
    await page.getByText(/about .* s$/).waitFor();
  });

  it('tags, searches, deletes and brings back', async () => {
    const { page } = there;
    const entry = page.getByRole('link', { name: /^Tiny/ });
    await entry.click();
    await page.getByRole('textbox', { name: 'Add a tag' }).fill('baseline');
    await page.keyboard.press('Enter');
    const search = page.getByRole('textbox', { name: 'Search the history' });
    await search.fill('nothing like it');
    await page.getByText('Nothing in the history has').waitFor();
    await search.fill('baseline');
    await entry.waitFor();
    await search.fill('');
    await entry.hover();
    await page.getByRole('button', { name: 'Delete Tiny' }).click();
    await page.getByText('No studies yet.').waitFor();
    await page.getByRole('heading', { name: 'New study' }).waitFor();
    await page.keyboard.press('ControlOrMeta+z');
    await entry.waitFor();
    await there.photograph('undone');
  });

  it('goes where somebody went before its first page was there', async () => {
    const { page } = there;
    await page.getByRole('link', { name: 'New study' }).click();
    await page.getByRole('heading', { name: 'New study' }).waitFor();
    const asked = Promise.withResolvers<Route>();
    await page.route('**/StartPage-*.js', (route) => asked.resolve(route), { times: 1 });
    await page.reload();
    const script = await asked.promise;
    await page.evaluate("location.hash = '#/runs'");
    await script.continue();
    await page.getByRole('heading', { name: 'All runs' }).waitFor();
    expect(new URL(page.url()).hash).toBe('#/runs');
  });

  it('asked nobody but its host for anything, and had nothing to complain of', () => {
    expect(there.complaints).toStrictEqual([]);
  });
});
