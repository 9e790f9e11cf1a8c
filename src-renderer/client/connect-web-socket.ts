import { RPCLink } from '@orpc/client/websocket';
import type { Connection, ConnectionState } from './connection.ts';
import { ConnectionLost, observedState } from './connection.ts';
import type { WayBack } from './way-back.ts';

/** What is needed of a browser's WebSocket. */
export interface ClientSocket extends Pick<
  WebSocket,
  'addEventListener' | 'removeEventListener' | 'send' | 'readyState'
> {
  binaryType: string;
  close(): void;
}

export interface WebSocketOptions {
  /** How a socket is made; a browser's own, unless a test needs to say who it is. */
  readonly createSocket?: (url: string) => ClientSocket;
  /** Milliseconds before the first new attempt; doubled up to `slowest` while attempts fail. */
  readonly fastest?: number;
  readonly slowest?: number;
  /** How a page is let in again by a host that was started anew; a test's host lets everyone in. */
  readonly wayBack?: WayBack;
}

interface Attempt {
  readonly link: RPCLink<Record<never, never>>;
  /** Whether it came to be open; settles once. */
  readonly opened: Promise<boolean>;
  readonly socket: ClientSocket;
}

/**
 * The host behind a WebSocket. When the connection is lost it is tried again until `close`, ever more slowly. A call waits for an attempt
 * that is under way; while the connection is lost, and for calls it was lost under, it fails with `ConnectionLost`: none is ever repeated,
 * because some start training.
 */
export function connectWebSocket(url: string, options: WebSocketOptions = {}): Connection {
  const {
    createSocket = (address) => new WebSocket(address),
    fastest = 250,
    slowest = 10_000,
    wayBack,
  } = options;
  const state = observedState('connecting');
  let pause = fastest;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let attempt = connect();

  function connect(): Attempt {
    const socket = createSocket(url);
    socket.binaryType = 'arraybuffer';
    const opened = new Promise<boolean>((resolve) => {
      socket.addEventListener('open', () => {
        resolve(true);
        pause = fastest;
        if (state.get() === 'connecting') state.set('open');
        void wayBack?.learn();
      });
      socket.addEventListener('close', () => {
        resolve(false);
        lose('lost');
      });
    });
    return { link: new RPCLink({ websocket: socket }), opened, socket };
  }

  function lose(how: 'lost' | 'displaced'): void {
    if (state.get() === 'closed') return;
    state.set(how);
    timer = setTimeout(() => void reconnect(), pause);
    pause = Math.min(2 * pause, slowest);
  }

  async function reconnect(): Promise<void> {
    const found = (await wayBack?.find()) ?? 'open';
    if (found !== 'open') return lose(found);
    if (state.get() === 'closed') return;
    state.set('connecting');
    attempt = connect();
  }

  return {
    link: {
      async call(path, input, callOptions) {
        const { link, opened, socket } = attempt;
        if (state.get() === 'closed') throw new ConnectionLost('The connection to the lab was closed.');
        if (isAway(state.get()) || !(await opened)) throw new ConnectionLost(lostMessage);
        try {
          return await link.call(path, input, callOptions);
        } catch (error) {
          // WebSocket.OPEN: the host answered, and this is what it said.
          if (socket.readyState === 1) throw error;
          throw new ConnectionLost(lostMessage);
        }
      },
    },
    state: state.get,
    onState: state.observe,
    restartCommand: () => wayBack?.command() ?? null,
    close() {
      state.set('closed');
      if (timer !== null) clearTimeout(timer);
      attempt.socket.close();
    },
  };
}

function isAway(state: ConnectionState): boolean {
  return state === 'lost' || state === 'displaced';
}

const lostMessage =
  'The connection to the lab is lost; trying again. If this lasts, is the lab still running?';
