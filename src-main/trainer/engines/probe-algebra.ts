import { plainAlgebra } from '#shared/science/dense.ts';
import type { DenseAlgebra } from '#shared/science/dense.ts';
import { wasmAlgebra } from './wasm/wasm-algebra.ts';

/** What repulsion probes compute with, whichever engine trains: the kernels, or typed arrays where those cannot be loaded. */
export function probeAlgebra(): DenseAlgebra {
  try {
    return wasmAlgebra();
  } catch {
    return plainAlgebra;
  }
}
