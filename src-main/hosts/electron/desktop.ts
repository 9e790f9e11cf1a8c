import type { Core } from '../../core/core.ts';
import { appScheme, appSchemePrivileges, createAppHandler } from './app-protocol.ts';
import { chooseFiles } from './choose-files.ts';
import { openWindow, raiseWindow } from './desktop-window.ts';
import type { DesktopElectron, DesktopWindow, HostPort } from './electron-parts.ts';
import { guardContents, guardSession, openLink } from './guard-contents.ts';
import type { OpenedFile, WindowMessage } from '#shared/desktop/messages.ts';
import { holdLab } from './lab-holder.ts';
import type { OpenLab } from './lab-holder.ts';
import { menuTemplate } from './menu.ts';
import type { MenuAction } from './menu.ts';
import { filesOfArguments, isLab, readUserFile, sentenceOf } from './open-files.ts';
import type { UserFile } from './open-files.ts';
import { linkWindow } from './window-link.ts';

const appId = 'org.grokscope.Grokscope';
const paper = 'https://arxiv.org/abs/2605.08119';

export interface DesktopParts<Port extends HostPort> {
  readonly electron: DesktopElectron<Port>;
  readonly platform: NodeJS.Platform;
  /** The whole command line, and the folder its paths are relative to. */
  readonly argv: readonly string[];
  readonly folder: string;
  /** Opened when no lab is named. */
  readonly defaultLab: string;
  /** The built preload script and the folder of the built window. */
  readonly preload: string;
  readonly renderer: string;
  readonly openLab: OpenLab;
  /** Serves the contract of a lab on a port, starting it. */
  serve(core: Core, port: Port): void;
}

/** Runs the desktop application: one lab, one window, until it is quit. Resolves once the window is open, or quitting was asked for. */
export async function startDesktop<Port extends HostPort>(parts: DesktopParts<Port>): Promise<void> {
  const { electron, platform } = parts;
  const { app, dialog } = electron;
  // Too late after `ready`, like the single instance's lock.
  electron.protocol.registerSchemesAsPrivileged([appSchemePrivileges]);
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.setAppUserModelId(appId);

  const lab = holdLab(parts.openLab, dialog, electron.powerSaveBlocker);
  let window: DesktopWindow | null = null;
  let ready = false;
  let quitting: 'no' | 'closing the lab' | 'now' = 'no';
  /** Files that came before there was a lab to open them in. */
  const early: string[] = filesOfArguments(parts.argv, parts.folder);

  const link = linkWindow<Port>({
    electron,
    ours: (contentsId) => window?.webContents.id === contentsId,
    serve: (port) => {
      const core = lab.core();
      if (core) parts.serve(core, port);
    },
    hear,
  });

  function hear(message: WindowMessage): void {
    switch (message.type) {
      case 'choose':
        void chooseFiles(dialog, message.dialog, message.suggestedName).then((paths) =>
          link.send({ type: 'chosen', id: message.id, paths }),
        );
        return;
      case 'dropped':
        void openFiles(message.paths);
        return;
      case 'open-link':
        openLink(electron.shell, message.url);
        return;
    }
  }

  function perform(action: MenuAction): void {
    if (action.to === 'window') {
      showWindow();
      link.send({ type: 'command', command: action.command });
    } else if (action.command === 'paper') {
      openLink(electron.shell, paper);
    } else {
      void chooseFiles(dialog, action.command, '').then(openFiles);
    }
  }

  function showWindow(): void {
    if (window !== null) {
      raiseWindow(window);
      return;
    }
    const opened = openWindow(electron, parts.preload);
    window = opened;
    opened.on('closed', () => {
      window = null;
      link.drop();
    });
  }

  async function openFiles(paths: readonly string[]): Promise<void> {
    if (!ready) {
      early.push(...paths);
      return;
    }
    const files = paths.flatMap(readOrExplain);
    for (const file of files) if (file.kind === 'lab') await openLabFile(file.path);
    handOver(files.filter((file) => file.kind !== 'lab'));
    if (quitting === 'no') showWindow();
  }

  function readOrExplain(file: string): UserFile[] {
    try {
      return [readUserFile(file)];
    } catch (error) {
      dialog.showErrorBox('The file cannot be opened', sentenceOf(error));
      return [];
    }
  }

  function handOver(files: readonly OpenedFile[]): void {
    if (files.length > 0) link.send({ type: 'opened', files });
  }

  async function openLabFile(file: string): Promise<void> {
    if (lab.core()?.info().path === file) return;
    const { response } = await dialog.showMessageBox({
      type: 'question',
      message: `Open ${file}?`,
      detail:
        'The lab that is open now is closed; what is training there stops, and goes on when it is opened again.',
      buttons: ['Open', 'Import Into This Lab', 'Cancel'],
      defaultId: 0,
      cancelId: 2,
    });
    if (response === 1) handOver([{ kind: 'import-lab', path: file }]);
    if (response !== 0) return;
    link.drop();
    await lab.open(file);
    // The page is the old lab's; loaded again it asks for new ports.
    window?.webContents.reload();
  }

  async function closeAndQuit(): Promise<void> {
    try {
      await lab.close();
    } catch (error) {
      dialog.showErrorBox('The lab could not be closed properly', sentenceOf(error));
    }
    quitting = 'now';
    app.quit();
  }

  app.on('second-instance', (_event, argv, folder) => void openFiles(filesOfArguments(argv, folder)));
  app.on('open-file', (event, file) => {
    event.preventDefault();
    void openFiles([file]);
  });
  app.on('web-contents-created', (_event, contents) => guardContents(contents, electron.shell));
  app.on('window-all-closed', () => {
    // On a Mac a program without a window goes on, and so does its training.
    if (platform !== 'darwin') app.quit();
  });
  app.on('activate', () => {
    if (ready) showWindow();
  });
  app.on('before-quit', (event) => {
    if (quitting === 'now') return;
    event.preventDefault();
    if (quitting === 'no') {
      quitting = 'closing the lab';
      void closeAndQuit();
    }
  });

  await app.whenReady();
  guardSession(electron.session());
  electron.protocol.handle(appScheme, createAppHandler(parts.renderer));
  const firstLab = early.find(isLab);
  if (!(await lab.open(firstLab ?? parts.defaultLab))) {
    app.exit(1);
    return;
  }
  electron.setMenu(menuTemplate(platform, perform));
  ready = true;
  showWindow();
  const rest = early.filter((file) => file !== firstLab);
  if (rest.length > 0) await openFiles(rest);
}
