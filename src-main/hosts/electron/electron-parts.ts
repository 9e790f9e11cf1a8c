import type {
  App,
  BrowserWindowConstructorOptions,
  Dialog,
  MenuItemConstructorOptions,
  MessageBoxOptions,
  MessageBoxReturnValue,
  OpenDialogOptions,
  OpenDialogReturnValue,
  PowerSaveBlocker,
  Protocol,
  Rectangle,
  SaveDialogOptions,
  SaveDialogReturnValue,
  Session,
  Shell,
} from 'electron';

// What the host uses of Electron, and nothing else: `main.ts` passes the real objects, tests pass small ones of the same types.
// Where Electron overloads a method fifty times (`on`), only the overloads in use are written out.

export interface Preventable {
  preventDefault(): void;
}

export interface DesktopApp extends Pick<
  App,
  'exit' | 'getPath' | 'quit' | 'requestSingleInstanceLock' | 'setAppUserModelId' | 'whenReady'
> {
  on(
    event: 'second-instance',
    listener: (event: Preventable, argv: string[], folder: string) => void,
  ): unknown;
  on(event: 'open-file', listener: (event: Preventable, file: string) => void): unknown;
  on(event: 'before-quit', listener: (event: Preventable) => void): unknown;
  on(event: 'window-all-closed', listener: () => void): unknown;
  on(event: 'activate', listener: () => void): unknown;
  on(
    event: 'web-contents-created',
    listener: (event: Preventable, contents: GuardedContents) => void,
  ): unknown;
}

/** Any web contents, wanted or not: where it may go is decided in `guard-contents.ts`. */
export interface GuardedContents {
  on(event: 'will-navigate', listener: (event: Preventable) => void): unknown;
  on(event: 'will-frame-navigate', listener: (event: Preventable) => void): unknown;
  on(event: 'will-redirect', listener: (event: Preventable) => void): unknown;
  on(event: 'will-attach-webview', listener: (event: Preventable) => void): unknown;
  setWindowOpenHandler(handler: (details: { readonly url: string }) => { action: 'deny' }): void;
}

export interface DesktopWindow {
  readonly webContents: { readonly id: number; reload(): void };
  loadURL(url: string): Promise<void>;
  show(): void;
  focus(): void;
  restore(): void;
  isMinimized(): boolean;
  isMaximized(): boolean;
  isDestroyed(): boolean;
  maximize(): void;
  getNormalBounds(): Rectangle;
  on(event: 'resize', listener: () => void): unknown;
  on(event: 'move', listener: () => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  on(event: 'closed', listener: () => void): unknown;
  once(event: 'ready-to-show', listener: () => void): unknown;
}

export interface HostPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
}

export interface SenderFrame {
  readonly url: string;
  readonly parent: object | null;
}

export interface IpcEvent<Port> {
  readonly sender: { readonly id: number };
  readonly senderFrame:
    (SenderFrame & { postMessage(channel: string, message: unknown, transfer?: Port[]): void }) | null;
}

/** `Port` is `MessagePortMain`; tests use the ports of node:worker_threads. */
export interface DesktopElectron<Port extends HostPort> {
  readonly app: DesktopApp;
  readonly protocol: Pick<Protocol, 'registerSchemesAsPrivileged' | 'handle'>;
  readonly ipcMain: { on(channel: string, listener: (event: IpcEvent<Port>) => void): unknown };
  readonly powerSaveBlocker: Pick<PowerSaveBlocker, 'start' | 'stop'>;
  readonly shell: Pick<Shell, 'openExternal'>;
  readonly dialog: DesktopDialog;
  /** There is no session before `ready`. */
  session(): DesktopSession;
  /** Work areas of the displays, the primary one first. */
  workAreas(): Rectangle[];
  createWindow(options: BrowserWindowConstructorOptions): DesktopWindow;
  createChannel(): { readonly port1: Port; readonly port2: Port };
  setMenu(template: MenuItemConstructorOptions[]): void;
}

export interface DesktopDialog extends Pick<Dialog, 'showErrorBox'> {
  showOpenDialog(options: OpenDialogOptions): Promise<OpenDialogReturnValue>;
  showSaveDialog(options: SaveDialogOptions): Promise<SaveDialogReturnValue>;
  showMessageBox(options: MessageBoxOptions): Promise<MessageBoxReturnValue>;
}

export interface DesktopSession extends Pick<
  Session,
  'setPermissionCheckHandler' | 'setPermissionRequestHandler' | 'setDevicePermissionHandler'
> {
  readonly webRequest: {
    onBeforeRequest(
      listener: (
        details: { readonly url: string },
        callback: (response: { readonly cancel: boolean }) => void,
      ) => void,
    ): void;
  };
}
