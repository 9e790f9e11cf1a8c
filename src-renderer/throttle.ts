/**
 * Calls `action` at most once in `interval` milliseconds: at once when it has rested, else when the interval is over. Calls that come
 * while it works are answered by one more, so that the last change is never missed.
 */
export function throttle(interval: number, action: () => Promise<void> | void): () => void {
  let resting = true;
  let asked = false;

  async function work(): Promise<void> {
    resting = false;
    asked = false;
    const pause = new Promise((resolve) => setTimeout(resolve, interval));
    try {
      await action();
    } finally {
      await pause;
      if (asked) void work();
      else resting = true;
    }
  }

  return () => {
    if (resting) void work();
    else asked = true;
  };
}
