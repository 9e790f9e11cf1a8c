// Gives a forked Node process what Electron's utility process has: `parentPort`, whose messages come wrapped in an event.
import { EventEmitter } from 'node:events';

const send = process.send?.bind(process);
const port = new EventEmitter();
Reflect.set(
  process,
  'parentPort',
  Object.assign(port, { postMessage: (message: object) => send?.(message) }),
);
Reflect.deleteProperty(process, 'send');
port.once('newListener', () => process.on('message', (data) => port.emit('message', { data })));
