import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

// Where set-up says whose turn it is (src-main/setup/tensorflow.mjs); also right in the bundled trainer.
const turnFile = path.resolve(import.meta.dirname, '../../dist/.tensorflow-is-fetched-by');

/** As long as set-up believes it. */
const mostMilliseconds = 3_600_000;

/** Whether a process that lives is fetching TensorFlow for this clone. */
export function isTensorFlowComing(file = turnFile): boolean {
  try {
    if (Date.now() - statSync(file).mtimeMs > mostMilliseconds) return false;
    // Throws where there is no such process.
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}
