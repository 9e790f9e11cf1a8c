import { readFileSync } from 'node:fs';
import type { Download } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLabStore } from '#main/store/lab-store.ts';
import type { Detector } from '#shared/science/detector.ts';
import { fireEpoch } from '#shared/science/detectors.ts';
import { summarizeFires } from '#shared/science/statistics.ts';
import { tinyStudy } from '../src-main/hosts/cli/lab-command.ts';
import { buildWindow } from './build-window.ts';
import { seriousFindings } from './check-accessibility.ts';
import { findChromium } from './find-chromium.ts';
import { openWindow } from './open-window.ts';
import type { OpenWindow } from './open-window.ts';
import { told } from './told.ts';
import { trainStudies } from './train-studies.ts';

const browser = findChromium(process.env);
if (browser === null)
  process.stderr.write('SKIPPED: the tests of the detectors page, for want of a browser.\n');

const half: Detector = {
  kind: 'level',
  series: 'test.accuracy',
  threshold: 0.5,
  from: 0,
  direction: 'rising',
};

interface StoredRun {
  readonly condition: string;
  readonly values: Float64Array;
}

/** What the lab's file holds of a series, read beside its host. */
function storedRuns(lab: string, series: string): StoredRun[] {
  const store = openLabStore(lab, { readOnly: true });
  try {
    return store.runs
      .list()
      .map(({ id, condition }) => ({ condition, values: store.series.read(id, series) }));
  } finally {
    store.close();
  }
}

describe.skipIf(browser === null)('the detectors page in a real browser', () => {
  let there: OpenWindow;

  beforeAll(async () => {
    await buildWindow();
    there = await openWindow(browser ?? '');
    await trainStudies(there.page, [tinyStudy]);
    await there.page.getByRole('link', { name: 'Detectors' }).click();
    await there.page.getByRole('slider', { name: 'Threshold' }).waitFor();
    // A busy machine takes its time to start a process for each run.
  }, 180_000);
  afterAll(() => there.close());

  const shownFires = async (): Promise<number[]> => {
    const shown = await there.page
      .locator('[data-fire]')
      .evaluateAll((dots) => dots.map((dot) => dot.dataset.fire));
    return shown.map(Number).toSorted((a, b) => a - b);
  };
  /** Oracle: `fireEpoch` over what the store holds. */
  const expectedFires = (detector: Detector): number[] =>
    storedRuns(there.lab, detector.series)
      .flatMap(({ values }) => fireEpoch(detector, values) ?? [])
      .toSorted((a, b) => a - b);
  const field = (name: string) => there.page.getByRole('spinbutton', { name });
  const setThreshold = async (): Promise<number> =>
    Number(await field('Threshold, as a number').inputValue());

  it('starts from the study’s own detectors', async () => {
    await expect.poll(shownFires).toStrictEqual(expectedFires(half));
    expect(await there.page.getByRole('button', { name: 'Reset all' }).isDisabled()).toBe(true);
    expect(await field('Threshold, as a number').inputValue()).toBe('0.5');
  });

  it('scores every run again as the threshold moves by keyboard, as the detectors of the report do', async () => {
    const { page } = there;
    const grokkingFires = (threshold: number) =>
      storedRuns(there.lab, 'test.accuracy')
        .filter(({ condition }) => condition === 'grokking')
        .map(({ values }) => fireEpoch({ ...half, threshold }, values));
    const atFirst = expectedFires(half);
    await page.getByRole('slider', { name: 'Threshold' }).focus();
    let threshold = half.threshold;
    const press = async (key: string): Promise<void> => {
      await page.keyboard.press(key);
      await expect.poll(setThreshold).toBeLessThan(threshold);
      threshold = await setThreshold();
    };
    // Ten steps each, until what the runs reached is enough.
    const isEnough = (): boolean =>
      grokkingFires(threshold).some((epoch) => epoch !== null) &&
      expectedFires({ ...half, threshold }).join() !== atFirst.join();
    while (!isEnough()) await press('PageDown');
    await press('ArrowLeft');
    await expect.poll(shownFires).toStrictEqual(expectedFires({ ...half, threshold }));
    expect(await shownFires()).not.toStrictEqual(atFirst);
    const grokking = grokkingFires(threshold);
    const { fired, n, median } = summarizeFires(grokking);
    const row = page.getByRole('row', { name: /^grokking/ });
    expect((await row.getByRole('cell').allTextContents()).slice(0, 2)).toStrictEqual([
      `${fired}/${n}`,
      String(median),
    ]);
    await there.photograph('detectors');
    expect(await seriousFindings(page)).toStrictEqual([]);
  });

  it('saves both charts as they stand, as SVG with the table beside it', async () => {
    const { page } = there;
    const save = async (title: string): Promise<Map<string, string>> => {
      const downloads: Download[] = [];
      const hear = (download: Download): void => void downloads.push(download);
      page.on('download', hear);
      await page.getByRole('button', { name: `Export ${title}` }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('img', { name: /^Preview/ }).waitFor();
      await dialog.getByRole('button', { name: 'Save figure and CSV' }).click();
      await expect.poll(() => downloads.length).toBe(2);
      page.off('download', hear);
      const files = downloads.map(
        async (file) => [file.suggestedFilename(), readFileSync(await file.path(), 'utf8')] as const,
      );
      return new Map(await Promise.all(files));
    };
    const fires = await shownFires();
    const strip = await save('When half fires');
    const svg = strip.get('tiny-half-fires.svg') ?? '';
    expect(svg).toContain('>epoch at which half fires</text>');
    expect(svg.match(/<circle[^>]*stroke=/g)).toHaveLength(fires.length);
    const rows = (strip.get('tiny-half-fires.csv') ?? '').trimEnd().split('\n').slice(1);
    const epochs = rows.flatMap((row) => row.split(',')[4] || []).map(Number);
    expect(epochs.toSorted((a, b) => a - b)).toStrictEqual(fires);
    const curves = await save('half at other thresholds');
    expect(curves.get('tiny-half-thresholds.svg')).toContain(`>here: ${await setThreshold()}</text>`);
    expect(curves.get('tiny-half-thresholds.csv')).toContain(`here,,,,${await setThreshold()},`);
  });

  it('reads another series in another direction, from another epoch on', async () => {
    const { page } = there;
    await page
      .getByRole('region', { name: 'Settings of half' })
      .getByText('test.accuracy', { exact: true })
      .click();
    await page.getByRole('option', { name: 'train.loss' }).click();
    await page.getByRole('combobox', { name: 'Direction' }).click();
    await page.getByRole('option', { name: 'falling' }).click();
    await field('From epoch, as a number').fill('5');
    await field('Threshold, as a number').fill('0.4');
    const expected = expectedFires({
      ...half,
      series: 'train.loss',
      direction: 'falling',
      from: 5,
      threshold: 0.4,
    });
    expect(expected.length).toBeGreaterThan(0);
    await expect.poll(shownFires).toStrictEqual(expected);
  });

  it('takes late values over another range, and compares with the study’s', async () => {
    const { page } = there;
    await field('First epoch, as a number').fill('10');
    await page.getByRole('region', { name: 'Late value' }).getByText('changed', { exact: true }).waitFor();
    await page.getByText(/Separation of the late values, grokking \/ control/).waitFor();
  });

  it('says of a number that cannot be what can, keeps the last one, and shows that when the field is left', async () => {
    const { page } = there;
    const first = field('First epoch, as a number');
    for (const [typed, why] of [
      ['-5', 'Must be a whole number in 0..40; 10 stays.'],
      ['4.5', 'Must be a whole number in 0..40; 10 stays.'],
      ['', 'Must be a whole number in 0..40; 10 stays.'],
    ]) {
      await first.fill(typed);
      await page.getByRole('alert').getByText(why, { exact: true }).waitFor();
      expect(await first.getAttribute('aria-invalid')).toBe('true');
      await first.blur();
      await expect.poll(() => first.inputValue()).toBe('10');
      await expect.poll(() => page.getByText(why).count()).toBe(0);
    }
  });

  it('copies what was set as a study file has it', async () => {
    const { page } = there;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy as YAML' }).click();
    await told(page, /^Copied: paste it/);
    const copied: string = await page.evaluate('navigator.clipboard.readText()');
    expect(copied).toContain(
      'half: { kind: level, series: train.loss, threshold: 0.4, from: 5, direction: falling }',
    );
    expect(copied).toContain('range: [10, 40]');
  });

  it('goes back to the study’s own, which were never changed', async () => {
    const { page } = there;
    await page.getByRole('button', { name: 'Reset all' }).click();
    await expect.poll(shownFires).toStrictEqual(expectedFires(half));
    await page.getByRole('link', { name: 'Report' }).click();
    await page.getByText('half: test.accuracy is at least 0.5').waitFor();
  });

  it('adds a detector to try, and takes it away again', async () => {
    const { page } = there;
    await page.getByRole('link', { name: 'Detectors' }).click();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('menuitem', { name: /^Slope/ }).click();
    await page.getByRole('slider', { name: 'Lag' }).waitFor();
    await field('Lag, as a number').fill('3');
    await field('Threshold, as a number').fill('0.02');
    await expect
      .poll(shownFires)
      .toStrictEqual(expectedFires({ ...half, kind: 'slope', lag: 3, threshold: 0.02 }));
    await page.getByRole('button', { name: 'Remove accuracy slope' }).click();
    await expect.poll(() => page.getByRole('slider', { name: 'Lag' }).count()).toBe(0);
  });

  it('keeps what was tried in the study, at once in every open window, and takes it back', async () => {
    const { page } = there;
    const storageState = await page.context().storageState();
    const second = await page.context().browser()?.newContext({ storageState });
    if (!second) throw new Error('no browser');
    second.setDefaultTimeout(60_000);
    const other = await second.newPage();
    await other.goto(page.url().replace('/detectors', '/report'));
    const definition = (threshold: number) => other.getByText(`half: test.accuracy is at least ${threshold}`);
    await definition(0.5).waitFor();
    await field('Threshold, as a number').fill('0.3');
    await page.getByRole('button', { name: 'Keep in the study' }).click();
    await definition(0.3).waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Reset all' }).isDisabled()).toBe(true);
    const stored = (): { threshold: number; source: string } => {
      const store = openLabStore(there.lab, { readOnly: true });
      const [{ study }] = store.studies.list();
      store.close();
      return { threshold: study.detectors.half.threshold, source: study.source };
    };
    expect(stored()).toMatchObject({ threshold: 0.3, source: expect.stringContaining('threshold: 0.3') });
    // Oracle: `fireEpoch` over what the store holds.
    const fired = expectedFires({ ...half, threshold: 0.3 });
    await expect.poll(shownFires).toStrictEqual(fired);
    await told(page, /^Tiny keeps these detectors/);
    await page.keyboard.press('ControlOrMeta+z');
    await definition(0.5).waitFor();
    expect(stored()).toStrictEqual({ threshold: 0.5, source: tinyStudy });
    await second.close();
  });

  it('asked nobody but its host for anything, and had nothing to complain of', () => {
    expect(there.complaints).toStrictEqual([]);
  });
});
