import os from 'node:os';

/** Processors' clocks tick a hundred times a second: over less time a share would be noise. */
const least = 500;

/**
 * Tells how much of the machine nobody used lately: what a window may spend without slowing what trains.
 * @param clock milliseconds, never running back
 * @returns share of all processors' time in [0, 1], over the last half second or more; null where it is not known (yet)
 */
export function idleShare(clock: () => number, processors: typeof os.cpus = os.cpus): () => number | null {
  let since = { at: clock(), ...timesOf(processors()) };
  let share: number | null = null;
  return () => {
    const at = clock();
    if (at - since.at < least) return share;
    const now = timesOf(processors());
    const all = now.all - since.all;
    share = all > 0 ? (now.idle - since.idle) / all : null;
    since = { at, ...now };
    return share;
  };
}

function timesOf(processors: readonly os.CpuInfo[]): { readonly idle: number; readonly all: number } {
  let [idle, all] = [0, 0];
  for (const { times } of processors) {
    idle += times.idle;
    all += Object.values(times).reduce((sum, time) => sum + time, 0);
  }
  return { idle, all };
}
