import { appendFileSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import type { Download } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentHash } from '#main/store/content-hash.ts';
import { openLabStore } from '#main/store/lab-store.ts';
import { tinyStudy } from '../src-main/hosts/cli/lab-command.ts';
import { buildWindow } from './build-window.ts';
import { seriousFindings } from './check-accessibility.ts';
import { dropFiles, dropPaths } from './drop-paths.ts';
import { writeStudy } from './editor-text.ts';
import { findChromium } from './find-chromium.ts';
import { firstLine, hearToasts, openWindow } from './open-window.ts';
import type { OpenWindow } from './open-window.ts';
import { told } from './told.ts';

const browser = findChromium(process.env);
if (browser === null)
  process.stderr.write(
    'SKIPPED: the tests of files and hosts in the window, for want of a browser; install chromium or name one in CHROMIUM.\n',
  );

async function contentOf(download: Download): Promise<Buffer> {
  return readFileSync(await download.path());
}

function named(name: string): string {
  return tinyStudy.replace('study: Tiny', `study: ${name}`).replace('seeds: 0..1', 'seeds: [0]');
}

/** A hash of every series and probe of each run that has rows, by its place; read beside the host that has the lab open. */
function hashesOf(lab: string): Record<string, string> {
  const store = openLabStore(lab, { readOnly: true });
  try {
    const runs = store.runs.list().filter(({ rows }) => rows > 0);
    const names = new Map(store.studies.list().map(({ id, name }) => [id, name]));
    return Object.fromEntries(
      runs.map(({ id, studyId, condition, seed }) => [
        `${names.get(studyId)}, ${condition}, ${seed}`,
        contentHash(store, { kind: 'run', id }),
      ]),
    );
  } finally {
    store.close();
  }
}

/** How many rows the lab's file has of each run of a study, read beside its host. */
function rowsOf(lab: string, study: string): number[] {
  const store = openLabStore(lab, { readOnly: true });
  try {
    const found = store.studies.list().find(({ name }) => name === study);
    return store.runs.list({ studyId: found?.id ?? 0 }).map(({ rows }) => rows);
  } finally {
    store.close();
  }
}

/** Never over before it is cancelled: 20,000 epochs sometimes were. */
const long = named('Long').replace('epochs: 40', 'epochs: 1000000').replace('epochs: [0, 40]', 'epochs: [0]');

describe.skipIf(browser === null)('the window and its host, in a real browser', () => {
  let there: OpenWindow;

  beforeAll(async () => {
    await buildWindow();
    there = await openWindow(browser ?? '');
    await there.page.getByText('No studies yet.').waitFor();
    // The engine that begins at once.
    await there.page.evaluate("localStorage.setItem('grokscope.engine', 'plain')");
    await there.page.reload();
    await there.page.getByText('No studies yet.').waitFor();
    // Building the window takes its time on a busy machine.
  }, 180_000);
  afterAll(() => there.close());

  const entry = (name: string) => there.page.getByRole('link', { name: new RegExp(`^${name}`) });

  it('takes several dropped studies to be started, and names the line of one that is wrong', async () => {
    const { page } = there;
    await dropFiles(page, {
      'first.yaml': named('First'),
      'wrong.yaml': named('Wrong').replace('epochs: 40', 'epochs: -3'),
      'second.yml': named('Second'),
      'film.mov': 'x',
    });
    await told(page, /^2 studies saved, to be started: "First", "Second"\.$/);
    await page
      .getByText(/wrong\.yaml:\d+:\d+ epochs.*got -3/)
      .first()
      .waitFor();
    await page.getByText('"film.mov" is neither a study file').first().waitFor();
    // Among toasts reka puts two such spans, which take the focus only to pass it on.
    const findings = (await seriousFindings(page)).filter(
      (line) => !line.startsWith('aria-hidden-focus: <span'),
    );
    expect(findings).toStrictEqual([]);
    await expect.poll(() => page.getByRole('link', { name: /^(First|Second|Wrong)/ }).count()).toBe(2);
  });

  it('keeps what it said, to be read and done later', async () => {
    const { page } = there;
    await page.getByRole('button', { name: 'Past notices' }).click();
    const panel = page.getByRole('dialog', { name: 'Past notices' });
    await panel.getByText('"film.mov" is neither a study file').waitFor();
    await there.photograph('past-notices');
    await panel.getByRole('button', { name: 'Start all' }).click();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    // The second as well: the whole lab is exported, and must not grow meanwhile.
    for (const name of ['Second', 'First']) {
      await entry(name).click();
      await page.getByRole('heading', { name, level: 1 }).waitFor();
      await page.getByText('2 of 2 runs finished').waitFor({ timeout: 100_000 });
    }
    // Faults stay until they are dismissed; what else was said goes by itself, maybe while somebody would dismiss it.
    const close = page.getByRole('button', { name: 'Close', exact: true });
    const dismiss = (): Promise<number> =>
      close.evaluateAll((buttons) => {
        for (const button of buttons) button.click();
        return buttons.length;
      });
    await expect.poll(dismiss).toBe(0);
  });

  async function choose(form: string, subject: RegExp = /^The study/): Promise<void> {
    const { page } = there;
    await page.getByRole('main').getByRole('button', { name: 'Export...' }).click();
    await page.getByRole('radio', { name: subject }).click();
    await page.getByRole('radio', { name: form, exact: true }).click();
  }
  const go = (): Promise<void> => there.page.getByRole('button', { name: 'Export', exact: true }).click();
  it('exports tables as downloads that hold every number', async () => {
    const { page } = there;
    await choose('CSV');
    await go();
    // Two tables: a click each.
    const link = page.getByRole('link', { name: 'first-series.csv' });
    await link.waitFor();
    await there.photograph('export');
    expect(await seriousFindings(page)).toStrictEqual([]);
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(download.suggestedFilename()).toBe('first-series.csv');
    const lines = (await contentOf(download)).toString().trimEnd().split('\n');
    expect(lines[0]).toMatch(/^study,condition,seed,epoch,.*test\.accuracy/);
    expect(lines).toHaveLength(1 + 2 * 41);
    await page.getByText(/^Exported: 82 rows in 2 files/).waitFor();
    await page.keyboard.press('Escape');
  });

  it('exports JSON Lines and Parquet that hold the same', async () => {
    const { page } = there;
    await choose('CSV');
    const take = async (form: string, name: string): Promise<Download> => {
      await page.getByRole('radio', { name: form, exact: true }).click();
      await go();
      const link = page.getByRole('link', { name });
      await link.waitFor();
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      return download;
    };
    const lines = await contentOf(await take('JSON Lines', 'first-series.jsonl'));
    const objects: Record<string, unknown>[] = lines
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(objects).toHaveLength(2 * 41);
    // By hand: two conditions of one seed, epochs 0..40.
    expect(objects.map(({ condition, seed, epoch }) => [condition, seed, epoch])).toStrictEqual(
      ['grokking', 'control'].flatMap((condition) =>
        Array.from({ length: 41 }, (_, epoch) => [condition, 0, epoch]),
      ),
    );
    const parquet = await (await take('Parquet', 'first-series.parquet')).path();
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(parquet) });
    // A value that was not measured is null in a column, and absent in a line.
    const plain = rows.map((row) =>
      Object.fromEntries(
        Object.entries(row)
          .filter(([, cell]) => cell !== null && cell !== undefined)
          .map(([name, cell]) => [name, typeof cell === 'bigint' ? Number(cell) : cell]),
      ),
    );
    expect(plain).toStrictEqual(objects);
    await page.keyboard.press('Escape');
  });

  it('asks before it replaces what is in a folder, and replaces it', async () => {
    const { page, bench } = there;
    const folder = bench.path('results');
    mkdirSync(folder);
    await choose('CSV');
    await page.getByRole('radio', { name: /^Write into a folder/ }).click();
    await page.getByRole('textbox', { name: 'Folder' }).fill(folder);
    await go();
    await page.getByText(/^Exported: 82 rows in 2 files/).waitFor();
    const table = path.join(folder, 'first-csv', 'series.csv');
    const written = readFileSync(table, 'utf8');
    expect(written.trimEnd().split('\n')).toHaveLength(1 + 2 * 41);
    appendFileSync(table, 'mine');
    await go();
    const replace = page.getByRole('button', { name: 'Replace it' });
    await replace.waitFor();
    await there.photograph('export-replace');
    // Nothing happens to it before it is said.
    expect(readFileSync(table, 'utf8')).toBe(`${written}mine`);
    await replace.click();
    await page.getByText(/^Exported: 82 rows in 2 files/).waitFor();
    expect(readFileSync(table, 'utf8')).toBe(written);
    await page.getByRole('radio', { name: 'Study logs', exact: true }).click();
    await go();
    await page.getByText(/^Exported: 82 rows in 4 files/).waitFor();
    await page.keyboard.press('Escape');
  });

  it('imports a dropped folder of study logs, with the rows they have', async () => {
    const { page, bench, lab } = there;
    await dropPaths(page, [bench.path('results/first-study-log')]);
    await told(page, /^Imported from "first-study-log": ".+"\./);
    await page.getByRole('button', { name: 'Show', exact: true }).first().click();
    const title = async (): Promise<string> =>
      (await page.getByRole('heading', { level: 1 }).first().innerText()).trim();
    await expect.poll(title).not.toBe('First');
    await page.getByText('2 of 2 runs finished').waitFor();
    const name = await title();
    const hashes = hashesOf(lab);
    expect(Object.keys(hashes).filter((run) => run.startsWith(`${name}, `))).toHaveLength(2);
  });

  it('brings the whole lab into a fresh one, by export and drop, with every series the same', async () => {
    const { page, bench, lab } = there;
    await choose('Lab file (.lab)', /^The whole lab/);
    await page.getByRole('radio', { name: /^Download/ }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), go()]);
    expect(download.suggestedFilename()).toBe('lab.lab');
    const carried = bench.path('carried.lab');
    await download.saveAs(carried);
    await page.keyboard.press('Escape');
    const fresh = bench.path('fresh.lab');
    const host = bench.start(['serve', '--lab', fresh, '--no-open', '--workers', '1']);
    // From now on: what it prints while nobody listens is not heard.
    const address = firstLine(host.child);
    const other = await page.context().browser()?.newPage();
    try {
      if (!other) throw new Error('The page has no browser.');
      other.setDefaultTimeout(60_000);
      await other.addInitScript(hearToasts);
      await other.goto(await address);
      await other.getByText('No studies yet.').waitFor();
      await dropPaths(other, [carried]);
      await told(other, /^Imported from "carried\.lab": /);
      await other.getByRole('link', { name: /^First/ }).waitFor();
      const [ours, theirs] = [hashesOf(lab), hashesOf(fresh)];
      // First and Second of two runs each, and the two that came from logs.
      expect(Object.keys(ours)).toHaveLength(6);
      expect(theirs).toStrictEqual(ours);
    } finally {
      await other?.close();
      host.child.kill('SIGINT');
      await host.outcome;
    }
  });

  it('shows how far an upload is, and leaves nothing of one that is given up', async () => {
    const { page, bench } = there;
    const scratch = (): string[] => readdirSync(bench.folder).filter((name) => name.includes('-files-'));
    // Of the exports before this one.
    const before = scratch();
    const big = bench.write('big.lab', Buffer.alloc(4_000_000));
    const browserSession = await page.context().newCDPSession(page);
    const uploadThroughput = (bytesPerSecond: number) =>
      browserSession.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: bytesPerSecond,
      });
    await browserSession.send('Network.enable');
    // Minutes for all of it: it is given up long before.
    await uploadThroughput(20_000);
    await dropPaths(page, [big]);
    const sent = page.getByText(/^[\d.]+ [kM]?B of 4\.0 MB sent$/);
    const early = await sent.textContent();
    await expect.poll(() => sent.textContent()).not.toBe(early);
    expect(scratch()).toHaveLength(before.length + 1);
    await there.photograph('upload');
    await page.getByRole('button', { name: 'Do not import big.lab' }).click();
    await told(page, /^"big\.lab" was not imported\.$/);
    await sent.waitFor({ state: 'detached' });
    await expect.poll(scratch).toStrictEqual(before);
    await uploadThroughput(-1);
  });

  it('opens one study in the editor from the palette', async () => {
    const { page, bench } = there;
    // Awaited long before it comes: a browser that hears too late that a test answers its dialogs has cancelled this one.
    const chosen = page.waitForEvent('filechooser').then(async (chooser) => {
      // What nothing holds is collected as garbage while the dialog is open: then nobody hears what was chosen.
      expect(await page.locator('input[type=file]').count()).toBe(1);
      await chooser.setFiles(bench.write('third.yaml', named('Third')));
    });
    await page.mouse.move(0, 0);
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByPlaceholder('Type a command').pressSequentially('open studies');
    await page.locator('[data-highlighted]').filter({ hasText: 'Open studies or labs' }).waitFor();
    await Promise.all([chosen, page.keyboard.press('Enter')]);
    await page.getByRole('heading', { name: 'New study' }).waitFor();
    await page.getByText('third.yaml').first().waitFor();
    expect(await page.locator('input[type=file]').count()).toBe(0);
  });

  it('says at once that its host was killed and how to start it, and goes on by itself when it is back', async () => {
    const { page } = there;
    await page.getByRole('link', { name: 'New study' }).click();
    await writeStudy(page, long);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    const running = page.locator('[data-run-state=running]');
    await expect.poll(() => running.count()).toBe(2);
    const address = page.url();
    await there.killHost();
    const banner = page.getByRole('status').filter({ hasText: 'The host of this lab has ended' });
    await banner.waitFor();
    expect(await banner.locator('code').textContent()).toMatch(
      /^npm run -s cli -- serve --lab \S+window\.lab$/,
    );
    await there.photograph('host-gone');
    // A page that was never open: its script came with the window's.
    await page.getByRole('link', { name: 'All runs' }).click();
    await page.getByRole('heading', { name: 'All runs' }).waitFor();
    await page.goBack();
    await there.startHost();
    await banner.waitFor({ state: 'detached' });
    // The same page, never loaded again, and the runs that trained train.
    expect(page.url()).toBe(address);
    await expect.poll(() => running.count()).toBe(2);
    // Not only as the page had them before.
    const rows = rowsOf(there.lab, 'Long');
    await expect
      .poll(() => rowsOf(there.lab, 'Long').map((count, run) => count > rows[run]))
      .toStrictEqual([true, true]);
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await expect.poll(() => page.locator('[data-run-state=cancelled]').count()).toBe(2);
  });

  it.each([
    ['Doctor', '/doctor', 'This machine'],
    ['Report', '/studies/1/report', 'Fire epochs'],
    ['Compare', '/compare?conditions=1:grokking,1:control', 'Measured'],
  ])('fills %s, opened while its host was gone, when it is back', async (_name, address, heading) => {
    const { page } = there;
    await there.killHost();
    const banner = page.getByRole('status').filter({ hasText: 'The host of this lab has ended' });
    await banner.waitFor();
    await page.evaluate(`location.hash = '${address}'`);
    await expect.poll(() => new URL(page.url()).hash).toBe(`#${address}`);
    expect(await page.getByRole('heading', { name: heading }).count()).toBe(0);
    await there.startHost();
    await page.getByRole('heading', { name: heading }).waitFor();
    await page.goBack();
  });

  it('says of a connection that was lost no longer than it is news', async () => {
    const lost = there.page.locator('.toasts').getByText('The connection to the lab is lost');
    await expect.poll(() => lost.count()).toBe(0);
  });

  it('is let in again when it is loaded anew after that', async () => {
    await there.page.reload();
    await there.page.getByRole('heading', { name: 'Long', level: 1 }).waitFor();
  });

  it('asked nobody but its host for anything, and complained of nothing but its absence', () => {
    const others = there.complaints.filter((line) => !/ERR_CONNECTION_REFUSED/.test(line));
    expect(others).toStrictEqual([]);
  });
});
