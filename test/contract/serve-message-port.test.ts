import { EventEmitter, once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { createRouter } from '#main/contract/router.ts';
import type { HostPort } from '#main/contract/serve-message-port.ts';
import { serveMessagePort } from '#main/contract/serve-message-port.ts';
import { createClient } from '#shared/contract/client.ts';
import { followEvents } from '#shared/contract/follow-events.ts';
import { connectMessagePort } from '../../src-renderer/client/connect-message-port.ts';
import { fakeCore } from './fake-core.ts';
import { observed } from './observed-core.ts';

/** Electron's MessagePortMain over Node's: an event with `data` for each message, and none before `start`. */
class ElectronPort extends EventEmitter implements HostPort {
  readonly #port: MessagePort;

  constructor(port: MessagePort) {
    super();
    this.#port = port;
    port.on('close', () => this.emit('close'));
    port.unref();
  }
  start(): void {
    this.#port.on('message', (data: unknown) => this.emit('message', { data, ports: [] }));
  }
  postMessage(message: unknown): void {
    this.#port.postMessage(message, []);
  }
  close(): void {
    this.#port.close();
  }
}

describe('a port as Electron has it', () => {
  it('is started, answered, and let go', async () => {
    const { core, listeners } = observed(fakeCore());
    const { port1, port2 } = new MessageChannel();
    const host = new ElectronPort(port1);
    serveMessagePort(createRouter(core), host, (error) => expect(error).toBeNull());
    const connection = connectMessagePort(port2);
    const client = createClient(connection.link);
    expect(await client.info()).toStrictEqual(core.info());
    const waiting = followEvents(client, new AbortController().signal).next();
    const failed = expect(waiting).rejects.toBeInstanceOf(Error);
    await vi.waitFor(() => expect(listeners()).toBe(1));
    connection.close();
    await failed;
    await vi.waitFor(() => expect(listeners()).toBe(0));
  });

  it('is closed on a message that is neither text nor bytes', async () => {
    const { port1, port2 } = new MessageChannel();
    const onBug = vi.fn();
    serveMessagePort(createRouter(fakeCore()), new ElectronPort(port1), onBug);
    port2.start();
    port2.postMessage({ i: '1' });
    await once(port2, 'close');
    expect(onBug).toHaveBeenCalledOnce();
  });
});
