import { once } from 'node:events';
import { createServer } from 'node:http';
import { MessageChannel } from 'node:worker_threads';
import { WebSocketServer } from 'ws';
import { createRouter } from '#main/contract/router.ts';
import { serveMessagePort } from '#main/contract/serve-message-port.ts';
import { serveWebSocket } from '#main/contract/serve-web-socket.ts';
import type { Core } from '#main/core/core.ts';
import { createClient } from '#shared/contract/client.ts';
import type { LabClient } from '#shared/contract/contract.ts';
import { connectMessagePort } from '../../src-renderer/client/connect-message-port.ts';
import { connectWebSocket } from '../../src-renderer/client/connect-web-socket.ts';
import type { Connection } from '../../src-renderer/client/connection.ts';

/** A client connected to a core over something real. */
export interface Connected {
  readonly client: LabClient;
  readonly connection: Connection;
  /** What was reported as a fault of the lab. */
  readonly bugs: readonly { readonly error: unknown; readonly operation: string }[];
  /** Sends what no client of ours would. */
  sendRaw(message: string | Uint8Array): void;
  /** Cuts the wire, without a word from the client. */
  cut(): void;
  close(): Promise<void>;
}

export type Connect = (core: Core) => Promise<Connected>;

interface Reported {
  readonly bugs: { readonly error: unknown; readonly operation: string }[];
  onBug(error: unknown, operation: string): void;
}

function reported(): Reported {
  const bugs: { error: unknown; operation: string }[] = [];
  return { bugs, onBug: (error, operation) => void bugs.push({ error, operation }) };
}

export const overMessagePort: Connect = async (core) => {
  const { port1, port2 } = new MessageChannel();
  const { bugs, onBug } = reported();
  serveMessagePort(createRouter(core), port1, onBug);
  const connection = connectMessagePort(port2);
  return {
    client: createClient(connection.link),
    connection,
    bugs,
    sendRaw: (message) => port2.postMessage(message),
    cut: () => port2.close(),
    close: async () => connection.close(),
  };
};

export const overWebSocket: Connect = async (core) => {
  const { bugs, onBug } = reported();
  const router = createRouter(core);
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => serveWebSocket(router, socket, onBug));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no address.');
  let latest: WebSocket | null = null;
  const connection = connectWebSocket(`ws://127.0.0.1:${address.port}`, {
    createSocket: (url) => (latest = new WebSocket(url)),
    fastest: 20,
  });
  return {
    client: createClient(connection.link),
    connection,
    bugs,
    sendRaw: (message) => latest?.send(message),
    cut: () => {
      for (const socket of sockets.clients) socket.terminate();
    },
    async close() {
      connection.close();
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
