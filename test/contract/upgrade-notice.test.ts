import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createCore } from '#main/core/create-core.ts';
import { nodeTrainers } from '#main/hosts/node-trainers.ts';
import { newestVersion } from '#main/store/database.ts';
import { applicationId } from '#main/store/lab-header.ts';
import { initial } from '#main/store/migrations/0001-initial.ts';
import { useLab } from '../../src-renderer/stores/lab.ts';
import { useNotices } from '../../src-renderer/stores/notices.ts';
import { openTestLab, temporaryFolder } from '../src-main/store/lab-fixtures.ts';
import { windowAround } from '../src-renderer/stores/window-lab.ts';
import { overMessagePort, overWebSocket } from './transports.ts';
import type { Connect } from './transports.ts';

function openedLab(path: string) {
  const core = createCore({ store: openTestLab(path), trainers: nodeTrainers });
  onTestFinished(() => core.close());
  return core;
}

/** The stores of a window of its own, and how to cut its wire. */
async function openWindow(connect: Connect, core: ReturnType<typeof openedLab>) {
  const connected = await connect(core);
  windowAround(connected);
  const lab = useLab();
  const notices = useNotices();
  onTestFinished(async () => {
    lab.close();
    await connected.close();
  });
  lab.open();
  await expect.poll(() => lab.presets).not.toEqual([]);
  const told = (): string[] => notices.all.map(({ level, message }) => `${level}: ${message}`);
  return { lab, told, cut: connected.cut };
}

it('a host that brought its lab to the newest format says so to every window once, with where the copy is', async () => {
  const path = join(temporaryFolder(), 'old.lab');
  const old = new DatabaseSync(path);
  old.exec(`${initial.sql}; PRAGMA user_version = 1; PRAGMA application_id = ${applicationId}`);
  old.close();
  const core = openedLab(path);
  const sentence = `info: The lab was brought from format 1 to ${newestVersion}; as it was before, it is kept in ${core.info().path}.before-v2.`;
  const desktop = await openWindow(overMessagePort, core);
  const browser = await openWindow(overWebSocket, core);
  const later = await openWindow(overWebSocket, core);
  for (const { told } of [desktop, browser, later]) expect(told()).toEqual([sentence]);

  // A window that comes back has heard it.
  const before = browser.lab.info;
  browser.cut();
  await expect.poll(() => browser.lab.info).not.toBe(before);
  expect(browser.told()).toEqual([sentence]);

  await core.close();
  const again = await openWindow(overMessagePort, openedLab(path));
  expect(again.told()).toEqual([]);
});
