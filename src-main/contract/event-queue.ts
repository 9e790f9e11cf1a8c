import type { StreamEvent } from '#shared/contract/lab.ts';
import type { LabEvent } from '#shared/models/lab.ts';

/** Most events kept for a client that is not reading: some 200 kB. */
export const mostWaiting = 1000;
/** Of what a person should read, this many survive when a client is told to read everything again. */
const noticesKept = 20;

/** What one client has yet to hear. */
export interface EventQueue {
  push(event: LabEvent): void;
  /** Everything that waits, in order; null when there is nothing. */
  takeAll(): readonly StreamEvent[] | null;
  /** Resolves when something waits, or has come to wait, or at `close`. */
  waiting(): Promise<void>;
  /** Forgets what waits and takes nothing more. */
  close(): void;
  readonly size: number;
}

/**
 * A queue that cannot grow past `limit`. While nobody reads, later news replaces earlier: rows of a run become one range, progress of a
 * study its newest. When there is still too much, all of it gives way to one `resync`.
 */
export function createEventQueue(limit: number = mostWaiting): EventQueue {
  // Insertion order is the order of telling; a key that is replaced moves to the end, after what happened before it.
  const events = new Map<string, LabEvent>();
  let sequence = 0;
  let missed = 0;
  let closed = false;
  let wake: (() => void) | null = null;

  function overflow(): void {
    const notices = [...events]
      .filter(([, { type }]) => type === 'notice')
      .slice(-Math.min(noticesKept, limit - 1));
    missed += events.size - notices.length;
    events.clear();
    for (const [key, notice] of notices) events.set(key, notice);
  }

  return {
    push(event) {
      if (closed) return;
      const key = replaceable(event) ?? `${sequence++}`;
      const earlier = events.get(key);
      events.delete(key);
      if (earlier === undefined && events.size >= limit) overflow();
      events.set(key, earlier ? merge(earlier, event) : event);
      wake?.();
    },
    takeAll() {
      if (events.size === 0) return null;
      const resync: StreamEvent[] = missed > 0 ? [{ type: 'resync', missed }] : [];
      const all = [...resync, ...events.values()];
      events.clear();
      missed = 0;
      return all;
    },
    waiting: () =>
      closed || events.size > 0 ? Promise.resolve() : new Promise<void>((resolve) => (wake = resolve)),
    close() {
      closed = true;
      events.clear();
      wake?.();
    },
    get size() {
      return events.size;
    },
  };
}

/** Events with the same key say the same thing, the later one better; null for those that must each be told. */
function replaceable(event: LabEvent): string | null {
  switch (event.type) {
    case 'rows':
    case 'probing':
      return `${event.type} ${event.runId}`;
    case 'progress':
      return `progress ${event.progress.studyId}`;
    case 'matrix':
      return `matrix ${Object.values(event.query).join(' ')}`;
    case 'studies':
      return `studies ${event.studyId}`;
    case 'engines':
      return event.type;
    case 'run':
    case 'probe':
    case 'notice':
      return null;
  }
}

/** Rows of a run that were told in two pieces are told as one range that covers both; of anything else the later holds. */
function merge(earlier: LabEvent, later: LabEvent): LabEvent {
  if (earlier.type !== 'rows' || later.type !== 'rows') return later;
  const firstEpoch = Math.min(earlier.firstEpoch, later.firstEpoch);
  const end = Math.max(earlier.firstEpoch + earlier.count, later.firstEpoch + later.count);
  return { ...later, firstEpoch, count: end - firstEpoch };
}
