import type { FiguresPort } from './figure-desk.ts';
import type { FromFigures } from './messages.ts';

/** Starts the worker that computes figures; a file of the window, as the content security policy wants. */
export function startWorker(): FiguresPort {
  const worker = new Worker(new URL('worker.ts', import.meta.url), { type: 'module', name: 'figures' });
  return {
    post: (message, transfer) => worker.postMessage(message, [...transfer]),
    listen(heard, failed) {
      worker.addEventListener('message', ({ data }: MessageEvent<FromFigures>) => heard(data));
      worker.addEventListener('error', ({ message }) => failed(message));
    },
  };
}
