import type { RawData, WebSocket } from 'ws';
import type { BugListener } from './answer.ts';
import type { LabRouter } from './router.ts';
import { serveConnection } from './serve-connection.ts';

/** RFC 6455, 7.4.1: a message of a kind that cannot be accepted. */
const unacceptable = 1003;

/** Answers a client behind a WebSocket. */
export function serveWebSocket(router: LabRouter, socket: WebSocket, onBug: BugListener): void {
  const connection = serveConnection(
    router,
    {
      // The callback comes when the bytes have left this process: the brake for streams to a client that does not read.
      send: (message) =>
        new Promise((resolve, reject) =>
          socket.send(message, (error) => (error ? reject(error) : resolve())),
        ),
      refuse: () => socket.close(unacceptable, 'This is no message of the lab.'),
    },
    onBug,
  );
  socket.on('message', (data, isBinary) => connection.receive(isBinary ? joined(data) : data.toString()));
  socket.on('close', () => connection.closed());
  // Without a listener a broken frame would end the process; ws closes the socket itself.
  socket.on('error', () => {});
}

/** A copy of its own length: what ws hands over may be a piece of a shared buffer. */
function joined(data: RawData): ArrayBuffer {
  if (data instanceof ArrayBuffer) return data;
  return new Uint8Array(Array.isArray(data) ? Buffer.concat(data) : data).buffer;
}
