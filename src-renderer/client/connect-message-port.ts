import { RPCLink } from '@orpc/client/message-port';
import type { Connection } from './connection.ts';
import { ConnectionLost, observedState } from './connection.ts';

/** What is needed of a MessagePort. */
export interface ClientPort {
  addEventListener(type: 'message' | 'close', listener: (event: Event) => void): void;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
}

/** The host at the other end of a port. It is open at once, and once closed it stays closed: the window belongs to its host. */
export function connectMessagePort(port: ClientPort): Connection {
  const state = observedState('open');
  // Before the link hears of it: when its calls fail, the state says why.
  port.addEventListener('close', () => {
    if (state.get() === 'open') state.set('lost');
  });
  const link = new RPCLink({ port });
  port.start();
  return {
    link: {
      async call(path, input, options) {
        if (state.get() !== 'open') throw new ConnectionLost(goneMessage);
        try {
          return await link.call(path, input, options);
        } catch (error) {
          if (state.get() === 'open') throw error;
          throw new ConnectionLost(goneMessage);
        }
      },
    },
    state: state.get,
    onState: state.observe,
    restartCommand: () => null,
    close() {
      state.set('closed');
      port.close();
    },
  };
}

const goneMessage = 'The lab is gone; close this window and open it again.';
