import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyStudy } from '../src-main/hosts/cli/lab-command.ts';
import { buildWindow } from './build-window.ts';
import { seriousFindings } from './check-accessibility.ts';
import { editorText, leaveEditor, studyEditor, writeStudy } from './editor-text.ts';
import { findChromium } from './find-chromium.ts';
import { openWindow } from './open-window.ts';
import type { OpenWindow } from './open-window.ts';

const browser = findChromium(process.env);
if (browser === null)
  process.stderr.write(
    'SKIPPED: the tests of the start page, for want of a browser; install chromium or name one in CHROMIUM.\n',
  );

/** One path through the start page, in order: each part goes on where the one before it ended. */
describe.skipIf(browser === null)('writing a study in a real browser', () => {
  let there: OpenWindow;

  beforeAll(async () => {
    await buildWindow();
    there = await openWindow(browser ?? '');
  });
  afterAll(() => there.close());

  const editor = () => studyEditor(there.page);

  it('shows each error at its line, in the text and below it', async () => {
    const { page } = there;
    const wrong = tinyStudy.replace('epochs: 40', 'epochs: -3').replace('width: 16', 'widht: 16');
    await writeStudy(page, wrong);
    const problems = page.getByRole('list', { name: 'Problems' }).getByRole('listitem');
    await problems.filter({ hasText: 'epochs' }).waitFor();
    const squiggled = await editor().locator('.cm-lintRange-error').allInnerTexts();
    expect(squiggled).toContain('-3');
    expect(squiggled).toContain('widht');
    await problems.filter({ hasText: 'did you mean width?' }).getByRole('button').click();
    await expect.poll(() => page.locator('.cm-activeLine').innerText()).toContain('widht');
    await there.photograph('start-errors');
    expect(await seriousFindings(page)).toStrictEqual([]);
  });

  it('offers what the format knows at the cursor, and takes what is chosen', async () => {
    const { page } = there;
    await writeStudy(page, 'study: Mine\nnetwork: { width: 16 }\n');
    await editor().press('ControlOrMeta+End');
    const options = page.getByRole('listbox', { name: 'Completions' }).getByRole('option');
    await editor().pressSequentially('opt');
    await options.filter({ hasText: 'optimizer' }).waitFor();
    await page.getByText('One full-batch step is one epoch.').waitFor();
    // What comes too soon after the list has appeared is taken as typing.
    await page.waitForTimeout(150);
    await editor().press('Enter');
    await expect
      .poll(() => editorText(page))
      .toContain('optimizer: { kind: adam, learningRate: 0.002, weightDecay: 0.0005 }');
    // Over a selection that is coloured: a browser left to itself would make a style attribute of the colours.
    await editor().press('ControlOrMeta+a');
    await editor().pressSequentially('n');
    await writeStudy(page, 'network: { width: 16, activation: ');
    await editor().press('ControlOrMeta+End');
    // A list that the typing before it had asked for may close this one when the machine is slow: then one presses again.
    const asked = async (): Promise<string[]> => {
      if ((await options.count()) === 0) await editor().press('Control+Space');
      return options.allTextContents();
    };
    await expect
      .poll(asked, { interval: 500 })
      .toStrictEqual(['square', 'relu', 'silu', 'gelu', 'relu-square', 'cube', 'quartic']);
    await there.photograph('start-completion');
    expect(await seriousFindings(page)).toStrictEqual([]);
    await editor().press('Escape');
  });

  it('lets the keyboard leave the editor', async () => {
    const { page } = there;
    await editor().focus();
    await leaveEditor(page);
    expect(await page.evaluate("document.activeElement.closest('.cm-editor') === null")).toBe(true);
  });

  it('changes only the line of what is edited in the form, keeps comments, and undoes it', async () => {
    const { page } = there;
    const commented = tinyStudy.replace('epochs: 40', '# How long.\nepochs: 40   # steps');
    await writeStudy(page, commented);
    const form = page.getByRole('form', { name: 'Study' });
    await expect.poll(() => form.getByLabel('Epochs').first().inputValue()).toBe('40');
    await form.getByLabel('Epochs').first().fill('60');
    const changed = commented.replace('epochs: 40   #', 'epochs: 60   #');
    expect(changed).not.toBe(commented);
    await expect.poll(() => editorText(page)).toBe(changed);
    await form.getByLabel('Epochs').first().press('ControlOrMeta+z');
    await expect.poll(() => editorText(page)).toBe(commented);
    expect(await form.getByLabel('Epochs').first().inputValue()).toBe('40');
    await form.getByLabel('Name of the condition').last().fill('without');
    await form.getByLabel('Name of the condition').last().press('Enter');
    await expect.poll(() => editorText(page)).toContain('\n  without: { optimizer: { weightDecay: 0 } }\n');
  });

  it('keeps the range of the late value when a series comes to it, adds an interval, and leads to what is published', async () => {
    const { page } = there;
    const form = page.getByRole('form', { name: 'Study' });
    await writeStudy(page, `${tinyStudy.replace(/\nlate: .*\n/, '\n')}late: [20, 40] # the end\n`);
    const series = form.getByRole('group', { name: 'Late value' }).getByLabel('Series');
    await series.selectOption('test.accuracy');
    await expect
      .poll(() => editorText(page))
      .toContain('late: { range: [20, 40], series: test.accuracy } # the end');
    await form.getByRole('button', { name: 'Add an interval' }).click();
    await form.getByLabel('Name of the interval').waitFor();
    const published = form.getByRole('group', { name: 'Published' });
    await published.getByLabel('Source').fill('A paper');
    await published.getByRole('button', { name: 'Edit the numbers in the text' }).click();
    await expect
      .poll(() => page.locator('.cm-activeLine').innerText())
      .toBe('published: { source: A paper }');
  });

  it('says at the field what is wrong with it, and waits where the text cannot be read', async () => {
    const { page } = there;
    const form = page.getByRole('form', { name: 'Study' });
    await form.getByLabel('Modulus M').fill('0.5');
    await form.getByText('must be a whole number in 2..1000').waitFor();
    await there.photograph('start-form');
    expect(await seriousFindings(page)).toStrictEqual([]);
    await writeStudy(page, 'study: Broken\ntask: { modulus: 7\n');
    await form.getByText('The form waits until it can.').waitFor();
    expect(await form.getByLabel('Modulus M').inputValue()).toBe('0.5');
    expect(await form.getByLabel('Modulus M').isDisabled()).toBe(true);
    expect(await editorText(page)).toBe('study: Broken\ntask: { modulus: 7\n');
  });

  it('tells what a study costs, how its conditions differ, and warns of what misleads', async () => {
    const { page } = there;
    await writeStudy(
      page,
      tinyStudy.replace('modulus: 7', 'modulus: 8').replace('threshold: 0.5', 'threshold: 0.5, from: 90'),
    );
    const warnings = page.getByRole('list', { name: 'Warnings' }).getByRole('listitem');
    await warnings.filter({ hasText: '8 is not prime' }).waitFor();
    await warnings.filter({ hasText: 'past the last epoch (40)' }).waitFor();
    const preview = page.getByRole('complementary', { name: 'Preview' });
    await preview.getByText('(estimate)').waitFor();
    expect(await preview.locator('dl', { hasText: 'optimizer.weightDecay' }).textContent()).toContain(
      'optimizer.weightDecay (differs between conditions)0.0005',
    );
    await there.photograph('start-preview');
    expect(await seriousFindings(page)).toStrictEqual([]);
  });

  it('starts with the keyboard, from within the editor', async () => {
    const { page } = there;
    await writeStudy(page, tinyStudy);
    await editor().press('ControlOrMeta+Enter');
    await page.getByRole('heading', { name: 'Tiny', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'New study' }).click();
    await page.getByRole('combobox', { name: 'Duplicate a study' }).selectOption({ label: 'Tiny' });
    await page.getByText('tiny.yaml').first().waitFor();
  });

  it('leaves who went elsewhere while a study was being started where they are', async () => {
    const { page } = there;
    const held: (() => void)[] = [];
    await page.routeWebSocket('**/*', (socket) => {
      const host = socket.connectToServer();
      socket.onMessage((message) => {
        const pass = (): void => host.send(message);
        if (String(message).includes('"u":"/startStudy"')) held.push(pass);
        else pass();
      });
    });
    await page.reload();
    await writeStudy(page, tinyStudy.replace('Tiny', 'Left alone'));
    // At once: what the lab makes of the text, and what it is itself, may not be known yet.
    await editor().press('ControlOrMeta+Enter');
    await expect.poll(() => held.length).toBe(1);
    await page.getByRole('link', { name: 'All runs' }).click();
    await page.getByRole('heading', { name: 'All runs', level: 1 }).waitFor();
    held[0]();
    await page.getByRole('treeitem', { name: 'Left alone' }).getByText('finished').waitFor();
    expect(new URL(page.url()).hash).toBe('#/runs');
  });

  it('had nothing to complain of', () => {
    expect(there.complaints).toStrictEqual([]);
  });
});
