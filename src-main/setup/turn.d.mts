/**
 * Runs `action` while `file` says that it is this process's turn.
 * @param onWait called once, with the process that has its turn, where another has to be waited for
 * @param signal ends the wait
 */
export function inTurn<T>(
  file: string,
  action: () => T | Promise<T>,
  onWait: (holder: number) => void,
  signal?: AbortSignal,
): Promise<T>;
