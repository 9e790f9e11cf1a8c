import type { ClientPort } from '../../../../src-renderer/client/connect-message-port.ts';
import type { FakePort } from './fake-electron.ts';

/** The page's end of a channel, as a browser has it: an EventTarget of MessageEvents. */
export function pagePort(port: FakePort): ClientPort {
  const target = new EventTarget();
  port.on('message', ({ data }: { data: unknown }) =>
    target.dispatchEvent(new MessageEvent('message', { data })),
  );
  port.on('close', () => target.dispatchEvent(new Event('close')));
  return {
    addEventListener: (type, listener) => target.addEventListener(type, listener),
    postMessage: (message) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
  };
}
