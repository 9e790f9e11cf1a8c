import type { LabEvent } from '#shared/models/lab.ts';

/** Tells every listener every event, in order. A listener that throws is a bug, and costs only itself. */
export class EventHub {
  readonly #listeners = new Set<(event: LabEvent) => void>();
  readonly #onBug: (error: unknown) => void;

  constructor(onBug: (error: unknown) => void) {
    this.#onBug = onBug;
  }

  readonly emit = (event: LabEvent): void => {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#listeners.delete(listener);
        this.#onBug(error);
      }
    }
  };

  readonly subscribe = (listener: (event: LabEvent) => void): (() => void) => {
    // A function of its own, so that the same listener may subscribe twice.
    const own = (event: LabEvent): void => listener(event);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  };
}
