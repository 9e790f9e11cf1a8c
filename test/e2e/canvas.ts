import { createHash } from 'node:crypto';
import type { Locator } from 'playwright-core';

export interface Found {
  readonly count: number;
  /** Columns of the chart that have such a pixel: a line has one in each, points only in some. */
  readonly columns: number;
  /** Of the first, in pixels of the chart. */
  readonly x: number;
  readonly y: number;
}

/**
 * How many pixels of a figure's chart have this colour, and where the first is.
 * @param rows only so many, from the top
 * @param within by so much each of red, green and blue may differ: a slanting line has few pixels of its own colour
 */
export function colourIn(
  figure: Locator,
  colour: string,
  rows: number | null = null,
  within = 12,
): Promise<Found> {
  const wanted = [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
  return figure.evaluate(
    (element, search) => {
      const canvas = element.querySelector('canvas').cloneNode();
      // A copy that is made to be read; the chart's own is made to be drawn on, and the browser would say so.
      const copy = canvas.getContext('2d', { willReadFrequently: true });
      copy.drawImage(element.querySelector('canvas'), 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, search.rows ?? canvas.height);
      const found = { count: 0, columns: 0, x: 0, y: 0 };
      const columns = new Set();
      for (let i = 0; i < data.length; i += 4) {
        const near = search.wanted.every((value, c) => Math.abs(value - data[i + c]) <= search.within);
        if (!near || data[i + 3] < 200) continue;
        columns.add((i / 4) % canvas.width);
        if (found.count++ > 0) continue;
        found.x = (i / 4) % canvas.width;
        found.y = Math.floor(i / 4 / canvas.width);
      }
      found.columns = columns.size;
      return found;
    },
    { wanted, rows, within },
  );
}

/** Of a picture that stays as it is, so that cursor and tooltip, which go a moment after the pointer, are gone. */
const restMs = 200;

/** A digest of the chart's picture once it has come to rest, to tell whether it changed. */
export async function pictureOf(figure: Locator): Promise<string> {
  await figure.locator('[data-drawn]').waitFor();
  let [before, now] = ['', await digest(figure)];
  while (now !== before) {
    await figure.page().waitForTimeout(restMs);
    [before, now] = [now, await digest(figure)];
  }
  return now;
}

/**
 * Waits until every run of a figure is in it. Only of a page that was opened when all had been trained: of one that saw them train, the last rows
 * may still be on their way.
 */
export async function readWhole(figure: Locator): Promise<void> {
  await figure.locator('[data-drawn]').waitFor();
  await figure
    .getByText(/^(Still reading|Reading what was measured|Drawn as soon as)/)
    .waitFor({ state: 'detached' });
}

/** Once the worker has done what it was asked for, and the page has drawn a frame: on a busy machine either may take longer than any rest. */
async function digest(figure: Locator): Promise<string> {
  const page = figure.page();
  await Promise.all(page.workers().map((worker) => worker.evaluate('0')));
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  const picture: string = await figure.evaluate((element) => element.querySelector('canvas').toDataURL());
  return createHash('sha256').update(picture).digest('hex');
}
