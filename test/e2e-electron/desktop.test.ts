// The real Electron, where there is one; the same claims are tested against a typed fake in test/src-main/hosts/electron.
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { _electron } from 'playwright-core';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLabStore } from '#main/store/lab-store.ts';
import { buildTestApplication } from './build-test-application.ts';
import { findElectron } from '#main/hosts/cli/find-electron.ts';

const found = findElectron(
  process.env,
  process.platform,
  path.resolve(import.meta.dirname, '../../node_modules/electron'),
);
if ('missing' in found) {
  process.stderr.write(
    `SKIPPED test/e2e-electron: ${found.missing}. Nothing of the real Electron was tested.\n`,
  );
}

const study = `study: Tiny
task: { kind: modular-addition, modulus: 7 }
split: { fraction: 0.5 }
network: { width: 16 }
epochs: 12
seeds: [0, 1]
`;

describe.skipIf('missing' in found)('the real desktop application', () => {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'grokscope-electron-')));
  const application = path.join(folder, 'application');
  const lab = path.join(folder, 'e2e.lab');
  let electron: ElectronApplication;
  let page: Page;

  /** Asks the lab over the page's own port. */
  const ask = <T>(call: string): Promise<T> =>
    page.evaluate<T>(`window.lab.then(async (lab) => { ${call} })`);

  beforeAll(async () => {
    if ('missing' in found) return;
    mkdirSync(application);
    await buildTestApplication(application);
    electron = await _electron.launch({
      executablePath: found.binary,
      // Chromium refuses its sandbox to root; the page's own sandbox is a preference and stays on.
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        `--user-data-dir=${path.join(folder, 'user')}`,
        application,
        lab,
      ],
      cwd: folder,
    });
    page = await electron.firstWindow();
  });
  afterAll(async () => {
    await electron?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows one window, on app://', async () => {
    expect(electron.windows()).toHaveLength(1);
    expect(page.url()).toBe('app://grokscope/');
    expect(await page.title()).toBe('Grokscope');
  });

  it('gives the page two functions and nothing of Node', async () => {
    expect(await page.evaluate('Object.keys(window.grokscope).sort()')).toEqual(['connect', 'pathForFile']);
    expect(await page.evaluate('[typeof require, typeof process, typeof module, typeof Buffer]')).toEqual([
      'undefined',
      'undefined',
      'undefined',
      'undefined',
    ]);
  });

  it('evaluates no code, and fetches nothing from outside', async () => {
    expect(await page.evaluate('window.evaluated')).toBe('EvalError');
    expect(await page.evaluate("fetch('https://example.com/').then(() => 'fetched', () => 'refused')")).toBe(
      'refused',
    );
    expect(
      await page.evaluate("fetch('app://grokscope/..%2fmain%2fmain.js').then((answer) => answer.status)"),
    ).toBe(403);
  });

  it('goes nowhere, opens nothing, and is granted nothing', async () => {
    expect(await page.evaluate("window.open('https://example.com/')")).toBeNull();
    await page.evaluate("void (location.href = 'https://example.com/')");
    await page.waitForTimeout(300);
    expect(page.url()).toBe('app://grokscope/');
    expect(electron.windows()).toHaveLength(1);
    const permission = 'Notification.requestPermission()';
    expect(await page.evaluate(permission)).toBe('denied');
  });

  it('opened the lab of its command line, and trains a study in utility processes', async () => {
    expect(await ask<{ path: string }>('return lab.info()')).toMatchObject({ path: lab });
    const { id } = await ask<{ id: number }>(
      `return lab.createStudy({ text: ${JSON.stringify(study)}, file: 'tiny.yaml' })`,
    );
    await ask(`await lab.startStudy({ id: ${id}, engine: 'plain' })`);
    await expect
      .poll(() => ask<{ states: { finished: number } }>(`return lab.getStudy({ id: ${id} })`), {
        timeout: 60_000,
        interval: 250,
      })
      .toMatchObject({ states: { finished: 2, failed: 0 } });
    const [window] = await ask<readonly { first: number; values: ArrayLike<number> }[]>(
      "const { runs } = await lab.listRuns({}); const [w] = await lab.series({ runIds: [runs[0].id], name: 'test.accuracy' }); return [{ first: w.first, values: [...w.values] }]",
    );
    expect([window.first, window.values.length]).toEqual([0, 13]);
  });

  it('leaves a closed, whole lab behind when it is quit', async () => {
    await electron.close();
    expect(existsSync(`${lab}-wal`)).toBe(false);
    const store = openLabStore(lab, { readOnly: true });
    expect(store.studies.list().map(({ name }) => name)).toEqual(['Tiny']);
    store.close();
  });
});
