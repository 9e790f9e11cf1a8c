import type { TrainerMessage, TrainerRequest } from './messages.ts';

/** The line to the host that started this trainer, whichever way it did. */
export interface HostPort {
  send(message: TrainerMessage): void;
  /** Undefined when all that was sent is written; otherwise resolves then. */
  written(): Promise<void> | undefined;
  /** Sends the last message and lets the process end once it is written. */
  sendLast(message: TrainerMessage): void;
  /** Called once, with what the host wants. */
  onRequest(listener: (request: TrainerRequest) => void): void;
}

/** Of `process`: `parentPort` in Electron's utility process, `send` in a forked one. */
export interface HostedProcess {
  readonly parentPort?:
    | {
        once(event: 'message', listener: (event: { readonly data: TrainerRequest }) => void): unknown;
        postMessage(message: unknown): void;
      }
    | undefined;
  readonly send?: ((message: unknown, done: () => void) => boolean) | undefined;
  readonly disconnect?: (() => void) | undefined;
  once(event: 'message', listener: (request: TrainerRequest) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
  exit(): void;
}

export function openHostPort(self: HostedProcess): HostPort {
  const port = self.parentPort;
  if (port) {
    return {
      send: (message) => port.postMessage(message),
      // Another thread writes there.
      written: () => undefined,
      // Leaving here could lose what is not delivered yet: the host ends this process when it has read the last message,
      // and the process ends with its host.
      sendLast: (message) => port.postMessage(message),
      onRequest: (listener) => void port.once('message', ({ data }) => listener(data)),
    };
  }
  // A trainer without a host is nobody's.
  self.on('disconnect', () => self.exit());
  let unwritten = 0;
  let waiting: (() => void)[] = [];
  // Without a callback a send to a host that is gone would throw; `disconnect` ends this process anyway.
  const done = (): void => {
    unwritten--;
    if (unwritten > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  return {
    send(message) {
      unwritten++;
      self.send?.(message, done);
    },
    written: () => (unwritten === 0 ? undefined : new Promise((resolve) => void waiting.push(resolve))),
    // Leaving before the last message is written would lose it.
    sendLast: (message) => void self.send?.(message, () => self.disconnect?.()),
    onRequest: (listener) => void self.once('message', listener),
  };
}
