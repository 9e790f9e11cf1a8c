import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** `relaxed` may round a b + c once, on processors that can; `simd` runs wherever WebAssembly has vectors. */
export type KernelBuild = 'relaxed' | 'simd';

// Also right in the bundled trainer (dist/main/trainer.js), which lies as deep as this file.
const built = path.resolve(import.meta.dirname, '../../dist');

/** The compiled kernels. Set-up puts them there (src-main/setup/kernels.mjs). */
export function readKernels(build: KernelBuild): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(path.join(built, 'wasm', `kernels.${build}.wasm`)));
}

/** The addon of the native engine, where set-up could build it (src-main/setup/native.mjs). */
export const addonFile = path.join(built, 'native', 'products.node');

/** As set-up left it; null where there is an addon. */
export function whyNoAddon(): string | null {
  if (existsSync(addonFile)) return null;
  const reason = path.join(built, 'native', 'reason.txt');
  return existsSync(reason) ? readFileSync(reason, 'utf8').trim() : 'its addon was not built';
}
