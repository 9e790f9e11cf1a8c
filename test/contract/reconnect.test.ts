import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StreamEvent } from '#shared/contract/lab.ts';
import type { ConnectionState } from '../../src-renderer/client/connection.ts';
import { ConnectionLost } from '../../src-renderer/client/connection.ts';
import { followLab } from '../../src-renderer/client/follow-lab.ts';
import { fakeCore } from './fake-core.ts';
import type { ObservedCore } from './observed-core.ts';
import { observed } from './observed-core.ts';
import type { Connected } from './transports.ts';
import { overMessagePort, overWebSocket } from './transports.ts';

let lab: ObservedCore;
let there: Connected;
let states: ConnectionState[];

beforeEach(async () => {
  lab = observed(fakeCore());
  there = await overWebSocket(lab.core);
  states = [];
  there.connection.onState((state) => states.push(state));
});
afterEach(() => there.close());

describe('a WebSocket that is lost', () => {
  it('is connected again, and calls go on', async () => {
    await there.client.info();
    there.cut();
    await vi.waitFor(() => expect(states).toStrictEqual(['open', 'lost', 'connecting', 'open']));
    expect(await there.client.info()).toStrictEqual(lab.core.info());
  });

  it('fails the call that was under way, which is not repeated', async () => {
    let replays = 0;
    const never = await overWebSocket({
      ...lab.core,
      replay: () => {
        replays++;
        return new Promise(() => {});
      },
    });
    const call = never.client.replay({ runId: 1, epoch: 0 });
    await vi.waitFor(() => expect(replays).toBe(1));
    never.cut();
    await expect(call).rejects.toBeInstanceOf(ConnectionLost);
    await vi.waitFor(() => expect(never.connection.state()).toBe('open'));
    await never.client.info();
    expect(replays).toBe(1);
    await never.close();
  });

  it('fails calls at once while it is lost', async () => {
    await there.client.info();
    const lost = new Promise<unknown>((resolve) => {
      there.connection.onState((state) => {
        if (state === 'lost') there.client.info().catch(resolve);
      });
    });
    there.cut();
    expect(await lost).toBeInstanceOf(ConnectionLost);
  });

  it('lets events go on after it is back, behind a resync', async () => {
    const heard: StreamEvent[] = [];
    const stop = new AbortController();
    const ended = (async () => {
      for await (const event of followLab(there.client, there.connection, stop.signal)) heard.push(event);
    })();
    await vi.waitFor(() => expect(lab.listeners()).toBe(1));
    lab.emit({ type: 'studies', studyId: 1 });
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    there.cut();
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    await vi.waitFor(() => expect(lab.listeners()).toBe(1));
    lab.emit({ type: 'studies', studyId: 2 });
    await vi.waitFor(() => expect(heard).toHaveLength(3));
    expect(heard).toStrictEqual([
      { type: 'studies', studyId: 1 },
      { type: 'resync', missed: null },
      { type: 'studies', studyId: 2 },
    ]);
    stop.abort();
    await ended;
    await vi.waitFor(() => expect(lab.listeners()).toBe(0));
  });

  it('lets events go on that is lost and back while the reader rests, without waiting for the end of its rest', async () => {
    const heard: StreamEvent[] = [];
    const stop = new AbortController();
    const rest = vi.fn(() => new Promise<void>(() => {}));
    const ended = (async () => {
      for await (const event of followLab(there.client, there.connection, stop.signal, rest))
        heard.push(event);
    })();
    await vi.waitFor(() => expect(lab.listeners()).toBe(1));
    lab.emit({ type: 'studies', studyId: 1 });
    await vi.waitFor(() => expect(rest).toHaveBeenCalledOnce());
    there.cut();
    await vi.waitFor(() => expect(states.slice(-2)).toStrictEqual(['connecting', 'open']));
    await vi.waitFor(() => expect(lab.listeners()).toBe(1));
    lab.emit({ type: 'studies', studyId: 2 });
    await vi.waitFor(() => expect(heard).toHaveLength(3));
    stop.abort();
    await ended;
    await vi.waitFor(() => expect(lab.listeners()).toBe(0));
  });

  it('is left alone once it was closed', async () => {
    await there.client.info();
    there.connection.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(states).toStrictEqual(['open', 'closed']);
    await expect(there.client.info()).rejects.toBeInstanceOf(ConnectionLost);
  });

  it('ends the events when it is closed for good', async () => {
    const ended = (async () => {
      for await (const event of followLab(there.client, there.connection, new AbortController().signal)) {
        expect(event).toBeNull();
      }
    })();
    await vi.waitFor(() => expect(lab.listeners()).toBe(1));
    there.connection.close();
    await ended;
    await vi.waitFor(() => expect(lab.listeners()).toBe(0));
  });
});

describe('a host that is not there yet', () => {
  it('fails calls that waited for it, and is tried again', async () => {
    await there.close();
    const attempts: string[] = [];
    const { connectWebSocket } = await import('../../src-renderer/client/connect-web-socket.ts');
    const connection = connectWebSocket('ws://127.0.0.1:1', {
      createSocket: (url) => {
        attempts.push(url);
        return new WebSocket(url);
      },
      fastest: 5,
    });
    await expect(connection.link.call(['info'], undefined, { context: {} })).rejects.toBeInstanceOf(
      ConnectionLost,
    );
    await vi.waitFor(() => expect(attempts.length).toBeGreaterThan(2));
    connection.close();
  });
});

describe('a MessagePort that is closed', () => {
  it('fails the call that was under way and those after it', async () => {
    const port = await overMessagePort({ ...lab.core, replay: () => new Promise(() => {}) });
    const call = port.client.replay({ runId: 1, epoch: 0 });
    const failed = expect(call).rejects.toBeInstanceOf(ConnectionLost);
    await port.client.info();
    port.cut();
    await failed;
    expect(port.connection.state()).toBe('lost');
    await expect(port.client.info()).rejects.toBeInstanceOf(ConnectionLost);
  });
});
