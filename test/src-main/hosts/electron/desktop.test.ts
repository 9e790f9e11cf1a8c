import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient } from '#shared/contract/client.ts';
import { connectMessagePort } from '../../../../src-renderer/client/connect-message-port.ts';
import { setUpDesktop, settle } from './desktop-setup.ts';
import type { DesktopOptions } from './desktop-setup.ts';
import { FakeEvent } from './fake-electron.ts';
import { pagePort } from './page-port.ts';

const undo: (() => void)[] = [];
afterEach(() => {
  for (const remove of undo.splice(0)) remove();
});

function desktop(options: DesktopOptions = {}) {
  const set = setUpDesktop(options);
  undo.push(set.remove);
  return set;
}

const run = (runId: number, state: 'running' | 'finished' | 'interrupted') => ({
  type: 'run' as const,
  runId,
  studyId: 1,
  state,
  problem: null,
});

const click = (electron: ReturnType<typeof desktop>['electron'], label: string): void => {
  const items = electron.menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
  const listener: unknown = items.find((item) => item.label === label)?.click;
  if (typeof listener !== 'function') throw new Error(`there is no menu item ${label}`);
  listener();
};

async function openOther(response: number, options: DesktopOptions = {}) {
  const set = desktop(options);
  writeFileSync(set.at('other.lab'), '');
  await set.ready();
  const page = set.connect();
  set.electron.dialog.responses = [response];
  set.electron.app.emit('open-file', new FakeEvent(), set.at('other.lab'));
  await settle();
  return { ...set, page };
}

describe('the desktop starts', () => {
  it('with its scheme registered before Electron is ready, and everything else after', async () => {
    const { electron, start, labs } = desktop();
    const started = start();
    expect(electron.schemes.map(({ scheme }) => scheme)).toEqual(['app']);
    expect(electron.handlers.size).toBe(0);
    expect(electron.windows).toHaveLength(0);
    electron.app.makeReady();
    await started;
    expect([...electron.handlers.keys()]).toEqual(['app']);
    expect(labs).toHaveLength(1);
    expect(electron.windows).toHaveLength(1);
  });

  it('on the default lab, with one secure window on app://, shown when it has something to show', async () => {
    const { electron, ready, labs, defaultLab } = desktop();
    await ready();
    expect(labs[0].file).toBe(defaultLab);
    const [window] = electron.windows;
    expect(window.options.webPreferences).toMatchObject({
      preload: '/app/dist/main/preload.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
    });
    expect(window.options.show).toBe(false);
    expect(window.calls).toEqual(['load app://grokscope/']);
    window.emit('ready-to-show');
    expect(window.calls).toContain('show');
  });

  it('with the session guarded before the window is there', async () => {
    const { electron, ready } = desktop();
    await ready();
    expect(electron.guarded.lets('https://example.com/')).toBe(false);
    expect(electron.guarded.onCheck?.(null, 'media', '', { isMainFrame: true })).toBe(false);
  });

  it('with every page guarded that Electron ever makes', async () => {
    const { electron, ready } = desktop();
    await ready();
    const stopped: string[] = [];
    let answer: unknown = null;
    electron.app.emit('web-contents-created', new FakeEvent(), {
      on: (name: string, listener: (event: FakeEvent) => void) => {
        const event = new FakeEvent();
        listener(event);
        if (event.prevented) stopped.push(name);
      },
      setWindowOpenHandler: (handler: (details: { url: string }) => unknown) => {
        answer = handler({ url: 'https://example.com' });
      },
    });
    expect(stopped).toEqual(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']);
    expect(answer).toEqual({ action: 'deny' });
  });

  it('not a second time: the second instance leaves at once and touches no lab', async () => {
    const { electron, ready, labs } = desktop();
    electron.app.firstInstance = false;
    await ready();
    expect(electron.app.calls).toEqual(['quit']);
    expect(labs).toHaveLength(0);
    expect(electron.windows).toHaveLength(0);
  });

  it('not on a lab that cannot be opened, and says why', async () => {
    const { electron, ready } = desktop({ damaged: ['history.lab'] });
    await ready();
    expect(electron.dialog.errors[0]).toContain('history.lab is damaged; try lab repair.');
    expect(electron.app.calls).toContain('exit 1');
    expect(electron.windows).toHaveLength(0);
  });

  it('beside another writer only to look at, and only if the user wants that', async () => {
    const looking = desktop({ locked: ['history.lab'] });
    looking.electron.dialog.responses = [0];
    await looking.ready();
    expect(looking.labs.map(({ readOnly }) => readOnly)).toEqual([true]);
    const leaving = desktop({ locked: ['history.lab'] });
    leaving.electron.dialog.responses = [1];
    await leaving.ready();
    expect(leaving.labs).toHaveLength(0);
    expect(leaving.electron.app.calls).toContain('exit 1');
  });
});

describe('the window gets', () => {
  it('a port on which the whole contract answers', async () => {
    const { ready, connect, bugs } = desktop();
    await ready();
    const connection = connectMessagePort(pagePort(connect().contract));
    const client = createClient(connection.link);
    expect((await client.info()).readOnly).toBe(false);
    expect((await client.presets()).length).toBeGreaterThan(0);
    expect(bugs).toEqual([]);
    connection.close();
  });

  it.each([
    ['a frame inside it', { url: 'app://grokscope/', parent: {}, contentsId: 100 }],
    ['another page', { url: 'https://example.com/', contentsId: 100 }],
    ['other contents', { url: 'app://grokscope/', contentsId: 101 }],
    ['no frame at all', null],
  ])('its ports, and %s gets none', async (_name, from) => {
    const { electron, ready } = desktop();
    await ready();
    expect(electron.ipc('grokscope:connect', from)).toEqual([]);
    expect(
      electron.ipc('grokscope:connect', { url: 'app://grokscope/', contentsId: 100 }).map((p) => p.length),
    ).toEqual([2]);
  });

  it('new ports when it is loaded again, and the old ones are closed', async () => {
    const { ready, connect } = desktop();
    await ready();
    const first = connect();
    const second = connect();
    expect([first.contract.closed, first.desktop.closed]).toEqual([true, true]);
    expect([second.contract.closed, second.desktop.closed]).toEqual([false, false]);
  });

  it('what the desktop said before it was listening', async () => {
    const { electron, ready, connect, at } = desktop();
    await ready();
    writeFileSync(at('eta.yaml'), 'study: Eta\n');
    const event = new FakeEvent();
    electron.app.emit('open-file', event, at('eta.yaml'));
    expect(event.prevented).toBe(true);
    await settle();
    const files = [{ kind: 'study', path: at('eta.yaml'), text: 'study: Eta\n' }];
    expect(connect().heard).toEqual([{ type: 'opened', files }]);
    expect(connect().heard).toEqual([]);
  });

  it('nothing for a message that makes no sense', async () => {
    const { electron, ready, connect } = desktop();
    await ready();
    const { desktop: port, heard } = connect();
    for (const message of [
      null,
      'choose',
      { type: 'choose', id: 1, dialog: 'rm -rf' },
      { type: 'dropped' },
    ]) {
      port.postMessage(message);
    }
    await settle();
    expect(heard).toEqual([]);
    expect(electron.dialog.asked).toEqual([]);
  });
});

describe('files', () => {
  it('of the command line are opened: the lab as the lab, the rest in it', async () => {
    const { ready, labs, connect, at } = desktop({
      argv: ['/opt/grokscope', 'other.lab', 'eta.yaml', '--flag'],
    });
    writeFileSync(at('other.lab'), '');
    writeFileSync(at('eta.yaml'), 'study: Eta\n');
    await ready();
    expect(labs.map(({ file }) => file)).toEqual([at('other.lab')]);
    expect(connect().heard).toMatchObject([{ type: 'opened', files: [{ path: at('eta.yaml') }] }]);
  });

  it('that macOS names before the start are opened too', async () => {
    const { electron, start, connect, at } = desktop({ platform: 'darwin' });
    writeFileSync(at('eta.yaml'), 'study: Eta\n');
    const started = start();
    electron.app.emit('open-file', new FakeEvent(), at('eta.yaml'));
    electron.app.makeReady();
    await started;
    expect(connect().heard).toMatchObject([{ type: 'opened', files: [{ path: at('eta.yaml') }] }]);
  });

  it('of a second instance are handed over, relative to its own folder, and the window is raised', async () => {
    const { electron, ready, connect, at } = desktop();
    await ready();
    const { heard } = connect();
    writeFileSync(at('window.json'), '{"study":"Window"}');
    electron.windows[0].minimized = true;
    electron.app.emit('second-instance', new FakeEvent(), ['grokscope', 'window.json'], at(''));
    await settle();
    expect(heard).toMatchObject([{ type: 'opened', files: [{ kind: 'study', path: at('window.json') }] }]);
    expect(electron.windows[0].calls.slice(-3)).toEqual(['restore', 'show', 'focus']);
    expect(electron.windows).toHaveLength(1);
  });

  it('dropped on the window are opened', async () => {
    const { ready, connect, at } = desktop();
    await ready();
    const { desktop: port, heard } = connect();
    writeFileSync(at('eta.yaml'), 'study: Eta\n');
    port.postMessage({ type: 'dropped', paths: [at('eta.yaml'), at('')] });
    await settle();
    expect(heard).toMatchObject([{ type: 'opened', files: [{ kind: 'study' }, { kind: 'folder' }] }]);
  });

  it('that are not there are named to the user', async () => {
    const { electron, ready, at } = desktop();
    await ready();
    electron.app.emit('open-file', new FakeEvent(), at('gone.yaml'));
    await settle();
    expect(electron.dialog.errors).toHaveLength(1);
    expect(electron.dialog.errors[0]).toContain('gone.yaml cannot be opened');
  });

  it('chosen in a dialog reach the page that asked, and a cancelled dialog says so', async () => {
    const { electron, ready, connect } = desktop();
    await ready();
    const { desktop: port, heard } = connect();
    electron.dialog.chosen = ['/home/ann/out.lab'];
    port.postMessage({ type: 'choose', id: 7, dialog: 'save-lab', suggestedName: '../../etc/eta.lab' });
    await settle();
    electron.dialog.chosen = [];
    port.postMessage({ type: 'choose', id: 8, dialog: 'export-folder' });
    await settle();
    port.postMessage({ type: 'choose', id: 9, dialog: 'save-figure', suggestedName: 'rho.svg' });
    await settle();
    expect(electron.dialog.asked[0]).toMatchObject({
      defaultPath: 'eta.lab',
      filters: [{ extensions: ['lab'] }],
    });
    expect(electron.dialog.asked[1]).toMatchObject({ properties: ['openDirectory', 'createDirectory'] });
    expect(heard).toEqual([
      { type: 'chosen', id: 7, paths: ['/home/ann/out.lab'] },
      { type: 'chosen', id: 8, paths: [] },
      { type: 'chosen', id: 9, paths: [] },
    ]);
  });
});

describe('the menus', () => {
  it('reach the window, the dialogs and the browser', async () => {
    const { electron, ready, connect, at } = desktop();
    await ready();
    const { heard } = connect();
    writeFileSync(at('eta.yaml'), 'study: Eta\n');
    click(electron, 'New Study');
    electron.dialog.chosen = [at('eta.yaml')];
    click(electron, 'Open...');
    await settle();
    click(electron, 'The Paper');
    expect(heard).toMatchObject([
      { type: 'command', command: 'new-study' },
      { type: 'opened', files: [{ path: at('eta.yaml') }] },
    ]);
    expect(electron.opened).toEqual(['https://arxiv.org/abs/2605.08119']);
  });

  it('and the page may open a link of the short list, and no other', async () => {
    const { electron, ready, connect } = desktop();
    await ready();
    const { desktop: port } = connect();
    port.postMessage({ type: 'open-link', url: 'https://example.com/' });
    port.postMessage({ type: 'open-link', url: 'https://doi.org/10.1000/182' });
    await settle();
    expect(electron.opened).toEqual(['https://doi.org/10.1000/182']);
  });
});

describe('another lab', () => {
  it('is opened after the first is closed, and the page is loaded again', async () => {
    const { labs, electron, page, at } = await openOther(0);
    expect(labs.map(({ file, state }) => [file, state])).toEqual([
      [at('history.lab'), 'closed'],
      [at('other.lab'), 'open'],
    ]);
    expect(page.contract.closed).toBe(true);
    expect(electron.windows[0].calls).toContain('reload');
  });

  it('is not opened before the first has committed', async () => {
    const { labs } = await openOther(0, { commitsAtOnce: false });
    expect(labs.map(({ state }) => state)).toEqual(['closing']);
    labs[0].commit();
    await settle();
    expect(labs.map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  it('can be imported instead', async () => {
    const { labs, page, at } = await openOther(1);
    expect(labs).toHaveLength(1);
    expect(page.heard).toEqual([{ type: 'opened', files: [{ kind: 'import-lab', path: at('other.lab') }] }]);
  });

  it('can be left alone', async () => {
    const { labs, page } = await openOther(2);
    expect(labs.map(({ state }) => state)).toEqual(['open']);
    expect(page.heard).toEqual([]);
    expect(page.contract.closed).toBe(false);
  });

  it('that is damaged leaves the first one open', async () => {
    const { labs, electron, at } = await openOther(0, { damaged: ['other.lab'] });
    expect(electron.dialog.errors[0]).toContain('other.lab is damaged');
    expect(labs.at(-1)).toMatchObject({ file: at('history.lab'), state: 'open' });
  });

  it('that is the same one is only brought to the front', async () => {
    const set = desktop();
    writeFileSync(set.defaultLab, '');
    await set.ready();
    set.electron.app.emit('open-file', new FakeEvent(), set.defaultLab);
    await settle();
    expect(set.labs).toHaveLength(1);
    expect(set.electron.windows[0].calls).toContain('focus');
  });
});

describe('while a run trains', () => {
  it('the system stays awake, and no longer', async () => {
    const { electron, ready, labs } = desktop();
    await ready();
    const [lab] = labs;
    lab.emit(run(1, 'running'));
    lab.emit(run(2, 'running'));
    lab.emit(run(1, 'running'));
    expect(electron.powerSaveBlocker.started).toEqual(['prevent-app-suspension']);
    lab.emit(run(1, 'finished'));
    expect(electron.powerSaveBlocker.held.size).toBe(1);
    lab.emit(run(2, 'interrupted'));
    expect(electron.powerSaveBlocker.held.size).toBe(0);
    lab.emit(run(3, 'running'));
    expect(electron.powerSaveBlocker.held.size).toBe(1);
    electron.app.quit();
    await settle();
    expect(electron.powerSaveBlocker.held.size).toBe(0);
    expect(lab.listeners).toBe(0);
  });
});

describe('quitting', () => {
  it('waits until the lab is closed, however often it is asked for', async () => {
    const { electron, ready, labs } = desktop({ commitsAtOnce: false });
    await ready();
    electron.app.quit();
    electron.app.quit();
    await settle();
    expect(labs[0].state).toBe('closing');
    expect(electron.app.calls).not.toContain('quit');
    labs[0].commit();
    await settle();
    expect(electron.app.calls.filter((call) => call === 'quit')).toHaveLength(1);
  });

  it('happens also when closing failed, and says so', async () => {
    const { electron, ready, labs } = desktop({ commitsAtOnce: false });
    await ready();
    electron.app.quit();
    labs[0].commit(new Error('the disk is full'));
    await settle();
    expect(electron.dialog.errors[0]).toContain('the disk is full');
    expect(electron.app.calls).toContain('quit');
  });

  it('follows the last window, except on a Mac, where a click on the dock opens a new one', async () => {
    const linux = desktop();
    await linux.ready();
    linux.electron.app.emit('window-all-closed');
    await settle();
    expect(linux.electron.app.calls).toContain('quit');
    const mac = desktop({ platform: 'darwin' });
    await mac.ready();
    const page = mac.connect();
    mac.electron.windows[0].emit('closed');
    mac.electron.app.emit('window-all-closed');
    await settle();
    expect(mac.electron.app.calls).not.toContain('quit');
    expect(page.contract.closed).toBe(true);
    expect(mac.labs[0].state).toBe('open');
    mac.electron.app.emit('activate');
    expect(mac.electron.windows).toHaveLength(2);
    expect(mac.connect().contract.closed).toBe(false);
  });
});
