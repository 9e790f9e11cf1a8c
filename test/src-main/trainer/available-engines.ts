import type { EngineName } from '#shared/models/run.ts';
import { loadTensorFlow } from '#main/trainer/engines/tensorflow.ts';

function tensorFlowLoads(): boolean {
  try {
    loadTensorFlow();
    return true;
  } catch {
    process.stderr.write(
      'SKIPPED: everything that needs the tensorflow engine (its addon does not load here)\n',
    );
    return false;
  }
}

/** Whether tests of the tensorflow engine can run; says so aloud when they cannot. */
export const hasTensorFlow = tensorFlowLoads();

/** Every engine that runs here. The kernels are compiled before any test (test/compile-kernels.ts). */
export const availableEngines: readonly EngineName[] = hasTensorFlow
  ? ['plain', 'wasm', 'tensorflow']
  : ['plain', 'wasm'];
