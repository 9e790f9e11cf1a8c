import { RPCHandler } from '@orpc/server/websocket';
import type { BugListener } from './answer.ts';
import { answer } from './answer.ts';
import type { LabRouter } from './router.ts';

/** One client, whatever carries its messages. */
export interface Wire {
  /** Resolves when the message is on its way, so that a client that does not read holds its own streams back. */
  send(message: string | Uint8Array<ArrayBuffer>): Promise<void>;
  /** Ends the connection, because what came over it made no sense. */
  refuse(): void;
}

export interface Connection {
  receive(message: string | ArrayBuffer): void;
  /** To be called when the wire is gone: frees all that its calls hold. */
  closed(): void;
}

/** Answers the messages of one client until it is gone. */
export function serveConnection(router: LabRouter, wire: Wire, onBug: BugListener): Connection {
  const gone = new AbortController();
  const handler = new RPCHandler(router, {
    clientInterceptors: [(call) => answer(call, onBug)],
  });
  let broken = false;
  async function send(message: string | Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      await wire.send(message);
    } catch (error) {
      // A wire can break before it says so: nobody's fault, and nothing to report.
      broken = true;
      throw error;
    }
  }
  // oRPC knows a connection by this object; the messages are handed to it below, so there is nothing to listen to.
  const peer = { send, addEventListener: (): void => {} };
  return {
    receive(message) {
      handler.message(peer, message, { context: { gone: gone.signal } }).catch((error: unknown) => {
        if (gone.signal.aborted) return;
        if (!broken) onBug(error, 'connection');
        wire.refuse();
      });
    },
    closed() {
      gone.abort();
      handler.close(peer);
    },
  };
}
