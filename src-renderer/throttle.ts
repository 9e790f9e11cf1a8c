/**
 * Calls `action` at most once in `interval` milliseconds: when it has rested, as soon as whoever calls is done (news comes in batches, and each is
 * answered once), else when the interval is over. Calls that come while it works are answered by one more, so that the last change is never missed.
 */
export function throttle(interval: number, action: () => Promise<void> | void): () => void {
  let resting = true;
  let asked = false;

  async function work(): Promise<void> {
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
    if (resting) setTimeout(() => void work());
    else asked = true;
    resting = false;
  };
}
