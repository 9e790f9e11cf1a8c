import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { addonFile, whyNoAddon } from '../../kernel-file.ts';
import { loadKernels } from '../wasm/load-kernels.ts';
import type { Kernels, LoadedKernels, Products } from '../wasm/load-kernels.ts';

/** The products as the addon offers them: before their numbers comes the memory these are addresses in. */
type Addon = {
  readonly [Name in keyof Products]: (memory: ArrayBuffer, ...numbers: Parameters<Products[Name]>) => void;
};

const names: readonly (keyof Products)[] = ['forwardTiles', 'backwardTiles', 'gramTiles', 'product64'];

let loaded: { readonly addon: Addon; readonly digest: string } | null = null;

/**
 * A fresh instance of the kernels whose products are the addon's: 256-bit vectors where WebAssembly has 128. Every sum runs in the same order,
 * so that the bits are those of the kernels alone, where these fuse multiply-adds.
 * @throws with the reason where the addon was not built or the processor cannot run it
 */
export function loadNative(): LoadedKernels {
  const { addon, digest } = (loaded ??= loadAddon());
  const { kernels, version } = loadKernels();
  return {
    kernels: withProducts(kernels, addon),
    version: `${version}; products ${digest}, AVX2`,
  };
}

function withProducts(kernels: Kernels, addon: Addon): Kernels {
  const { memory } = kernels;
  return {
    ...kernels,
    forwardTiles: (...numbers) => addon.forwardTiles(memory.buffer, ...numbers),
    backwardTiles: (...numbers) => addon.backwardTiles(memory.buffer, ...numbers),
    gramTiles: (...numbers) => addon.gramTiles(memory.buffer, ...numbers),
    product64: (...numbers) => addon.product64(memory.buffer, ...numbers),
  };
}

function loadAddon(): { addon: Addon; digest: string } {
  const reason = whyNoAddon();
  if (reason !== null) throw new Error(reason);
  const addon: unknown = createRequire(import.meta.url)(addonFile);
  if (!isAddon(addon)) throw new Error('the addon lacks a product that the engine calls');
  const digest = createHash('sha256').update(readFileSync(addonFile)).digest('hex').slice(0, 8);
  return { addon, digest };
}

function isAddon(value: unknown): value is Addon {
  return (
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof Reflect.get(value, name) === 'function')
  );
}
