import type { LabLink } from '#shared/contract/client.ts';

/** `displaced`: someone answers where the host was, but it is not a host of this lab. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'displaced' | 'closed';

/** A way to a host, over which `createClient(connection.link)` makes its calls. */
export interface Connection {
  readonly link: LabLink;
  state(): ConnectionState;
  /** Hears every change of state until the returned function is called. */
  onState(listener: (state: ConnectionState) => void): () => void;
  /** What a person types to have the host back; null where it has not told, or nothing typed would help. */
  restartCommand(): string | null;
  /** Ends it for good; calls that wait fail. */
  close(): void;
}

/** A call that the host did not answer. Whether it was carried out is not known: read again before repeating it. */
export class ConnectionLost extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConnectionLost';
  }
}

export interface ObservedState {
  get(): ConnectionState;
  set(state: ConnectionState): void;
  observe(listener: (state: ConnectionState) => void): () => void;
}

export function observedState(first: ConnectionState): ObservedState {
  const listeners = new Set<(state: ConnectionState) => void>();
  let current = first;
  return {
    get: () => current,
    set(state) {
      if (state === current) return;
      current = state;
      for (const listener of listeners) listener(state);
    },
    observe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
