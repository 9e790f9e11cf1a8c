import type { ContextBridge, IpcRenderer, WebUtils } from 'electron';
import { bridgeName, connectChannel, portsMessage } from '#shared/desktop/channels.ts';

/** All that the page gets of Electron. */
export interface Bridge {
  /** Asks for the page's two ports; they come as a `message` event on `window` whose data is `portsMessage`. */
  connect(): void;
  /** Where a dropped file lies; empty for a file that was made in the page. */
  pathForFile(file: File): string;
}

export interface PreloadParts<Port> {
  readonly contextBridge: Pick<ContextBridge, 'exposeInMainWorld'>;
  readonly ipcRenderer: {
    send: IpcRenderer['send'];
    on(channel: string, listener: (event: { readonly ports: readonly Port[] }) => void): unknown;
  };
  readonly webUtils: Pick<WebUtils, 'getPathForFile'>;
  readonly page: {
    readonly location: { readonly origin: string };
    postMessage(message: string, targetOrigin: string, transfer: Port[]): void;
  };
}

/** Puts the bridge's two functions on the page, and hands on the ports. `ipcRenderer` itself never leaves this function. */
export function exposeBridge<Port>({ contextBridge, ipcRenderer, webUtils, page }: PreloadParts<Port>): void {
  // A port cannot be returned through the bridge; it can be posted to the page.
  ipcRenderer.on(portsMessage, ({ ports }) =>
    page.postMessage(portsMessage, page.location.origin, [...ports]),
  );
  const bridge: Bridge = {
    connect: () => ipcRenderer.send(connectChannel),
    pathForFile: (file) => webUtils.getPathForFile(file),
  };
  contextBridge.exposeInMainWorld(bridgeName, bridge);
}
