import type { TrainerMessage, TrainerRequest } from './messages.ts';

/** The line to the host that started this trainer, whichever way it did. */
export interface HostPort {
  send(message: TrainerMessage): void;
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
      // Leaving here could lose what is not delivered yet: the host ends this process when it has read the last message,
      // and the process ends with its host.
      sendLast: (message) => port.postMessage(message),
      onRequest: (listener) => void port.once('message', ({ data }) => listener(data)),
    };
  }
  // A trainer without a host is nobody's.
  self.on('disconnect', () => self.exit());
  return {
    // Without a callback a send to a host that is gone would throw here; `disconnect` ends this process anyway.
    send: (message) => void self.send?.(message, () => undefined),
    // Leaving before the last message is written would lose it.
    sendLast: (message) => void self.send?.(message, () => self.disconnect?.()),
    onRequest: (listener) => void self.once('message', listener),
  };
}
