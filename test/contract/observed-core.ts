import type { Core } from '#main/core/core.ts';
import type { LabEvent } from '#shared/models/lab.ts';

export interface ObservedCore {
  readonly core: Core;
  /** The same core, for whoever's calls are to be counted. */
  readonly watched: Core;
  /** How many are subscribed now. */
  listeners(): number;
  /** Tells every subscriber, as the lab itself would. */
  emit(event: LabEvent): void;
  /** The operations of `watched` that were called, by name. */
  readonly called: ReadonlySet<string>;
}

/** A core whose calls and subscribers can be counted, and which can be made to tell of events that did not happen. */
export function observed(core: Core): ObservedCore {
  const listeners = new Set<(event: LabEvent) => void>();
  const called = new Set<string>();
  const counted: Core = {
    ...core,
    subscribe(listener) {
      const forget = core.subscribe(listener);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        forget();
      };
    },
  };
  return {
    core: counted,
    watched: new Proxy(counted, {
      get(target, name, receiver) {
        called.add(String(name));
        return Reflect.get(target, name, receiver);
      },
    }),
    listeners: () => listeners.size,
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
    called,
  };
}
