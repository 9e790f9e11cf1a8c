import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Loops } from '#shared/science/loops.ts';
import { addonFile, whyNoAddon } from '../../kernel-file.ts';
import { loadKernels } from '../wasm/load-kernels.ts';
import type { Kernels, LoadedKernels, Products } from '../wasm/load-kernels.ts';

/** What addon.c offers: the products with the memory that their addresses are in, and the loops with their arrays. */
type Addon = {
  readonly [Name in keyof Products]: (memory: ArrayBuffer, ...numbers: Parameters<Products[Name]>) => void;
} & {
  stepAdam(rates: Float64Array, ...layers: readonly Float32Array[]): void;
  dotProducts(update: Float32Array, others: readonly Float32Array[], products: Float64Array): void;
  addProducts(
    target: Float64Array,
    left: Float64Array,
    right: Float64Array,
    ...offsetStrideRowsColumnsLengthScaleLower: readonly number[]
  ): void;
};

const names: readonly (keyof Addon)[] = [
  'forwardTiles',
  'backwardTiles',
  'gramTiles',
  'product64',
  'stepAdam',
  'dotProducts',
  'addProducts',
];

/** loops.h's MOST_OTHERS. */
const dotsAtOnce = 64;

let loaded: { readonly addon: Addon; readonly digest: string } | null = null;

/**
 * A fresh instance of the kernels whose products are the addon's, and its loops: 256-bit vectors where WebAssembly has 128. Every sum runs in the same
 * order, so that the bits are those of the kernels alone, where these fuse multiply-adds.
 * @throws with the reason where the addon was not built or the processor cannot run it
 */
export function loadNative(): LoadedKernels {
  const { addon, digest } = (loaded ??= loadAddon());
  const { kernels, version } = loadKernels();
  return {
    kernels: withProducts(kernels, addon),
    loops: loopsOf(addon),
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

function loopsOf(addon: Addon): Loops {
  return {
    stepAdam(rates, ...layers) {
      const { keep, coupled, towards, hold2, towards2, correction2, epsilon, minusRate } = rates;
      addon.stepAdam(
        Float64Array.of(keep, coupled, towards, hold2, towards2, correction2, epsilon, minusRate),
        ...layers,
      );
    },
    dotProducts(update, others) {
      const products = new Float64Array(others.length);
      for (let from = 0; from < others.length; from += dotsAtOnce) {
        const some = others.slice(from, from + dotsAtOnce);
        addon.dotProducts(update, some, products.subarray(from, from + some.length));
      }
      return products;
    },
    addProducts({ data, offset, stride }, left, right, scale, part) {
      const shape = [offset, stride, left.count, right.count, left.length, scale, Number(part === 'lower')];
      addon.addProducts(data, left.data, right.data, ...shape);
    },
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
