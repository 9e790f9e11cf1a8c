import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { LabEvent } from '#shared/models/lab.ts';
import { createRouter } from '#main/contract/router.ts';
import { serveMessagePort } from '#main/contract/serve-message-port.ts';
import type { Core } from '#main/core/core.ts';
import { startDesktop } from '#main/hosts/electron/desktop.ts';
import { problem } from '#shared/models/problem.ts';
import { fakeCore } from '../../../contract/fake-core.ts';
import { FakeElectron } from './fake-electron.ts';
import type { FakePort } from './fake-electron.ts';

/** A lab that the desktop opened: what it hears, and when its closing ends, are the test's to say. */
export interface OpenedLab {
  readonly file: string;
  readonly readOnly: boolean;
  readonly core: Core;
  emit(event: LabEvent): void;
  listeners: number;
  state: 'open' | 'closing' | 'closed';
  /** Lets `close` end, well or not. */
  commit(error?: Error): void;
}

function openedLab(file: string, readOnly: boolean, commitsAtOnce: boolean): OpenedLab {
  const heard = new Set<(event: LabEvent) => void>();
  const pending: { end?: (error?: Error) => void } = {};
  const base = fakeCore();
  const lab: OpenedLab = {
    file,
    readOnly,
    listeners: 0,
    state: 'open',
    emit: (event) => {
      for (const listener of heard) listener(event);
    },
    commit: (error) => pending.end?.(error),
    core: {
      ...base,
      info: () => ({ ...base.info(), path: file, readOnly }),
      subscribe(listener) {
        heard.add(listener);
        lab.listeners = heard.size;
        return () => {
          heard.delete(listener);
          lab.listeners = heard.size;
        };
      },
      close: () =>
        new Promise((resolve, reject) => {
          lab.state = 'closing';
          const end = (error?: Error): void => {
            lab.state = 'closed';
            if (error) reject(error);
            else resolve();
          };
          pending.end = end;
          if (commitsAtOnce) end();
        }),
    },
  };
  return lab;
}

export interface DesktopOptions {
  readonly argv?: readonly string[];
  readonly platform?: NodeJS.Platform;
  /** Labs another program is writing, and labs that cannot be opened at all. */
  readonly locked?: readonly string[];
  readonly damaged?: readonly string[];
  readonly commitsAtOnce?: boolean;
}

/** A desktop over a fake Electron in a folder of its own; `ready` makes Electron ready and waits until the desktop is up. */
export function setUpDesktop(options: DesktopOptions = {}) {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'grokscope-desktop-')));
  const electron = new FakeElectron(folder);
  const labs: OpenedLab[] = [];
  const bugs: unknown[] = [];
  const defaultLab = path.join(folder, 'history.lab');

  function openLab(file: string, { readOnly }: { readonly readOnly: boolean }): Core {
    const name = path.basename(file);
    if (options.damaged?.includes(name)) throw problem('lab-damaged', `${file} is damaged; try lab repair.`);
    if (options.locked?.includes(name) && !readOnly)
      throw problem('lab-locked', `${file} is open in process 12.`);
    const lab = openedLab(file, readOnly, options.commitsAtOnce ?? true);
    labs.push(lab);
    return lab.core;
  }

  const start = (): Promise<void> =>
    startDesktop<FakePort>({
      electron,
      platform: options.platform ?? 'linux',
      argv: options.argv ?? [],
      folder,
      defaultLab,
      preload: '/app/dist/main/preload.cjs',
      renderer: folder,
      openLab,
      serve: (core, port) => serveMessagePort(createRouter(core), port, (error) => bugs.push(error)),
    });

  return {
    folder,
    electron,
    labs,
    bugs,
    defaultLab,
    at: (name: string): string => path.join(folder, name),
    start,
    async ready(): Promise<void> {
      const started = start();
      electron.app.makeReady();
      await started;
    },
    /** The page in the newest window asks for its ports. */
    connect(): { contract: FakePort; desktop: FakePort; heard: unknown[] } {
      const window = electron.windows[electron.windows.length - 1];
      const given = electron.ipc('grokscope:connect', {
        url: 'app://grokscope/',
        contentsId: window.webContents.id,
      });
      const [[contract, desktop]] = given;
      const heard: unknown[] = [];
      desktop.on('message', ({ data }: { data: unknown }) => heard.push(data));
      desktop.start();
      return { contract, desktop, heard };
    },
    remove: (): void => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Lets what was asked of promises happen. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
