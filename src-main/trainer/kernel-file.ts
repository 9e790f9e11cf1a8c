import { readFileSync } from 'node:fs';
import path from 'node:path';

/** `relaxed` may round a b + c once, on processors that can; `simd` runs wherever WebAssembly has vectors. */
export type KernelBuild = 'relaxed' | 'simd';

// Also right in the bundled trainer (dist/main/trainer.js), which lies as deep as this file.
const folder = path.resolve(import.meta.dirname, '../../dist/wasm');

/** The compiled kernels. Set-up puts them there (src-main/setup/kernels.mjs). */
export function readKernels(build: KernelBuild): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(path.join(folder, `kernels.${build}.wasm`)));
}
