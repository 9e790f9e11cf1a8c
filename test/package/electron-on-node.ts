// Takes Electron's place for the packed main process, on Node: real ports, real trainer processes, no window. What is not needed to start,
// answer, train and quit is not here, and whatever else the program calls fails by its name.
import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';

class Application extends EventEmitter {
  makeReady: () => void = () => undefined;
  readonly #ready = new Promise<void>((resolve) => {
    this.makeReady = resolve;
  });
  requestSingleInstanceLock(): boolean {
    return true;
  }
  setAppUserModelId(): void {}
  getPath(): string {
    return process.cwd();
  }
  whenReady(): Promise<void> {
    return this.#ready;
  }
  quit(): void {
    let prevented = false;
    this.emit('before-quit', { preventDefault: () => (prevented = true) });
    if (!prevented) process.exit(0);
  }
  exit(code: number): void {
    process.exit(code);
  }
}

/** MessagePortMain: messages come wrapped in an event, and not before `start`. */
class PortMain extends EventEmitter {
  readonly port: MessagePort;
  constructor(port: MessagePort) {
    super();
    this.port = port;
    port.on('close', () => this.emit('close'));
  }
  start(): void {
    this.port.on('message', (data) => this.emit('message', { data }));
  }
  postMessage(message: unknown): void {
    const { port } = this;
    port.postMessage(message);
  }
  close(): void {
    this.port.close();
  }
}

export class MessageChannelMain {
  readonly port1: PortMain;
  readonly port2: PortMain;
  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new PortMain(port1);
    this.port2 = new PortMain(port2);
  }
}

export class BrowserWindow extends EventEmitter {
  readonly webContents = { id: 1, reload: () => undefined };
  readonly options: object;
  constructor(options: object) {
    super();
    this.options = options;
    shown.push(this);
  }
  loadURL(): Promise<void> {
    return Promise.resolve();
  }
  isDestroyed(): boolean {
    return false;
  }
}
export const shown: BrowserWindow[] = [];

type AppHandler = (request: { readonly url: string; readonly method: string }) => Promise<Response>;
export const handlers = new Map<string, AppHandler>();
export const app = new Application();
export const ipcMain = new EventEmitter();
export const protocol = {
  registerSchemesAsPrivileged: (): void => undefined,
  handle: (scheme: string, handler: AppHandler): void => void handlers.set(scheme, handler),
};
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (): void => undefined,
    setPermissionCheckHandler: (): void => undefined,
    setDevicePermissionHandler: (): void => undefined,
    webRequest: { onBeforeRequest: (): void => undefined },
  },
};
export const screen = {
  getPrimaryDisplay: () => ({ id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1080 } }),
  getAllDisplays: () => [screen.getPrimaryDisplay()],
};
export const powerSave = { starts: 0, held: 0 };
export const powerSaveBlocker = {
  start: (): number => {
    powerSave.held++;
    return ++powerSave.starts;
  },
  stop: (): boolean => powerSave.held-- > 0,
};
export const Menu = {
  buildFromTemplate: (template: object) => template,
  setApplicationMenu: (): void => undefined,
};
export const shell = {};
export const dialog = {
  showErrorBox: (title: string, content: string): void => void process.stderr.write(`${title}: ${content}\n`),
};

/** A utility process: a forked one that finds `process.parentPort` instead of `process.send`. */
export const utilityProcess = {
  fork(entry: string, args: string[], options: { readonly env?: NodeJS.ProcessEnv }): EventEmitter {
    const child = fork(entry, args, {
      execArgv: ['--import', path.join(import.meta.dirname, 'parent-port-on-node.ts')],
      serialization: 'advanced',
      env: options.env,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const emitter = new EventEmitter();
    child.on('message', (message) => emitter.emit('message', message));
    child.on('exit', (code, signal) => emitter.emit('exit', code ?? (signal ? 128 : 0)));
    return Object.assign(emitter, {
      pid: child.pid,
      stderr: child.stderr,
      postMessage: (message: object) => child.send(message),
      kill: () => child.kill(),
    });
  },
};
