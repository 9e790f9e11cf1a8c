import type { HostPort } from './host-port.ts';

/**
 * Lets the event loop run, at most this often, and then until all that was sent is written. A pipe takes 150 kB at a time, and while an
 * epoch is computed nobody fills it again: a checkpoint of 5 MB, and every row behind it, came 36 epochs late.
 */
export function createBreather(
  milliseconds: number,
  { written }: Pick<HostPort, 'written'>,
): () => Promise<void> | void {
  let last = performance.now();

  async function breathe(): Promise<void> {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    await written();
    last = performance.now();
  }

  return () => (performance.now() - last < milliseconds ? undefined : breathe());
}
