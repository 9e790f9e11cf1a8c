// Runs the packed main process on Node as Electron would, as its window asks it to train a study, prints what came of it, and quits.
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MessagePort } from 'node:worker_threads';
import { createClient } from '#shared/contract/client.ts';
import { connectMessagePort } from '../../src-renderer/client/connect-message-port.ts';
import * as electron from './electron-on-node.ts';

const standIn = pathToFileURL(path.join(import.meta.dirname, 'electron-on-node.ts')).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context),
});

const study = `study: Tiny
task: { kind: modular-addition, modulus: 7 }
split: { fraction: 0.5 }
network: { width: 16 }
epochs: 12
seeds: [0, 1]
`;

// Electron is ready once the main module is evaluated, never before.
await import(pathToFileURL(process.argv[2]).href);
electron.app.makeReady();
while (electron.shown.length === 0) await pause();

const ports = await new Promise<readonly MessagePort[]>((resolve) => {
  electron.ipcMain.emit('grokscope:connect', {
    sender: { id: 1 },
    senderFrame: {
      url: 'app://grokscope/',
      parent: null,
      postMessage: (
        _channel: string,
        _message: null,
        transfer: readonly electron.MessageChannelMain['port1'][],
      ) => resolve(transfer.map(({ port }) => port)),
    },
  });
});
const client = createClient(connectMessagePort(ports[0]).link);
const { id } = await client.createStudy({ text: study, file: 'tiny.yaml' });
await client.startStudy({ id, engine: 'wasm' });
for (;;) {
  const { states } = await client.getStudy({ id });
  if (states.finished + states.failed === 2) break;
  await pause();
}
const { runs } = await client.listRuns({});
const [window] = await client.series({ runIds: [runs[0].id], name: 'test.accuracy' });
const traversal = await electron.handlers.get('app')?.({
  url: 'app://grokscope/..%2fmain%2fmain.js',
  method: 'GET',
});
process.stdout.write(
  `${JSON.stringify({
    lab: (await client.info()).path,
    presets: (await client.presets()).map(({ name }) => name),
    states: runs.map(({ state }) => state),
    provenance: runs[0].provenance?.engine,
    rows: window.values.length,
    traversal: traversal?.status,
    keptAwake: electron.powerSave.starts > 0,
    stillAwake: electron.powerSave.held > 0,
  })}\n`,
);
electron.app.quit();

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
}
