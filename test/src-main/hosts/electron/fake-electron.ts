import { EventEmitter } from 'node:events';
import type {
  BrowserWindowConstructorOptions,
  CustomScheme,
  MenuItemConstructorOptions,
  MessageBoxOptions,
  OpenDialogOptions,
  Rectangle,
  SaveDialogOptions,
} from 'electron';
import type {
  DesktopApp,
  DesktopElectron,
  DesktopSession,
  DesktopWindow,
  HostPort,
  IpcEvent,
} from '#main/hosts/electron/electron-parts.ts';

// Electron as far as the desktop host knows it, typed as the host types it: what does not fit the real objects does not fit these.

/** One end of a channel: like MessagePortMain it queues until `start`, copies what is sent, and says when the other end closed. */
export class FakePort extends EventEmitter implements HostPort {
  other: FakePort | null = null;
  closed = false;
  #started = false;
  #queue: unknown[] = [];

  start(): void {
    this.#started = true;
    const queue = this.#queue;
    this.#queue = [];
    for (const data of queue) this.emit('message', { data });
  }

  postMessage(message: unknown): void {
    if (this.closed) return;
    this.other?.receive(structuredClone(message));
  }

  receive(data: unknown): void {
    if (this.#started) this.emit('message', { data });
    else this.#queue.push(data);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.emit('close');
    this.other?.close();
  }
}

export function fakeChannel(): { port1: FakePort; port2: FakePort } {
  const port1 = new FakePort();
  const port2 = new FakePort();
  port1.other = port2;
  port2.other = port1;
  return { port1, port2 };
}

/** An event that remembers whether its default was prevented. */
export class FakeEvent {
  prevented = false;
  preventDefault(): void {
    this.prevented = true;
  }
}

export class FakeApp extends EventEmitter implements DesktopApp {
  readonly calls: string[] = [];
  readonly userData: string;
  firstInstance = true;
  makeReady: () => void = () => undefined;
  readonly #ready = new Promise<void>((resolve) => {
    this.makeReady = resolve;
  });

  constructor(userData: string) {
    super();
    this.userData = userData;
  }

  requestSingleInstanceLock(): boolean {
    return this.firstInstance;
  }
  whenReady(): Promise<void> {
    return this.#ready;
  }
  getPath(): string {
    return this.userData;
  }
  setAppUserModelId(id: string): void {
    this.calls.push(`id ${id}`);
  }
  /** As Electron does: asks first, and ends unless that was prevented. */
  quit(): void {
    const event = new FakeEvent();
    this.emit('before-quit', event);
    this.calls.push(event.prevented ? 'quit prevented' : 'quit');
  }
  exit(code?: number): void {
    this.calls.push(`exit ${code}`);
  }
}

export class FakeWindow extends EventEmitter implements DesktopWindow {
  readonly webContents: { readonly id: number; reload(): void };
  readonly options: BrowserWindowConstructorOptions;
  readonly calls: string[] = [];
  bounds: Rectangle;
  minimized = false;
  maximized = false;
  destroyed = false;

  constructor(id: number, options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    this.webContents = { id, reload: () => void this.calls.push('reload') };
    this.bounds = {
      x: options.x ?? 0,
      y: options.y ?? 0,
      width: options.width ?? 0,
      height: options.height ?? 0,
    };
  }

  loadURL(url: string): Promise<void> {
    this.calls.push(`load ${url}`);
    return Promise.resolve();
  }
  show(): void {
    this.calls.push('show');
  }
  focus(): void {
    this.calls.push('focus');
  }
  restore(): void {
    this.calls.push('restore');
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  maximize(): void {
    this.maximized = true;
  }
  getNormalBounds(): Rectangle {
    return this.bounds;
  }
}

type RequestHandler = Parameters<DesktopElectron<FakePort>['protocol']['handle']>[1];
type RequestListener = Parameters<DesktopSession['webRequest']['onBeforeRequest']>[0];

/** A session that keeps the guards it is given. */
export class FakeSession implements DesktopSession {
  onRequest: Parameters<DesktopSession['setPermissionRequestHandler']>[0] = null;
  onCheck: Parameters<DesktopSession['setPermissionCheckHandler']>[0] = null;
  onDevice: Parameters<DesktopSession['setDevicePermissionHandler']>[0] = null;
  onFetch: RequestListener | null = null;

  readonly webRequest = {
    onBeforeRequest: (listener: RequestListener): void => {
      this.onFetch = listener;
    },
  };
  setPermissionRequestHandler(handler: FakeSession['onRequest']): void {
    this.onRequest = handler;
  }
  setPermissionCheckHandler(handler: FakeSession['onCheck']): void {
    this.onCheck = handler;
  }
  setDevicePermissionHandler(handler: FakeSession['onDevice']): void {
    this.onDevice = handler;
  }

  /** Whether a request for an address would leave. */
  lets(url: string): boolean {
    let cancelled = false;
    this.onFetch?.({ url }, ({ cancel }) => {
      cancelled = cancel;
    });
    return !cancelled;
  }
}

/** Answers of the user, taken in turn; asking more than there are is an error. */
export class FakeDialog {
  readonly errors: string[] = [];
  readonly asked: (MessageBoxOptions | OpenDialogOptions | SaveDialogOptions)[] = [];
  responses: number[] = [];
  chosen: string[] = [];

  showErrorBox(title: string, content: string): void {
    this.errors.push(`${title}: ${content}`);
  }
  showMessageBox(options: MessageBoxOptions): Promise<{ response: number; checkboxChecked: boolean }> {
    this.asked.push(options);
    const response = this.responses.shift();
    if (response === undefined) throw new Error(`unexpected question: ${options.message}`);
    return Promise.resolve({ response, checkboxChecked: false });
  }
  showOpenDialog(options: OpenDialogOptions): Promise<{ canceled: boolean; filePaths: string[] }> {
    this.asked.push(options);
    return Promise.resolve({ canceled: this.chosen.length === 0, filePaths: this.chosen });
  }
  showSaveDialog(options: SaveDialogOptions): Promise<{ canceled: boolean; filePath: string }> {
    this.asked.push(options);
    return Promise.resolve({ canceled: this.chosen.length === 0, filePath: this.chosen[0] ?? '' });
  }
}

export class FakePowerSave {
  readonly held = new Set<number>();
  readonly started: string[] = [];
  #next = 1;
  start(type: string): number {
    this.started.push(type);
    this.held.add(this.#next);
    return this.#next++;
  }
  stop(id: number): boolean {
    return this.held.delete(id);
  }
}

export class FakeElectron implements DesktopElectron<FakePort> {
  readonly app: FakeApp;
  readonly dialog = new FakeDialog();
  readonly powerSaveBlocker = new FakePowerSave();
  readonly opened: string[] = [];
  readonly windows: FakeWindow[] = [];
  readonly schemes: CustomScheme[] = [];
  readonly handlers = new Map<string, RequestHandler>();
  readonly guarded = new FakeSession();
  readonly #ipc = new EventEmitter();
  menu: MenuItemConstructorOptions[] = [];
  areas: Rectangle[] = [{ x: 0, y: 0, width: 1920, height: 1040 }];

  constructor(userData: string) {
    this.app = new FakeApp(userData);
  }

  readonly shell = {
    openExternal: (url: string): Promise<void> => {
      this.opened.push(url);
      return Promise.resolve();
    },
  };
  readonly protocol = {
    registerSchemesAsPrivileged: (schemes: CustomScheme[]): void => void this.schemes.push(...schemes),
    handle: (scheme: string, handler: RequestHandler): void => void this.handlers.set(scheme, handler),
  };
  readonly ipcMain = {
    on: (channel: string, listener: (event: IpcEvent<FakePort>) => void): void =>
      void this.#ipc.on(channel, listener),
  };
  session(): DesktopSession {
    return this.guarded;
  }
  workAreas(): Rectangle[] {
    return this.areas;
  }
  createWindow(options: BrowserWindowConstructorOptions): FakeWindow {
    const window = new FakeWindow(100 + this.windows.length, options);
    this.windows.push(window);
    return window;
  }
  createChannel(): { port1: FakePort; port2: FakePort } {
    return fakeChannel();
  }
  setMenu(template: MenuItemConstructorOptions[]): void {
    this.menu = template;
  }

  /** A page sends a message on an ipc channel. @returns the ports it was given, once for each answer */
  ipc(channel: string, from: { url: string; parent?: object; contentsId: number } | null): FakePort[][] {
    const given: FakePort[][] = [];
    this.#ipc.emit(channel, {
      sender: { id: from?.contentsId ?? 100 },
      senderFrame:
        from === null
          ? null
          : {
              url: from.url,
              parent: from.parent ?? null,
              postMessage: (_channel: string, _message: unknown, transfer: FakePort[]) =>
                given.push(transfer),
            },
    });
    return given;
  }
}
