import type { StreamEvent } from '#shared/contract/lab.ts';
import type { LabEvent } from '#shared/models/lab.ts';
import { createEventQueue } from './event-queue.ts';

/** Gives up hearing when called. */
type Unsubscribe = () => void;

/**
 * One client's events, a batch for each `ready`. The lab only ever appends to a bounded queue: it never waits for a client.
 * Hearing begins at the call and ends with the stream, or when any of `ends` aborts, whichever way the client went.
 */
export function eventStream(
  subscribe: (listener: (event: LabEvent) => void) => Unsubscribe,
  ready: AsyncIterator<'ready', unknown>,
  ends: readonly AbortSignal[],
): AsyncGenerator<readonly StreamEvent[], void> {
  const queue = createEventQueue();
  const unsubscribe = subscribe(queue.push);
  const ended = AbortSignal.any([...ends]);
  const close = (): void => {
    unsubscribe();
    queue.close();
  };
  if (ended.aborted) close();
  else ended.addEventListener('abort', close, { once: true });

  async function* batches(): AsyncGenerator<readonly StreamEvent[], void> {
    try {
      while (!ended.aborted) {
        await queue.waiting();
        const batch = queue.takeAll();
        if (batch === null) return;
        yield batch;
        if ((await ready.next()).done) return;
      }
    } catch (error) {
      // A client that goes takes its `ready` with it.
      if (!ended.aborted) throw error;
    } finally {
      ended.removeEventListener('abort', close);
      close();
    }
  }
  return batches();
}
