import { bridgeName, portsMessage } from '#shared/desktop/channels.ts';
import type { Desktop } from './client/connect-desktop.ts';
import { connectDesktop } from './client/connect-desktop.ts';
import { connectMessagePort } from './client/connect-message-port.ts';
import { connectWebSocket } from './client/connect-web-socket.ts';
import type { Connection } from './client/connection.ts';

/** What Electron's preload puts on the page; absent in a browser. */
interface DesktopBridge {
  connect(): void;
  pathForFile(file: File): string;
}

declare global {
  interface Window {
    readonly [bridgeName]?: DesktopBridge;
  }
}

/** The ways out of the window. */
export interface OpenedWindow {
  readonly connection: Connection;
  /** Null in a browser. */
  readonly desktop: Desktop | null;
}

/** The window's one way to its host: two ports in Electron, a WebSocket in a browser. */
export function openConnection(page: Window): Promise<OpenedWindow> {
  const bridge = page[bridgeName];
  if (!bridge) {
    const scheme = page.location.protocol === 'https:' ? 'wss' : 'ws';
    const connection = connectWebSocket(`${scheme}://${page.location.host}/rpc`);
    return Promise.resolve({ connection, desktop: null });
  }
  return new Promise((resolve) => {
    const hear = (event: MessageEvent): void => {
      if (event.source !== page || event.data !== portsMessage || event.ports.length !== 2) return;
      page.removeEventListener('message', hear);
      const [contract, desktop] = event.ports;
      resolve({
        connection: connectMessagePort(contract),
        desktop: connectDesktop(desktop, (file) => bridge.pathForFile(file)),
      });
    };
    page.addEventListener('message', hear);
    bridge.connect();
  });
}
