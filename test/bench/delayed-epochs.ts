// For `node --import`: a trainer that stands still for BENCH_DELAY ms after every epoch, as a slower machine would make it, and burns nothing.
import path from 'node:path';

const delay = Number(process.env.BENCH_DELAY ?? 0);
const isTrainer = process.argv[1]?.endsWith(path.join('trainer', 'entry.ts')) === true;

if (isTrainer && delay > 0) {
  const real = globalThis.setImmediate;
  const lock = new Int32Array(new SharedArrayBuffer(4));
  // A breath is taken once an epoch where these take 100 ms and more. The event loop stands still too, as it does while an epoch is computed.
  const slow = (callback: () => void): NodeJS.Immediate =>
    real(() => {
      Atomics.wait(lock, 0, 0, delay);
      callback();
    });
  Object.defineProperty(globalThis, 'setImmediate', { value: slow });
}
