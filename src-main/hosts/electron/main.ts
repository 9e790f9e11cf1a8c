// The desktop application's first file: it passes Electron's own objects and the built files' places to `desktop.ts`.
import os from 'node:os';
import path from 'node:path';
import {
  BrowserWindow,
  Menu,
  MessageChannelMain,
  app,
  dialog,
  ipcMain,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  shell,
  utilityProcess,
} from 'electron';
import { createRouter } from '../../contract/router.ts';
import { serveMessagePort } from '../../contract/serve-message-port.ts';
import { createCore } from '../../core/create-core.ts';
import type { LocalCore } from '../../core/create-core.ts';
import { openLabStore } from '../../store/lab-store.ts';
import { defaultLabPath } from '../../store/location.ts';
import { fetchTensorFlow, fetchingNode } from '../fetch-tensorflow.ts';
import { startDesktop } from './desktop.ts';
import { createUtilityTrainers } from './utility-trainers.ts';

// This file is bundled to dist/main/main.js (bundle.ts): what is beside it there is found from there.
const built = import.meta.dirname;

const trainers = createUtilityTrainers({
  fork: (entry, args, options) => utilityProcess.fork(entry, args, options),
  entry: path.join(built, 'trainer.js'),
  environment: process.env,
  killHard: (pid) => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended in the meantime.
    }
  },
});

function reportBug(error: unknown): void {
  console.error(error);
}

/** The one that is open. */
let core: LocalCore | null = null;

function openLab(file: string, { readOnly }: { readonly readOnly: boolean }): LocalCore {
  const opened = createCore({
    store: openLabStore(file, { readOnly, program: 'the Grokscope window' }),
    trainers,
    onBug: reportBug,
  });
  // What an earlier session left training goes on.
  if (!readOnly) opened.recover().catch(reportBug);
  core = opened;
  return opened;
}

const node = process.env[fetchingNode];
if (node !== undefined) {
  // It ends with this process.
  fetchTensorFlow({
    root: path.join(built, '..', '..'),
    node,
    tell({ level, message, came }) {
      if (came) core?.engineCame();
      core?.notice(level, message);
    },
  });
}

// Not awaited: Electron is not ready before this module is, and `startDesktop` waits for `ready`.
startDesktop({
  electron: {
    app,
    protocol,
    ipcMain,
    powerSaveBlocker,
    shell,
    dialog,
    session: () => session.defaultSession,
    workAreas: () => {
      const primary = screen.getPrimaryDisplay();
      const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
      return [primary, ...others].map(({ workArea }) => workArea);
    },
    createWindow: (options) => new BrowserWindow(options),
    createChannel: () => new MessageChannelMain(),
    setMenu: (template) => Menu.setApplicationMenu(Menu.buildFromTemplate(template)),
  },
  platform: process.platform,
  // The first is the program itself.
  argv: process.argv.slice(1),
  folder: process.cwd(),
  defaultLab: defaultLabPath(process.env, process.platform, os.homedir()),
  preload: path.join(built, 'preload.cjs'),
  renderer: path.join(built, '..', 'renderer'),
  openLab,
  serve: (core, port) => serveMessagePort(createRouter(core), port, reportBug),
}).catch((error: unknown) => {
  reportBug(error);
  app.exit(1);
});
