import type { WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conditionStroke, inkOf } from '#shared/figures/palette.ts';
import { buildWindow } from './build-window.ts';
import { colourIn, pictureOf } from './canvas.ts';
import type { Found } from './canvas.ts';
import { writeCurves } from './curves-lab.ts';
import { findChromium } from './find-chromium.ts';
import { openWindow } from './open-window.ts';
import type { OpenWindow } from './open-window.ts';

const browser = findChromium(process.env);
if (browser === null)
  process.stderr.write('SKIPPED: the tests of bands before rows in a browser, for want of one.\n');

const colours = [0, 1].map((place) => conditionStroke(place, 'light').colour);

/** A study of more numbers than are waited for before anything of it is drawn. */
const curves = {
  conditions: 2,
  seeds: 10,
  epochs: 55_000,
  /** Two thirds and a third, a run above the other, each with its own noise. */
  value: (condition: number, seed: number, epoch: number): number =>
    (2 - condition) / 3 + 0.03 * (seed - 4.5) + 0.01 * Math.sin(epoch * (seed + 1)),
};

/** One path through a large study, in order. */
describe.skipIf(browser === null)('bands of a large study in a real browser', () => {
  let there: OpenWindow;
  /** Questions for rows that the host has not been told yet. */
  let held: (() => void)[] | null = [];
  let medians: readonly Found[] = [];

  beforeAll(async () => {
    await buildWindow();
    there = await openWindow(browser ?? '', (lab) => writeCurves(lab, curves));
    const { page } = there;
    await page.routeWebSocket('**/*', (socket: WebSocketRoute) => {
      const host = socket.connectToServer();
      socket.onMessage((message) => {
        const pass = (): void => host.send(message);
        if (held !== null && String(message).includes('"u":"/series"')) held.push(pass);
        else pass();
      });
    });
    await page.reload();
    await page.getByRole('link', { name: 'Bands' }).click();
  }, 150_000);
  afterAll(() => there.close());

  const accuracy = () => there.page.getByRole('figure', { name: 'Accuracy', exact: true });
  const stillReading = () => accuracy().getByText('Still reading');

  it('come from the host, and are drawn before any row has come', async () => {
    await stillReading().waitFor();
    await expect.poll(() => held?.length).toBeGreaterThan(0);
    // Bands come condition by condition.
    const entries = accuracy().getByRole('listitem');
    await expect
      .poll(async () => (await entries.allTextContents()).map((text) => text.trim()))
      .toStrictEqual(['c0n = 10', 'c1n = 10']);
    await pictureOf(accuracy());
    medians = await Promise.all(colours.map((colour) => colourIn(accuracy(), colour)));
    for (const { columns } of medians) expect(columns).toBeGreaterThan(300);
  });

  it('stay where they are when the rows have come, and have their runs behind them', async () => {
    const before = await pictureOf(accuracy());
    for (const pass of held ?? []) pass();
    held = null;
    await stillReading().waitFor({ state: 'detached' });
    await expect.poll(() => pictureOf(accuracy())).not.toBe(before);
    for (const [place, colour] of colours.entries()) {
      const now = await colourIn(accuracy(), colour);
      // Painted by the worker now, since they are many; by the drawing library before.
      expect(Math.abs(now.x - medians[place].x)).toBeLessThanOrEqual(1);
      expect(Math.abs(now.y - medians[place].y)).toBeLessThanOrEqual(1);
      expect(now.columns / medians[place].columns).toBeCloseTo(1, 1);
    }
  });

  it('are followed by every run in the grid, and by every other figure', async () => {
    const cells = there.page.getByRole('gridcell');
    // Each says when its run fired: figures mark that, and would change when it came later.
    await expect
      .poll(async () => (await cells.allTextContents()).filter((text) => text.trim() !== '').length)
      .toBe(20);
    await expect.poll(() => there.page.getByRole('figure').count()).toBeGreaterThan(10);
  });

  it('show their values at the cursor', async () => {
    const { page } = there;
    await page.mouse.move(0, 0);
    const still = await pictureOf(accuracy());
    const written = async (): Promise<number> => (await colourIn(accuracy(), inkOf('light').text)).count;
    const before = await written();
    await accuracy().locator('canvas').hover();
    await expect.poll(written).toBeGreaterThan(before + 150);
    await page.mouse.move(0, 0);
    await expect.poll(() => pictureOf(accuracy())).toBe(still);
  });

  it('are the same again when another condition was hidden for a while', async () => {
    await there.page.mouse.move(0, 0);
    const both = await pictureOf(accuracy());
    const entry = accuracy().getByRole('button', { name: /^c0/ });
    await entry.click();
    await expect.poll(async () => (await colourIn(accuracy(), colours[0])).count).toBe(0);
    const other = await colourIn(accuracy(), colours[1]);
    expect(other.columns / medians[1].columns).toBeCloseTo(1, 1);
    await entry.click();
    await there.page.mouse.move(0, 0);
    await expect.poll(() => pictureOf(accuracy())).toBe(both);
  });

  it('zoom, and are whole again', async () => {
    const { page } = there;
    const whole = await pictureOf(accuracy());
    await accuracy().getByRole('group').focus();
    await page.keyboard.press('+');
    await expect.poll(() => pictureOf(accuracy())).not.toBe(whole);
    await page.keyboard.press('0');
    await expect.poll(() => pictureOf(accuracy())).toBe(whole);
  });

  it('move at once, though what computes them is busy', async () => {
    const { page } = there;
    const whole = await pictureOf(accuracy());
    // It hears nothing from now on.
    await page.evaluate('Worker.prototype.postMessage = () => {}');
    await page.keyboard.press('+');
    await expect.poll(() => pictureOf(accuracy())).not.toBe(whole);
    await page.keyboard.press('0');
    await expect.poll(() => pictureOf(accuracy())).toBe(whole);
    expect(there.complaints).toStrictEqual([]);
  });
});
