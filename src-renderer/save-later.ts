/** Saves what is typed once nobody has typed for a moment, and at once when asked to. */
export interface SaveLater<T> {
  /** Replaces what waits. */
  set(value: T): void;
  /** Saves what waits, if anything does. */
  flush(): Promise<void>;
}

export function saveLater<T>(pauseMs: number, save: (value: T) => Promise<void>): SaveLater<T> {
  let waiting: { readonly value: T } | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;

  async function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (!waiting) return;
    const { value } = waiting;
    waiting = null;
    await save(value);
  }

  return {
    set(value) {
      waiting = { value };
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => void flush(), pauseMs);
    },
    flush,
  };
}
