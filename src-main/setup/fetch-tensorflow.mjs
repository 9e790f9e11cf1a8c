// Brings TensorFlow while the lab is open: started by its host (src-main/hosts/fetch-tensorflow.ts) as the first process of a group, at a low priority. Says
// what comes of it as messages, and ends with the host, leaving nothing half made.
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureTensorflow, linkTensorflow } from './tensorflow.mjs';

const root = path.resolve(process.argv[2]);
const stop = new AbortController();

/** Its own programs with it: a compiler has compilers of its own. */
function end() {
  if (stop.signal.aborted) return;
  stop.abort();
  // This process, which is in the group, hears of it again and goes on to clear up.
  if (process.platform !== 'win32') process.kill(-process.pid, 'SIGTERM');
}

function stepBack() {
  os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
  try {
    // Linux may share processors out between groups of processes first.
    writeFileSync('/proc/self/autogroup', '10');
  } catch {
    // It does not here.
  }
}

function tell(message) {
  return new Promise((resolve) => process.send(message, () => resolve()));
}

process.on('disconnect', end);
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, end);
// The host may have ended before anybody listened.
if (!process.connected) end();
stepBack();
const started = Date.now();
try {
  if (linkTensorflow(root) === 'missing') {
    await tell({ type: 'fetching' });
    const why = await ensureTensorflow({ root, nodeBinary: process.execPath, signal: stop.signal });
    await tell(
      why === null
        ? { type: 'came', seconds: (Date.now() - started) / 1000 }
        : { type: 'failed', reason: why },
    );
  }
} catch (error) {
  if (!stop.signal.aborted) await tell({ type: 'failed', reason: error.message.split('\n', 1)[0] });
}
process.off('disconnect', end);
if (process.connected) process.disconnect();
