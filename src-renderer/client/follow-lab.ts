import type { LabClient } from '#shared/contract/contract.ts';
import { followEvents } from '#shared/contract/follow-events.ts';
import type { StreamEvent } from '#shared/contract/lab.ts';
import type { Connection } from './connection.ts';

/**
 * The lab's events for as long as a window lives: when the connection comes back after a loss they go on, after a `resync`, because
 * nobody knows what was missed. It `rest`s between batches. Ends when `stop` aborts or the connection is closed for good.
 */
export async function* followLab(
  client: Pick<LabClient, 'events'>,
  connection: Connection,
  stop: AbortSignal,
  rest?: () => Promise<void>,
): AsyncGenerator<StreamEvent, void> {
  for (let first = true; !stop.aborted; first = false) {
    if (!(await comesOpen(connection, stop))) return;
    // The stream belongs to this connection. A rest may outlast its loss, and the next one may stand by then.
    const lost = new AbortController();
    const forget = connection.onState(() => lost.abort());
    try {
      if (!first) yield { type: 'resync', missed: null };
      yield* followEvents(client, AbortSignal.any([stop, lost.signal]), rest);
    } catch (error) {
      // The host ended the stream over a connection that still stands: that is not a loss to wait out.
      if (!lost.signal.aborted) throw error;
    } finally {
      forget();
    }
  }
}

/** Waits for an open connection. @returns false when there will be none */
function comesOpen(connection: Connection, stop: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (): void => {
      const state = connection.state();
      const over = stop.aborted || state === 'closed';
      if (!over && state !== 'open') return;
      forget();
      stop.removeEventListener('abort', settle);
      resolve(!over);
    };
    const forget = connection.onState(settle);
    stop.addEventListener('abort', settle);
    settle();
  });
}
