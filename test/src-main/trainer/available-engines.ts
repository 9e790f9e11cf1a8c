import type { EngineName } from '#shared/models/run.ts';
import { loadNative } from '#main/trainer/engines/native/load-native.ts';
import { loadTensorFlow } from '#main/trainer/engines/tensorflow.ts';

/** Says aloud what is skipped where an engine does not load. */
function loads(engine: EngineName, load: () => unknown): boolean {
  try {
    load();
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    process.stderr.write(`SKIPPED: everything that needs the ${engine} engine (${reason})\n`);
    return false;
  }
}

/** Whether tests of these engines can run. */
export const hasTensorFlow = loads('tensorflow', loadTensorFlow);
export const hasNative = loads('native', loadNative);

/** Every engine that runs here. The kernels are compiled before any test (test/compile-kernels.ts). */
export const availableEngines: readonly EngineName[] = [
  'plain',
  'wasm',
  ...(hasNative ? (['native'] as const) : []),
  ...(hasTensorFlow ? (['tensorflow'] as const) : []),
];
