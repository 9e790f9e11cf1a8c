import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { GuardedContents } from '#main/hosts/electron/electron-parts.ts';
import {
  guardContents,
  guardSession,
  isOurFrame,
  openLink,
  securePreferences,
} from '#main/hosts/electron/guard-contents.ts';
import { FakeEvent, FakeSession } from './fake-electron.ts';

describe('every page of the window', () => {
  // The list of platform.md, one line a claim; Electron's documentation says what each means.
  it.each([
    ['contextIsolation', true],
    ['sandbox', true],
    ['nodeIntegration', false],
    ['nodeIntegrationInWorker', false],
    ['nodeIntegrationInSubFrames', false],
    ['webviewTag', false],
    ['webSecurity', true],
    ['allowRunningInsecureContent', false],
    ['experimentalFeatures', false],
    ['navigateOnDragDrop', false],
    ['spellcheck', false],
  ] as const)('has %s %s', (name, value) => {
    expect(securePreferences('/app/preload.cjs')[name]).toBe(value);
  });

  it('has no preference besides those and its preload', () => {
    expect(Object.keys(securePreferences('/app/preload.cjs'))).toHaveLength(12);
    expect(securePreferences('/app/preload.cjs').preload).toBe('/app/preload.cjs');
  });
});

class FakeContents extends EventEmitter implements GuardedContents {
  open: ((details: { url: string }) => { action: 'deny' }) | null = null;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'deny' }): void {
    this.open = handler;
  }
}

function shellThat(opened: string[]): { openExternal(url: string): Promise<void> } {
  return {
    openExternal: (url) => {
      opened.push(url);
      return Promise.resolve();
    },
  };
}

describe('a guarded page', () => {
  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])(
    'is stopped at %s',
    (name) => {
      const contents = new FakeContents();
      guardContents(contents, shellThat([]));
      const event = new FakeEvent();
      contents.emit(name, event);
      expect(event.prevented).toBe(true);
    },
  );

  it('opens no window, and hands only links of the short list to the browser', () => {
    const contents = new FakeContents();
    const opened: string[] = [];
    guardContents(contents, shellThat(opened));
    expect(contents.open?.({ url: 'https://arxiv.org/abs/2605.08119' })).toEqual({ action: 'deny' });
    expect(contents.open?.({ url: 'https://example.com/' })).toEqual({ action: 'deny' });
    expect(contents.open?.({ url: 'app://grokscope/' })).toEqual({ action: 'deny' });
    expect(opened).toEqual(['https://arxiv.org/abs/2605.08119']);
  });
});

describe('a link', () => {
  it.each(['https://arxiv.org/abs/2605.08119', 'https://doi.org/10.1000/182'])('%s is opened', (url) => {
    const opened: string[] = [];
    expect(openLink(shellThat(opened), url)).toBe(true);
    expect(opened).toEqual([url]);
  });

  it.each([
    'http://arxiv.org/abs/2605.08119',
    'https://arxiv.org.evil.example/',
    'https://evil.example/https://arxiv.org/',
    'https://arxiv.org@evil.example/',
    'https://user:password@arxiv.org/',
    'https://arxiv.org:8443/',
    'https://sub.arxiv.org/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://arxiv.org/share',
    'arxiv.org',
    '',
  ])('%s is not', (url) => {
    const opened: string[] = [];
    expect(openLink(shellThat(opened), url)).toBe(false);
    expect(opened).toEqual([]);
  });
});

describe('the session', () => {
  const session = new FakeSession();
  guardSession(session);

  it('denies every permission that is checked for', () => {
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'hid'] as const) {
      expect(session.onCheck?.(null, permission, 'app://grokscope', { isMainFrame: true })).toBe(false);
    }
  });

  it('denies every permission that is asked for, by answering', () => {
    // The handler ignores who asks and for what; the fake leaves them out by calling it through its own arity.
    const answers: boolean[] = [];
    const ask: unknown = session.onRequest;
    if (typeof ask !== 'function') throw new Error('no handler was set');
    ask(null, 'media', (granted: boolean) => answers.push(granted));
    ask(null, 'openExternal', (granted: boolean) => answers.push(granted));
    expect(answers).toEqual([false, false]);
  });

  it('denies every device', () => {
    const ask: unknown = session.onDevice;
    if (typeof ask !== 'function') throw new Error('no handler was set');
    expect(ask({ deviceType: 'hid', origin: 'app://grokscope' })).toBe(false);
  });

  it('lets no request leave this machine', () => {
    for (const url of ['app://grokscope/index.html', 'data:image/png;base64,AA', 'blob:app://grokscope/1']) {
      expect(session.lets(url)).toBe(true);
    }
    for (const url of [
      'https://example.com/',
      'http://127.0.0.1:8080/',
      'ws://127.0.0.1/',
      'file:///etc/passwd',
      'ftp://example.com/',
      'apple://x',
    ]) {
      expect(session.lets(url)).toBe(false);
    }
  });
});

const ours = (id: number): boolean => id === 7;

describe('a message is heard only', () => {
  const top = { url: 'app://grokscope/#/study/3', parent: null };

  it('from the page we loaded, in the top frame of our window', () => {
    expect(isOurFrame({ id: 7 }, top, ours)).toBe(true);
  });

  it.each([
    ['no frame', { id: 7 }, null],
    ['another window', { id: 8 }, top],
    ['a frame inside the page', { id: 7 }, { ...top, parent: {} }],
    ['another host', { id: 7 }, { url: 'app://elsewhere/', parent: null }],
    ['another scheme', { id: 7 }, { url: 'https://grokscope/', parent: null }],
    ['a longer name', { id: 7 }, { url: 'app://grokscope.evil/', parent: null }],
    ['a file', { id: 7 }, { url: 'file:///app/grokscope/index.html', parent: null }],
    ['an empty page', { id: 7 }, { url: '', parent: null }],
  ])('not from %s', (_name, sender, frame) => {
    expect(isOurFrame(sender, frame, ours)).toBe(false);
  });
});
