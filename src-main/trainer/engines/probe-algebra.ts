import { plainAlgebra } from '#shared/science/gram-algebra.ts';
import type { OpenAlgebra } from '#shared/science/gram-algebra.ts';
import { wasmAlgebra } from './wasm/wasm-algebra.ts';

/** What repulsion probes compute with, whichever engine trains: the kernels, or typed arrays where those cannot be loaded. */
export function probeAlgebra(): OpenAlgebra {
  try {
    return wasmAlgebra();
  } catch {
    return plainAlgebra;
  }
}
