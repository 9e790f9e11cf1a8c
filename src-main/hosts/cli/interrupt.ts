/** Turns the first Ctrl-C (or SIGTERM) into an abort; the second ends the process as usual. `release` gives the signals back. */
export function onInterrupt(first: () => void): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const stop = (): void => {
    release();
    first();
    controller.abort();
  };
  function release(): void {
    for (const name of signals) process.off(name, stop);
  }
  for (const name of signals) process.on(name, stop);
  return { signal: controller.signal, release };
}
