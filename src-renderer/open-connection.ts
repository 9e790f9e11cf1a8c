import { connectMessagePort } from './client/connect-message-port.ts';
import { connectWebSocket } from './client/connect-web-socket.ts';
import type { Connection } from './client/connection.ts';

/** What Electron's preload puts on the page; absent in a browser. */
interface DesktopBridge {
  connect(): void;
}

declare global {
  interface Window {
    readonly grokscope?: DesktopBridge;
  }
}

/** The message with which the desktop hands over its ports, the contract's first. */
const portsMessage = 'grokscope:ports';

/** The window's one way to its host: a port in Electron, a WebSocket in a browser. */
export function openConnection(page: Window): Promise<Connection> {
  const desktop = page.grokscope;
  if (!desktop) {
    const scheme = page.location.protocol === 'https:' ? 'wss' : 'ws';
    return Promise.resolve(connectWebSocket(`${scheme}://${page.location.host}/rpc`));
  }
  return new Promise((resolve) => {
    const hear = (event: MessageEvent): void => {
      if (event.source !== page || event.data !== portsMessage || event.ports.length === 0) return;
      page.removeEventListener('message', hear);
      resolve(connectMessagePort(event.ports[0]));
    };
    page.addEventListener('message', hear);
    desktop.connect();
  });
}
