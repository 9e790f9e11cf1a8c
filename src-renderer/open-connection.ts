import { bridgeName, portsMessage } from '#shared/desktop/channels.ts';
import type { Desktop } from './client/connect-desktop.ts';
import { connectDesktop } from './client/connect-desktop.ts';
import { connectMessagePort } from './client/connect-message-port.ts';
import { connectWebSocket } from './client/connect-web-socket.ts';
import type { Connection } from './client/connection.ts';
import { createWayBack } from './client/way-back.ts';

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
    const { host, port } = page.location;
    const connection = connectWebSocket(`ws://${host}/rpc`, {
      // On one machine it costs nothing to look often, and a host that is back is seen at once.
      slowest: 1500,
      wayBack: createWayBack(Number(port || 80)),
    });
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
