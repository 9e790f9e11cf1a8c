import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { exposeBridge } from '#main/hosts/electron/preload-bridge.ts';

class FakeIpc extends EventEmitter {
  readonly sent: unknown[][] = [];
  send(...message: unknown[]): void {
    this.sent.push(message);
  }
}

function load() {
  const exposed = new Map<string, unknown>();
  const posted: unknown[][] = [];
  const ipcRenderer = new FakeIpc();
  exposeBridge<string>({
    contextBridge: { exposeInMainWorld: (name: string, api: unknown) => void exposed.set(name, api) },
    ipcRenderer,
    webUtils: { getPathForFile: (file) => `/home/ann/${file.name}` },
    page: {
      location: { origin: 'app://grokscope' },
      postMessage: (...message) => void posted.push(message),
    },
  });
  const api = exposed.get('grokscope');
  if (typeof api !== 'object' || api === null) throw new Error('nothing was exposed');
  return { exposed, posted, ipcRenderer, api };
}

describe('preload', () => {
  it('puts exactly two functions on the page, and nothing else', () => {
    const { exposed, api } = load();
    expect([...exposed.keys()]).toEqual(['grokscope']);
    expect(Object.keys(api).toSorted()).toEqual(['connect', 'pathForFile']);
    expect(Object.values(api).every((value) => typeof value === 'function')).toBe(true);
  });

  it('lets the page ask for its ports, and say nothing more', () => {
    const { api, ipcRenderer } = load();
    const connect: unknown = Reflect.get(api, 'connect');
    if (typeof connect !== 'function') throw new Error('connect is no function');
    connect('anything', { else: true });
    expect(ipcRenderer.sent).toEqual([['grokscope:connect']]);
  });

  it('posts the ports to its own origin alone', () => {
    const { ipcRenderer, posted } = load();
    ipcRenderer.emit('grokscope:ports', { ports: ['contract', 'desktop'], sender: 'never handed on' });
    expect(posted).toEqual([['grokscope:ports', 'app://grokscope', ['contract', 'desktop']]]);
  });

  it('knows where a dropped file lies', () => {
    const { api } = load();
    const pathForFile: unknown = Reflect.get(api, 'pathForFile');
    if (typeof pathForFile !== 'function') throw new Error('pathForFile is no function');
    expect(pathForFile(new File([], 'eta.yaml'))).toBe('/home/ann/eta.yaml');
  });
});
