import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { WebSocket as HostSocket } from 'ws';
import { WebSocket, WebSocketServer } from 'ws';
import { mostWaiting } from '#main/contract/event-queue.ts';
import { createRouter } from '#main/contract/router.ts';
import { serveWebSocket } from '#main/contract/serve-web-socket.ts';
import { fakeCore } from './fake-core.ts';
import { observed } from './observed-core.ts';

const server = createServer();
const sockets = new WebSocketServer({ server });
afterEach(() => {
  for (const socket of sockets.clients) socket.terminate();
  server.close();
});

describe('a client that says `ready` and reads nothing', () => {
  it('is sent no more than the wire takes: the host holds one batch and a bounded queue', async () => {
    const { core, emit, listeners } = observed(fakeCore());
    const hostSockets: HostSocket[] = [];
    sockets.on('connection', (socket) => {
      hostSockets.push(socket);
      serveWebSocket(createRouter(core), socket, (error) => expect(error).toBeNull());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const client = new WebSocket(`ws://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
    await once(client, 'open');
    client.send('{"i":"1","p":{"u":"/events","h":{"content-type":"text/event-stream"}}}');
    await vi.waitFor(() => expect(listeners()).toBe(1));
    for (let index = 0; index < 1000; index++)
      client.send('{"i":"1","t":3,"p":{"e":"message","d":{"json":"ready"}}}');
    client.pause();

    // 200 rounds of a full queue are some 60 MB, far more than the buffers of the system take.
    const message = 'The lab has much to say tonight. '.repeat(10);
    const [socket] = hostSockets;
    let most = 0;
    for (let round = 0; round < 200; round++) {
      for (let index = 0; index < mostWaiting; index++)
        emit({ type: 'run', runId: index + 1, studyId: 1, state: 'failed', problem: message });
      await new Promise((resolve) => setImmediate(resolve));
      most = Math.max(most, socket.bufferedAmount);
    }
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(1_000_000);
    client.terminate();
    await vi.waitFor(() => expect(listeners()).toBe(0));
  });
});
