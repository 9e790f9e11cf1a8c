import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLabStore } from '#main/store/lab-store.ts';
import { createEngine } from '#main/trainer/engines/create-engine.ts';
import { probeAlgebra } from '#main/trainer/engines/probe-algebra.ts';
import { engineTask, trainTo } from '#main/trainer/train.ts';
import type { Run } from '#shared/models/run.ts';
import { dominantFrequencies, frequencyOrder } from '#shared/science/dominant-frequency.ts';
import { pairMatrices } from '#shared/science/pair-matrices.ts';
import type { PairMatrices } from '#shared/science/pair-matrices.ts';
import type { RepulsionResult } from '#shared/science/repulsion-result.ts';
import { entryOf } from '#shared/science/symmetric-matrix.ts';
import { buildWindow } from './build-window.ts';
import { seriousFindings } from './check-accessibility.ts';
import { findChromium } from './find-chromium.ts';
import { openWindow } from './open-window.ts';
import type { OpenWindow } from './open-window.ts';
import { trainStudies } from './train-studies.ts';

const browser = findChromium(process.env);
if (browser === null)
  process.stderr.write('SKIPPED: the tests of the B matrix page, for want of a browser.\n');

const width = 64;
/** On a machine that is busy with other things a page takes its time. */
const study = `study: Matrix
task: { kind: modular-addition, modulus: 11 }
split: { train: 60 }
network: { width: ${width} }
optimizer: { learningRate: 0.01, weightDecay: 0.0005 }
epochs: 60
seeds: [0]
conditions:
  grokking: {}
  control: { optimizer: { weightDecay: 0 } }
probes:
  repulsion: { epochs: [0, 30, 60], pairs: 20, randomPairs: 100, identityPairs: 4 }
late: [50, 60]
`;

interface Expected {
  readonly run: Run;
  readonly probes: readonly RepulsionResult[];
  readonly matrices: PairMatrices;
  /** Units by dominant frequency. */
  readonly order: readonly number[];
  readonly frequency: Int32Array;
}

/** What the lab holds of the first run, and its matrix at epoch 60, computed here: no trainer, no core, no window between. */
async function expectedOf(lab: string): Promise<Expected> {
  const store = openLabStore(lab, { readOnly: true });
  try {
    const [run] = store.runs.list();
    const probes = store.probes.list(run.id);
    const spec = { settings: run.settings, seed: run.seed, engine: 'plain' } as const;
    const engine = createEngine('plain', engineTask(spec));
    const { W } = await trainTo(spec, engine, 60, () => undefined);
    const { ridge } = probes[2].ridges[0];
    const matrices = pairMatrices({ features: engine.features(), n: 60, width, ridge }, probeAlgebra());
    const units = dominantFrequencies(W, 11, width);
    return { run, probes, matrices, order: [...frequencyOrder(units)], frequency: units.frequency };
  } finally {
    store.close();
  }
}

describe.skipIf(browser === null)('the B matrix page in a real browser', () => {
  let there: OpenWindow;
  let expected: Expected;

  beforeAll(async () => {
    await buildWindow();
    there = await openWindow(browser ?? '');
    await trainStudies(there.page, [study]);
    expected = await expectedOf(there.lab);
    await there.page.getByRole('link', { name: 'B matrix' }).click();
    await there.page.getByRole('slider', { name: 'Epoch of the probe' }).waitFor();
    // A busy machine takes its time to start a process for each run.
  }, 180_000);
  afterAll(() => there.close());

  const epochShown = () => there.page.locator('output').textContent();
  const heatmap = () => there.page.getByRole('application', { name: /^Heatmap of B/ });
  const readout = () => there.page.locator('[data-readout]').textContent();

  async function csvOf(button: string): Promise<string[][]> {
    const { page } = there;
    await page.getByRole('button', { name: button, exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: /^CSV/ }).click(),
    ]);
    return readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
  }

  it('steps through the stored probes by keyboard, from the last', async () => {
    const { page } = there;
    await expect.poll(epochShown).toBe('epoch 60');
    await page.getByRole('slider', { name: 'Epoch of the probe' }).focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(epochShown).toBe('epoch 30');
    await page.keyboard.press('Home');
    await expect.poll(epochShown).toBe('epoch 0');
    await page.keyboard.press('End');
    await expect.poll(epochShown).toBe('epoch 60');
  });

  it('draws the histogram and the scatter of the stored probe, to the number', async () => {
    const [at] = expected.probes[2].ridges;
    const histogram = (await csvOf('Export Distribution of off-diagonal B')).slice(1);
    const all = histogram.filter(([name]) => name.startsWith('all pairs'));
    const pairs = (width * (width - 1)) / 2;
    const drawn = all.map(([, , share]) => Math.round(Number(share) * pairs));
    // Three stored bins are one of the drawn.
    const { counts } = at.offDiagonal;
    expect(drawn).toEqual(
      Array.from({ length: 67 }, (_, k) => counts[3 * k] + counts[3 * k + 1] + counts[3 * k + 2]),
    );
    const scatter = (await csvOf('Export B against the cosine')).slice(1);
    const random = scatter.filter(([name]) => name.startsWith('random pairs'));
    expect(random.map(([, , b]) => Number(b))).toEqual([...at.random.b]);
    expect(random.map(([, cosine]) => Number(cosine))).toEqual([...expected.probes[2].randomPairs.cosine]);
  });

  it('sets the statistics beside epoch 0 and the control, and calls the identity a test of the arithmetic', async () => {
    const table = there.page.getByRole('region', { name: 'Statistics' });
    // A menu that is just closing hides the page from roles.
    await expect
      .poll(async () => (await table.locator('thead th').allTextContents()).map((head) => head.trim()))
      .toEqual(['Statistic', 'grokking, epoch 60', 'grokking, epoch 0', 'control, epoch 60']);
    const similar = table.getByRole('row', { name: /^similar pairs that repel/ }).locator('td');
    const [last, first] = [expected.probes[2], expected.probes[0]].map(
      ({ ridges }) => ridges[0].top.opposite,
    );
    await expect
      .poll(async () => (await similar.allTextContents()).slice(0, 2).map(Number))
      .toEqual([Number(last.toFixed(3)), Number(first.toFixed(3))]);
    expect(await table.getByText('tests the arithmetic, not the network').count()).toBe(1);
  });

  it('says what a statistic measures, with its formula', async () => {
    const { page } = there;
    await page.getByRole('button', { name: 'What this measures: Identity check' }).click();
    await page.locator('math').waitFor();
    expect(await page.getByText('never a finding').count()).toBeGreaterThan(0);
    await page.keyboard.press('Escape');
    await page.locator('math').waitFor({ state: 'detached' });
    expect(await seriousFindings(page)).toStrictEqual([]);
  });

  it('computes the matrix when asked, and finds the stored probe in it', async () => {
    const { page } = there;
    await page.getByText(/It takes at most .* to train the run again to epoch 60/).waitFor();
    await page.getByRole('button', { name: 'Compute the matrix' }).click();
    await page
      .getByText(/identical to the stored probe: 240 numbers, bit for bit/)
      .waitFor({ timeout: 100_000 });
    await heatmap().waitFor();
    // Its cells are asked for once it has its size, and keys mean nothing before they have come.
    const cells = heatmap().locator('canvas');
    await expect.poll(() => cells.evaluate((canvas) => canvas.width)).toBe(width);
    await there.photograph('matrix');
    expect(await seriousFindings(page)).toStrictEqual([]);
  });

  it('stands by dominant frequency, and says of a cell what it is of', async () => {
    const { page } = there;
    await heatmap().focus();
    await expect.poll(readout).toContain('Point at a cell');
    await page.keyboard.press('ArrowRight');
    const { order, matrices, frequency } = expected;
    for (let at = 1; at < 4; at++) {
      const [j, l] = [order[0], order[at]];
      await expect
        .poll(readout)
        .toMatch(new RegExp(`^j = ${j} \\(f = ${frequency[j]}, .*l = ${l} \\(f = ${frequency[l]}, `));
      const shown = /B = (\S+)\s+cos = (\S+)/.exec((await readout()) ?? '');
      expect(shown?.[1]).toBe(entryOf(matrices.b, j, l).toPrecision(6));
      expect(shown?.[2]).toBe(entryOf(matrices.cosine, j, l).toFixed(6));
      await page.keyboard.press('ArrowRight');
    }
    const [head, ...rows] = await csvOf('Export');
    expect(head.slice(1).map(Number)).toEqual(order);
    rows.forEach(([unit, ...cells], row) => {
      expect(Number(unit)).toBe(order[row]);
      cells.forEach((cell, column) => {
        if (row === column) expect(cell).toBe('');
        else expect(Number(cell)).toBe(entryOf(matrices.b, order[row], order[column]));
      });
    });
  });

  it('shows what was dragged over, and all again after a double click', async () => {
    const { page } = there;
    const box = await heatmap().boundingBox();
    if (!box) throw new Error('The heatmap has no place.');
    const size = box.width - 46 - 92;
    const point = (row: number, column: number) =>
      [box.x + 46 + ((column + 0.5) * size) / width, box.y + 8 + ((row + 0.5) * size) / width] as const;
    await page.mouse.move(...point(10, 20));
    await page.mouse.down();
    await page.mouse.move(...point(25, 39), { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => (await csvOf('Export'))[0].length).toBe(1 + 20);
    const [head, ...rows] = await csvOf('Export');
    expect(head.slice(1).map(Number)).toEqual(expected.order.slice(20, 40));
    expect(rows.map(([unit]) => Number(unit))).toEqual(expected.order.slice(10, 26));
    await heatmap().dblclick({ position: { x: 200, y: 200 } });
    await expect.poll(async () => (await csvOf('Export'))[0].length).toBe(1 + width);
  });

  it('exports the picture with its axes as text', async () => {
    const { page } = there;
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'SVG, 85 mm' }).click(),
    ]);
    const svg = readFileSync(await download.path(), 'utf8');
    expect(svg).toMatch(/^<svg width="85mm"/);
    expect(svg).toContain('>hidden units by dominant frequency<');
    expect(svg).toContain('href="data:image/png;base64,');
    expect(svg.length).toBeLessThan(300_000);
  });

  it('asked nobody but its host for anything, and had nothing to complain of', () => {
    expect(there.complaints).toStrictEqual([]);
  });
});
