import type { LabClient } from './contract.ts';
import type { StreamEvent } from './lab.ts';

/** What of an AbortSignal is needed here, without asking for a browser's types. */
export interface StopSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
}

/**
 * The lab's events, one by one, from the moment the first is asked for. The host is told `ready` when a batch has been handed out, so a
 * reader that is slow is sent less often, and told with `resync` when something had to be left out.
 * Ends when `stop` aborts; throws when the connection is lost.
 * @param rest awaited after each batch: a reader that has enough for now; what happens meanwhile comes as one batch
 */
export async function* followEvents(
  client: Pick<LabClient, 'events'>,
  stop: StopSignal,
  rest: () => Promise<void> = () => Promise.resolve(),
): AsyncGenerator<StreamEvent, void> {
  const ready = readySignals();
  const stopped = new Promise<null>((resolve) => {
    if (stop.aborted) resolve(null);
    stop.addEventListener('abort', () => resolve(null), { once: true });
  });
  let batches: AsyncIterator<readonly StreamEvent[], unknown> | null = null;
  try {
    batches = await client.events(ready.signals);
    while (!stop.aborted) {
      const batch = await Promise.race([batches.next(), stopped]);
      if (batch === null || batch.done) return;
      yield* batch.value;
      await Promise.race([rest(), stopped]);
      ready.say();
    }
  } finally {
    ready.end();
    // Tells the host to stop; over a connection that is lost there is no one to tell.
    await batches?.return?.().catch(() => {});
  }
}

/** The client's half of the conversation: a `ready` each time `say` is called. */
function readySignals(): {
  readonly signals: AsyncGenerator<'ready', void>;
  say(): void;
  end(): void;
} {
  const state = { owed: 0, ended: false };
  let wake: (() => void) | null = null;
  async function* signals(): AsyncGenerator<'ready', void> {
    while (!state.ended) {
      if (state.owed === 0) await new Promise<void>((resolve) => (wake = resolve));
      else {
        state.owed--;
        yield 'ready';
      }
    }
  }
  return {
    signals: signals(),
    say: () => {
      state.owed++;
      wake?.();
    },
    end: () => {
      state.ended = true;
      wake?.();
    },
  };
}
