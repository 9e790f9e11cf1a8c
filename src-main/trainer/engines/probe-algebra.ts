import { plainAlgebra } from '#shared/science/gram-algebra.ts';
import type { OpenAlgebra } from '#shared/science/gram-algebra.ts';
import { loadNative } from './native/load-native.ts';
import { kernelAlgebra } from './wasm/kernel-algebra.ts';
import { loadKernels } from './wasm/load-kernels.ts';

/** What repulsion probes compute with, whichever engine trains: the kernels, with the addon's products where it loads, or typed arrays where neither does. */
export function probeAlgebra(): OpenAlgebra {
  for (const load of [loadNative, loadKernels]) {
    try {
      return kernelAlgebra(load);
    } catch {
      // The next one needs less.
    }
  }
  return plainAlgebra;
}
