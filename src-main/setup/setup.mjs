// Makes a clone ready to run: packages, Node 24, TensorFlow. Plain JavaScript for Node 20, before anything is installed.
// Safe to repeat: what is done already is checked in milliseconds and passed over.
import path from 'node:path';
import { ensureChromium } from './chromium.mjs';
import { ensureKernels } from './kernels.mjs';
import { ensureNative } from './native.mjs';
import { ensureNode, ensurePackages, nodeAhead } from './packages.mjs';
import { say } from './steps.mjs';
import { ensureTensorflow, linkTensorflow } from './tensorflow.mjs';
import { ensureWindow } from './window.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const wants = (option) => process.argv.includes(option);

// The system's own packages, beside npm's.
const browser = wants('--tests') ? ensureChromium() : null;
let nodeBinary;
try {
  const fetch = nodeAhead(root);
  await ensurePackages(root);
  nodeBinary = await ensureNode({ root, fetch });
} catch (error) {
  say(`Setup failed: ${error.message}`);
  say('Check the network connection and run the same command again; it goes on where it stopped.');
  process.exit(1);
}
// Side by side, and each to its end, whatever becomes of the others.
const built = await Promise.allSettled([
  ensureKernels({ root, nodeBinary }),
  ensureNative({ root, again: true }),
  wants('--window') && ensureWindow({ root, nodeBinary }),
  // Else `npm start` brings it once the lab is open (fetch-tensorflow.mjs): the kernels, which are there, train without it.
  wants('--tensorflow-later') || ensureTensorflow({ root, nodeBinary }),
  browser,
]);
const failed = built.filter(({ status }) => status === 'rejected');
if (failed.length > 0) {
  for (const { reason } of failed) say(`Setup failed: ${reason.message}`);
  process.exit(1);
}
if (wants('--tensorflow-later')) linkTensorflow(root);
