import type { BugListener } from './answer.ts';
import type { LabRouter } from './router.ts';
import { serveConnection } from './serve-connection.ts';

/** What Electron's MessagePortMain and Node's MessagePort have in common. */
export interface HostPort {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
}

/** Answers a client at the other end of a port. */
export function serveMessagePort(router: LabRouter, port: HostPort, onBug: BugListener): void {
  const connection = serveConnection(
    router,
    { send: async (message) => port.postMessage(message), refuse: () => port.close() },
    onBug,
  );
  port.on('message', (message) => {
    const content = contentOf(message);
    if (content !== null) connection.receive(content);
    else {
      onBug(new TypeError('A message over the port was neither text nor bytes.'), 'connection');
      port.close();
    }
  });
  port.on('close', () => connection.closed());
  // Electron queues messages until it is told that someone listens.
  port.start();
}

/** Electron hands over an event with the message in it, Node the message itself. */
function contentOf(message: unknown): string | ArrayBuffer | null {
  const content =
    typeof message === 'object' && message !== null && 'data' in message ? message.data : message;
  if (typeof content === 'string') return content;
  if (content instanceof ArrayBuffer) return content;
  return content instanceof Uint8Array ? new Uint8Array(content).buffer : null;
}
