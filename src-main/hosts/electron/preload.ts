// Runs sandboxed before the page, with Electron's own modules and nothing of Node.
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { IpcRendererEvent } from 'electron';
import { exposeBridge } from './preload-bridge.ts';
import type { PreloadParts } from './preload-bridge.ts';

declare const window: PreloadParts<IpcRendererEvent['ports'][number]>['page'];

exposeBridge({ contextBridge, ipcRenderer, webUtils, page: window });
