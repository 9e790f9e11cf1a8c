// The page's end of the desktop's port, over the real desktop host on a fake Electron.
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClient } from '#shared/contract/client.ts';
import type { Router } from 'vue-router';
import type { Desktop } from '../../src-renderer/client/connect-desktop.ts';
import { connectDesktop } from '../../src-renderer/client/connect-desktop.ts';
import { connectMessagePort } from '../../src-renderer/client/connect-message-port.ts';
import { desktopKey } from '../../src-renderer/desktop-access.ts';
import { useDesktopMessages } from '../../src-renderer/follow-desktop.ts';
import { useDraft } from '../../src-renderer/stores/draft.ts';
import { useLab } from '../../src-renderer/stores/lab.ts';
import { useNotices } from '../../src-renderer/stores/notices.ts';
import { useShell } from '../../src-renderer/stores/shell.ts';
import { useStudyPage } from '../../src-renderer/stores/study-page.ts';
import { quickStudy } from '../contract/quick-study.ts';
import { pagePort } from '../src-main/hosts/electron/page-port.ts';
import { setUpDesktop } from '../src-main/hosts/electron/desktop-setup.ts';
import { windowAround } from './stores/window-lab.ts';

type Host = ReturnType<typeof setUpDesktop>;
let host: Host;
let desktop: Desktop;
let router: Router;
let port: ReturnType<typeof pagePort>;

beforeEach(async () => {
  host = setUpDesktop();
  await host.ready();
  const window = host.electron.windows[0];
  const [[contract, other]] = host.electron.ipc('grokscope:connect', {
    url: 'app://grokscope/',
    contentsId: window.webContents.id,
  });
  port = pagePort(other);
  const connection = connectMessagePort(pagePort(contract));
  desktop = connectDesktop(port, () => '');
  const { app, router: places } = windowAround({ client: createClient(connection.link), connection });
  router = places;
  await router.push('/');
  app.provide(desktopKey, desktop).runWithContext(useDesktopMessages);
});
afterEach(() => {
  useLab().close();
  host.remove();
});

/** Clicks an item of the desktop's menus. */
function choose(label: string): void {
  const item = host.electron.menu
    .flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
    .find((entry) => entry.label === label);
  const click: unknown = item?.click;
  if (typeof click !== 'function') throw new Error(`The menus have no ${label}.`);
  click();
}

describe("the desktop's menus, in the page", () => {
  it.each([
    ['About Grokscope', (shell) => shell.about],
    ['Commands', (shell) => shell.palette],
    ['Settings', (shell) => shell.settings],
    ['Export...', (shell) => shell.exporting],
    ['Find', (shell) => shell.searches === 1],
  ] satisfies [string, (shell: ReturnType<typeof useShell>) => boolean][])('%s', async (label, isDone) => {
    const shell = useShell();
    expect(isDone(shell)).toBe(false);
    choose(label);
    await vi.waitFor(() => expect(isDone(shell)).toBe(true));
  });

  it('New Study goes to the start page', async () => {
    await router.push('/studies/1');
    choose('New Study');
    await vi.waitFor(() => expect(router.currentRoute.value.name).toBe('start'));
  });

  it('Start starts what is in the editor, or the study that is open', async () => {
    useLab().open();
    await vi.waitFor(() => expect(useLab().info).not.toBeNull());
    const draft = useDraft();
    draft.load('mine.yaml', quickStudy);
    await vi.waitFor(() => expect(draft.canStart).toBe(true));
    choose('Start');
    await vi.waitFor(() => expect(router.currentRoute.value.name).toBe('study'));
    const [{ core }] = host.labs;
    const [study] = core.listStudies({});
    expect(study.paused).toBe(false);
    // One that waits.
    const waiting = core.createStudy(quickStudy.replace('Quick', 'Other'), 'other.yaml');
    await router.push({ name: 'study', params: { id: waiting.id } });
    await useStudyPage().open(waiting.id);
    choose('Start');
    await vi.waitFor(() => expect(core.getStudy(waiting.id).paused).toBe(false));
  });
});

describe('files the desktop opened, in the page', () => {
  it('one study goes into the editor, and what was there can be had back', async () => {
    writeFileSync(host.at('one.yaml'), quickStudy);
    const draft = useDraft();
    draft.load('before.yaml', 'study: Before\n');
    await router.push('/studies/1');
    desktop.open([host.at('one.yaml')]);
    await vi.waitFor(() => expect(draft.file).toBe('one.yaml'));
    expect(draft.text).toBe(quickStudy);
    await vi.waitFor(() => expect(router.currentRoute.value.name).toBe('start'));
    useNotices().all[0].action?.run();
    expect([draft.file, draft.text]).toStrictEqual(['before.yaml', 'study: Before\n']);
  });

  it('several are saved to be started, and one that is wrong is named with its line', async () => {
    writeFileSync(host.at('one.yaml'), quickStudy);
    writeFileSync(host.at('two.yaml'), quickStudy.replace('Quick', 'Second'));
    writeFileSync(host.at('wrong.yaml'), quickStudy.replace('epochs:', 'epoks:'));
    desktop.open(['one.yaml', 'wrong.yaml', 'two.yaml'].map(host.at));
    const notices = useNotices();
    await vi.waitFor(() => expect(notices.all).toHaveLength(2));
    const [saved, wrong] = notices.all;
    expect(saved.message).toBe('2 studies saved, to be started: "Quick", "Second".');
    expect(wrong).toMatchObject({
      level: 'error',
      message: expect.stringMatching(/wrong\.yaml:\d+:1 epoks is not known/),
    });
    const [{ core }] = host.labs;
    expect(core.listStudies({}).map(({ name, paused }) => [name, paused])).toStrictEqual([
      ['Quick', true],
      ['Second', true],
    ]);
    saved.action?.run();
    await vi.waitFor(() =>
      expect(core.listStudies({}).map(({ paused }) => paused)).toStrictEqual([false, false]),
    );
    wrong.action?.run();
    expect(useDraft().file).toBe('wrong.yaml');
  });

  it('a lab that is to be imported is, and what came of it is told', async () => {
    const [{ core }] = host.labs;
    core.createStudy(quickStudy, 'quick.yaml');
    writeFileSync(host.at('other.lab'), '');
    host.electron.dialog.responses = [1];
    desktop.open([host.at('other.lab')]);
    const notices = useNotices();
    await vi.waitFor(() => expect(notices.all).toHaveLength(1));
    expect(notices.all[0].message).toContain('Imported from "other.lab": "Quick".');
    notices.all[0].action?.run();
    await vi.waitFor(() => expect(router.currentRoute.value.fullPath).toBe('/studies/1'));
  });

  it('a folder that holds no study logs is refused in the words of the lab', async () => {
    mkdirSync(host.at('folder'));
    desktop.open([host.at('folder')]);
    await vi.waitFor(() =>
      expect(useNotices().all[0]).toMatchObject({
        level: 'error',
        message: expect.stringContaining('is no lab'),
      }),
    );
  });
});

it('paths chosen in a dialog answer the question they were asked with', async () => {
  host.electron.dialog.chosen = ['/out'];
  const first = desktop.choose('export-folder');
  const second = desktop.choose('save-lab', 'mine.lab');
  expect(await Promise.all([first, second])).toStrictEqual([['/out'], ['/out']]);
  host.electron.dialog.chosen = [];
  expect(await desktop.choose('open')).toStrictEqual([]);
});

it('nonsense over the port is dropped', async () => {
  const heard: string[] = [];
  const sent = { addEventListener: (_: string, hear: (event: Event) => void) => hears.push(hear) };
  const hears: ((event: Event) => void)[] = [];
  const odd = connectDesktop({ ...sent, postMessage() {}, start() {}, close() {} }, () => '');
  odd.listen({ command: (command) => heard.push(command), opened: () => heard.push('opened') });
  const tell = (data: unknown): void => hears[0](new MessageEvent('message', { data }));
  for (const data of [null, 'about', { type: 'command', command: 'format' }, { type: 'opened', files: [{}] }])
    tell(data);
  tell({ type: 'command', command: 'about' });
  expect(heard).toStrictEqual(['about']);
});
