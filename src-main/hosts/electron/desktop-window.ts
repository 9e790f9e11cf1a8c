import path from 'node:path';
import { appOrigin } from './app-protocol.ts';
import type { DesktopElectron, DesktopWindow, HostPort } from './electron-parts.ts';
import { securePreferences } from './guard-contents.ts';
import { keepWindowState, placeWindow, readWindowState, smallest } from './window-state.ts';

/** Opens the window where the last session left it, on `app://`, and shows it once it has something to show. */
export function openWindow<Port extends HostPort>(
  electron: Pick<DesktopElectron<Port>, 'app' | 'workAreas' | 'createWindow'>,
  preload: string,
): DesktopWindow {
  const stateFile = path.join(electron.app.getPath('userData'), 'window.json');
  const { bounds, maximized } = placeWindow(readWindowState(stateFile), electron.workAreas());
  const window = electron.createWindow({
    ...bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    title: 'Grokscope',
    show: false,
    webPreferences: securePreferences(preload),
  });
  keepWindowState(window, stateFile);
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  void window.loadURL(`${appOrigin}/`);
  return window;
}

/** Brings a window to the front, from wherever it is. */
export function raiseWindow(window: DesktopWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
