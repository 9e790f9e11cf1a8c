// Makes a clone ready to run: packages, Node 24, TensorFlow. Plain JavaScript for Node 20, before anything is installed.
// Safe to repeat: what is done already is checked in milliseconds and passed over.
import path from 'node:path';
import { ensureChromium } from './chromium.mjs';
import { ensureKernels } from './kernels.mjs';
import { ensureNative } from './native.mjs';
import { ensureNode, ensurePackages } from './packages.mjs';
import { say } from './steps.mjs';
import { ensureTensorflow, linkTensorflow } from './tensorflow.mjs';
import { ensureWindow } from './window.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const wants = (option) => process.argv.includes(option);

let nodeBinary;
try {
  await ensurePackages(root);
  nodeBinary = await ensureNode({ root });
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
]);
const failed = built.filter(({ status }) => status === 'rejected');
if (failed.length > 0) {
  for (const { reason } of failed) say(`Setup failed: ${reason.message}`);
  process.exit(1);
}
if (wants('--tests')) await ensureChromium();
// `npm start` brings it once the lab is open (fetch-tensorflow.mjs): the kernels, which are there, train without it.
if (wants('--tensorflow-later')) linkTensorflow(root);
else await ensureTensorflow({ root, nodeBinary });
